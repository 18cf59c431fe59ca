import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { minutesText, ticketLabel } from '#web/features/tickets/ticket-words.ts';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { rangeText } from './rating-preview.tsx';
import { signedMinutes } from './time-panel.tsx';
import type { WeekDayView } from './week-words.ts';

/** A day of a timesheet: its entries in order, with gaps between and overlaps marked. */
export function WeekDay(props: { day: WeekDayView; timeZone: string }): JSX.Element {
  const scoped = useScopedHref();
  const title = (): string =>
    Temporal.PlainDate.from(props.day.date).toLocaleString(undefined, {
      weekday: 'long',
      day: 'numeric',
      month: 'short',
    });
  const lines = () =>
    [
      ...props.day.entries.map((entry) => ({ at: entry.startedAt, entry, gap: null })),
      ...props.day.gaps.map((gap) => ({ at: gap.from, entry: null, gap })),
    ].toSorted((a, b) => Temporal.Instant.compare(a.at, b.at));
  return (
    <section class="rounded-card border border-line">
      <h3 class="flex flex-wrap items-baseline gap-x-3 border-b border-line px-3 py-2 font-semibold">
        {title()}
        <Show when={props.day.missingMinutes > 0}>
          <span class="font-normal text-warning-text">{minutesText(props.day.missingMinutes)} missing</span>
        </Show>
        <span class="ml-auto font-normal text-muted tabular-nums">
          {signedMinutes(props.day.workedMinutes)} worked, {signedMinutes(props.day.billableMinutes)} billable
        </span>
      </h3>
      <ul>
        <For each={lines()} fallback={<li class="px-3 py-2 text-muted">Nothing logged.</li>}>
          {(line) => (
            <li class="border-line not-first:border-t">
              <Show when={line.gap}>
                {(gap) => (
                  <div class="px-3 py-1 text-[0.9375em] text-muted tabular-nums">
                    {rangeText(gap().from, gap().to, props.timeZone)} nothing logged
                  </div>
                )}
              </Show>
              <Show when={line.entry}>
                {(entry) => (
                  <div class="grid grid-cols-[7rem_1fr_auto] items-baseline gap-x-3 px-3 py-1.5 max-md:grid-cols-[1fr_auto]">
                    <span class="text-muted tabular-nums">
                      {rangeText(entry().startedAt, entry().endedAt, props.timeZone)}
                    </span>
                    <span class="min-w-0 max-md:order-last max-md:col-span-2">
                      <A class="hover:underline" href={scoped(`/tickets/${entry().ticketNumber}`)}>
                        <span class="font-mono text-[0.9375em] text-muted">{ticketLabel(entry().ticketNumber)}</span>{' '}
                        {entry().ticketSubject}
                      </A>
                      <span class="block text-[0.9375em] text-muted">
                        {entry().note === '' ? entry().workType : entry().note}
                      </span>
                      <span class="flex flex-wrap gap-1.5">
                        <Show when={entry().overlapsWith.length > 0}>
                          <StatusPill state="warning" hasMark>
                            Overlaps
                          </StatusPill>
                        </Show>
                        <Show when={entry().isReversed}>
                          <StatusPill state="neutral">Reversed</StatusPill>
                        </Show>
                        <Show when={entry().reversesEntryId !== null}>
                          <StatusPill state="neutral">Reversal</StatusPill>
                        </Show>
                      </span>
                    </span>
                    <span class="text-right tabular-nums" title={entry().billableReason}>
                      {signedMinutes(entry().workedMinutes)}
                      <span class="block text-[0.9375em] text-muted">
                        {signedMinutes(entry().billableMinutes)} billable
                      </span>
                    </span>
                  </div>
                )}
              </Show>
            </li>
          )}
        </For>
      </ul>
    </section>
  );
}
