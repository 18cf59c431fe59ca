import { A } from '@solidjs/router';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { useSession } from '#web/app/session/session.tsx';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { minutesText, ticketLabel } from '#web/features/tickets/ticket-words.ts';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { ChangeLines } from './change-lines.tsx';
import { EntryActions, LogEntry, WritingEntry } from './entry-actions.tsx';
import type { EntryToWrite } from './entry-times.ts';
import { rangeText } from './rating-preview.tsx';
import { signedMinutes } from './time-panel.tsx';
import type { Week, WeekDayView } from './week-words.ts';

/** A day of a timesheet: its entries in order, with gaps between and overlaps marked. */
export function WeekDay(props: { day: WeekDayView; week: Week }): JSX.Element {
  const { can } = useSession();
  const [writing, setWriting] = createSignal<EntryToWrite>();
  const timeZone = (): string => props.week.timeZone;
  const mayLog = (): boolean => props.week.isOwn && can('time.log-time') && lockOf(props.week) === undefined;
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
        <Show when={mayLog() && props.day.date <= todayIn(timeZone())}>
          <LogEntry
            label="Log time…"
            size="small"
            kind="quiet"
            entry={() => ({ timeZone: timeZone(), startedAt: nextStart(props.day, timeZone()) })}
          />
        </Show>
      </h3>
      <ul>
        <For each={lines()} fallback={<li class="px-3 py-2 text-muted">Nothing logged.</li>}>
          {(line) => (
            <li class="border-line not-first:border-t">
              <Show when={line.gap}>
                {(gap) => (
                  <div class="px-3 py-1 text-[0.9375em] text-muted tabular-nums">
                    <Show when={mayLog()} fallback={<>{rangeText(gap().from, gap().to, timeZone())} nothing logged</>}>
                      <button
                        type="button"
                        class="rounded-tag hover:text-text hover:underline"
                        onClick={() => setWriting(ofGap(gap(), timeZone()))}
                      >
                        {rangeText(gap().from, gap().to, timeZone())} nothing logged: fill it
                      </button>
                    </Show>
                  </div>
                )}
              </Show>
              <Show when={line.entry}>
                {(entry) => (
                  <div class="grid grid-cols-[9.5rem_1fr_auto] items-baseline gap-x-3 px-3 py-1.5 max-md:grid-cols-[1fr_auto]">
                    <span class="text-muted tabular-nums">
                      {rangeText(entry().startedAt, entry().endedAt, timeZone())}
                    </span>
                    <span class="min-w-0 max-md:order-last max-md:col-span-2">
                      <Show when={entry().ticketNumber} fallback={<span>{entry().clientName}</span>}>
                        {(number) => (
                          <A class="hover:underline" href={scoped(`/tickets/${number()}`)}>
                            <span class="font-mono text-[0.9375em] text-muted">{ticketLabel(number())}</span>{' '}
                            {entry().ticketSubject}
                          </A>
                        )}
                      </Show>
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
                        <Show when={entry().changes.length > 0}>
                          <StatusPill state="neutral">Corrected</StatusPill>
                        </Show>
                        <Show when={entry().isInvoiced}>
                          <StatusPill state="info">Invoiced</StatusPill>
                        </Show>
                      </span>
                      <details>
                        <summary class="cursor-pointer text-[0.9375em] text-muted">Why, and change it</summary>
                        <p class="my-1 text-[0.9375em]">
                          {entry().workedReason}; {entry().billableReason}
                        </p>
                        <ChangeLines changes={entry().changes} timeZone={timeZone()} />
                        <EntryActions
                          entry={entry()}
                          isReversed={entry().isReversed}
                          timeZone={timeZone()}
                          lock={lockOf(props.week)}
                        />
                      </details>
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
      <Show when={props.day.removed.length > 0}>
        <div class="border-t border-line px-3 py-1 text-muted">
          <ChangeLines changes={props.day.removed} timeZone={timeZone()} />
        </div>
      </Show>
      <WritingEntry entry={writing()} onClose={() => setWriting(undefined)} />
    </section>
  );
}

/** Why nothing of the week changes; undefined while it is open. */
function lockOf(week: Week): string | undefined {
  if (week.state === 'submitted')
    return week.isOwn
      ? 'The week is handed in. Take it back to change it.'
      : 'The week is handed in. Return it to have it changed.';
  return week.state === 'approved' ? 'The week is approved. Who approves timesheets can open it again.' : undefined;
}

function todayIn(timeZone: string): string {
  return Temporal.Now.plainDateISO(timeZone).toString();
}

/** Where the day's work ended so far; nine o'clock on a day without any. */
function nextStart(day: WeekDayView, timeZone: string): string {
  const last = day.entries.findLast(({ reversesEntryId }) => reversesEntryId === null);
  return (
    last?.endedAt ??
    Temporal.PlainDate.from(day.date).toZonedDateTime({ timeZone, plainTime: '09:00' }).toInstant().toString()
  );
}

function ofGap(gap: WeekDayView['gaps'][number], timeZone: string): EntryToWrite {
  const [from, to] = [Temporal.Instant.from(gap.from), Temporal.Instant.from(gap.to)];
  return { timeZone, startedAt: gap.from, minutes: Math.min(1440, Math.floor(from.until(to).total('minutes'))) };
}
