import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { minutesText, ticketLabel, type WorkType } from '#web/features/tickets/ticket-words.ts';
import type { WorkFor } from './work-choice.ts';

interface PreviewProps {
  readonly work: WorkFor | undefined;
  readonly minutes: number;
  readonly workType: WorkType;
  /** Left out, the work ends now. */
  readonly startedAt?: string | undefined;
  /** The entry that is being corrected, which does not overlap with itself. */
  readonly exceptEntryId?: string | undefined;
}

type Asked = Omit<Parameters<typeof api.time.previewTime.query>[0], 'ticketId'>;

function preview(work: WorkFor | undefined, asked: Asked, signal: AbortSignal) {
  return work !== undefined && 'clientId' in work
    ? api.time.previewClientTime.query({ clientId: work.clientId, ...asked }, { signal })
    : api.time.previewTime.query({ ticketId: (work?.ticketId ?? '') as never, ...asked }, { signal });
}

/** `T-12`, or that there is none. */
function overlapText(overlap: { readonly ticketNumber: number | null }): string {
  return overlap.ticketNumber === null ? 'work without a ticket' : ticketLabel(overlap.ticketNumber);
}

function createPreview(props: PreviewProps) {
  return createRecordQuery({
    key: () => [
      'time-entry',
      'preview',
      props.work,
      props.minutes,
      props.workType,
      props.startedAt,
      props.exceptEntryId,
    ],
    fetch: (signal) =>
      preview(
        props.work,
        {
          minutes: props.minutes,
          workType: props.workType,
          ...(props.startedAt === undefined ? {} : { startedAt: props.startedAt }),
          ...(props.exceptEntryId === undefined ? {} : { exceptEntryId: props.exceptEntryId as never }),
        },
        signal,
      ),
    isEnabled: () => props.work !== undefined && props.minutes >= 1 && props.minutes <= 1440,
  });
}

/** The same in one line of constant height, for where nothing below may move: what does not fit is said on hover. An overlap comes first, since it is what one may want to put right. */
export function RatingLine(props: PreviewProps): JSX.Element {
  const preview = createPreview(props);
  const text = (): string => {
    const value = preview.value();
    if (value === undefined) return preview.problem()?.message ?? '';
    const dearer = value.parts.length > 1 || (value.parts[0]?.percent ?? 100) !== 100;
    const parts = dearer ? `; ${value.parts.map(({ reason }) => reason).join('; ')}` : '';
    return `${minutesText(value.workedMinutes)} worked, ${minutesText(value.billableMinutes)} billable: ${value.billableReason}${parts}`;
  };
  const overlap = () => preview.value()?.overlaps[0];
  return (
    <div class="truncate-line h-5 text-[0.9375em] text-muted tabular-nums" role="status" title={text()}>
      <Show when={overlap()}>
        {(found) => (
          <span class="text-warning-text">
            Overlaps with {overlapText(found())}, {rangeText(found().from, found().to)}.{' '}
          </span>
        )}
      </Show>
      {text()}
    </div>
  );
}

/** What logging some minutes would come to, and why, before they are logged: "12 min worked, 15 min billable: rounded up to 15 min". Draws nothing for no minutes. */
export function RatingPreview(props: PreviewProps): JSX.Element {
  const preview = createPreview(props);
  return (
    <Show when={props.minutes >= 1}>
      <div class="min-h-5 text-[0.9375em] text-muted" role="status">
        <Show
          when={preview.value()}
          fallback={<Show when={preview.problem()}>{(problem) => <span>{problem().message}</span>}</Show>}
        >
          {(value) => (
            <>
              <span class="text-text tabular-nums">
                {minutesText(value().workedMinutes)} worked, {minutesText(value().billableMinutes)} billable
              </span>
              : {value().billableReason}
              <Show when={value().parts.length > 1 || (value().parts[0]?.percent ?? 100) !== 100}>
                <ul class="mt-1">
                  <For each={value().parts}>{(part) => <li>{part.reason}</li>}</For>
                </ul>
              </Show>
              <For each={value().overlaps}>
                {(overlap) => (
                  <div class="mt-1 text-warning-text">
                    Overlaps with {overlapText(overlap)}, {rangeText(overlap.from, overlap.to)}. It is logged all the
                    same.
                  </div>
                )}
              </For>
            </>
          )}
        </Show>
      </div>
    </Show>
  );
}

/** `09:30–10:00` in a zone; the reader's own where none is given. */
export function rangeText(from: string, to: string, timeZone = Temporal.Now.timeZoneId()): string {
  return [from, to]
    .map((iso) =>
      Temporal.Instant.from(iso)
        .toZonedDateTimeISO(timeZone)
        .toPlainTime()
        .toLocaleString(undefined, { hour: '2-digit', minute: '2-digit' }),
    )
    .join('–');
}
