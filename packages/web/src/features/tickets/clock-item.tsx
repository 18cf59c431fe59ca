import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { clockWords, lengthText, reasonText, type SlaClock, type SlaSpan } from './sla-words.ts';

/** Spans that are listed; the bar above the list has all. */
const LISTED = 40;

/** One clock: how it stands, and why. */
export function ClockItem(props: { name: string; clock: SlaClock }): JSX.Element {
  const words = () => clockWords(props.clock);
  return (
    <li>
      <div class="flex items-center justify-between gap-2">
        <span class="font-medium">{props.name}</span>
        <StatusPill state={words().state} hasMark>
          {words().word}
        </StatusPill>
      </div>
      <p class="mt-0.5 text-[0.9375em] text-muted">
        <ClockText clock={props.clock} />
      </p>
      <Show when={props.clock.spans.length > 0}>
        <SpanBar spans={props.clock.spans} />
        <details class="mt-1">
          <summary class="cursor-pointer text-[0.9375em] text-muted hover:text-text">
            {props.name} timeline: {lengthText(props.clock.consumed ?? 'PT0S')} counted
          </summary>
          <SpanList spans={props.clock.spans} />
        </details>
      </Show>
    </li>
  );
}

/** When it is due, was met, or how much is left. */
function ClockText(props: { clock: SlaClock }): JSX.Element {
  const left = (): string => (props.clock.remaining === null ? '' : lengthText(props.clock.remaining));
  return (
    <Show
      when={props.clock.metAt}
      fallback={
        <Show
          when={props.clock.dueAt}
          fallback={props.clock.state === 'paused' ? `${left()} left when it goes on` : (props.clock.dueReason ?? '')}
        >
          {(due) => (
            <>
              {props.clock.state === 'breached' ? `${left()} over; was due ` : 'Due '}
              <RelativeTime iso={due()} />
              {props.clock.state === 'running' ? `, ${left()} left` : ''}
            </>
          )}
        </Show>
      }
    >
      {(met) => (
        <>
          Done <RelativeTime iso={met()} />
          {props.clock.remaining === null
            ? ''
            : `, ${left()} ${props.clock.state === 'breached' ? 'late' : 'to spare'}`}
        </>
      )}
    </Show>
  );
}

/** The spans side by side, as long as they lasted; counted ones are filled. */
function SpanBar(props: { spans: readonly SlaSpan[] }): JSX.Element {
  return (
    <div aria-hidden="true" class="mt-1.5 flex h-2 overflow-hidden rounded-full bg-sunken">
      <For each={props.spans}>
        {(span) => (
          <span
            class={span.counted ? 'bg-accent' : span.reason === 'paused' ? 'bg-paused' : 'bg-line-strong'}
            style={{ 'flex-grow': lengthOf(span), 'min-width': span.counted ? '1px' : '0' }}
            title={spanTitle(span)}
          />
        )}
      </For>
    </div>
  );
}

function SpanList(props: { spans: readonly SlaSpan[] }): JSX.Element {
  const left = (): number => Math.max(0, props.spans.length - LISTED);
  return (
    <ol class="mt-1 flex flex-col gap-1 text-[0.9375em]">
      <Show when={left() > 0}>
        <li class="text-muted">{left()} earlier spans are in the bar only.</li>
      </Show>
      <For each={props.spans.slice(-LISTED)}>
        {(span) => (
          <li class="grid grid-cols-[0.5rem_1fr_auto] items-baseline gap-x-2">
            <span
              class={`size-2 rounded-full ${span.counted ? 'bg-accent' : span.reason === 'paused' ? 'bg-paused' : 'border border-line-strong'}`}
              role="img"
              aria-label={span.counted ? 'Counted' : 'Not counted'}
            />
            <span>{reasonText(span.reason)}</span>
            <span class="text-muted tabular-nums">{lengthText(durationOf(span).toString())}</span>
            <span class="col-start-2 col-end-4 text-muted tabular-nums">{spanTitle(span)}</span>
          </li>
        )}
      </For>
    </ol>
  );
}

function durationOf({ from, to }: SlaSpan): Temporal.Duration {
  return Temporal.Instant.from(to).since(Temporal.Instant.from(from), { largestUnit: 'hour' });
}

function lengthOf(span: SlaSpan): number {
  return 1 + durationOf(span).total('milliseconds');
}

/** `Fri 20 Nov 09:00 – 17:00` in the reader's zone; the second day is named where it is another. */
function spanTitle({ from, to }: SlaSpan): string {
  const [start, end] = [from, to].map((iso) =>
    Temporal.Instant.from(iso).toZonedDateTimeISO(Temporal.Now.timeZoneId()).toPlainDateTime(),
  ) as [Temporal.PlainDateTime, Temporal.PlainDateTime];
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  const full = { weekday: 'short', day: 'numeric', month: 'short', ...time } as const;
  const isOneDay = start.toPlainDate().equals(end.toPlainDate());
  return `${start.toLocaleString(undefined, full)} – ${end.toLocaleString(undefined, isOneDay ? time : full)}`;
}
