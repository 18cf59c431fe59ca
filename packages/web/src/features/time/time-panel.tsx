import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import type { inferRouterOutputs } from '@trpc/server';
import { api } from '#web/app/api/api.ts';
import type { AppRouter } from '#web/app/api/app-router.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useSession } from '#web/app/session/session.tsx';
import { BlockBalance } from '#web/features/billing/block-balance.tsx';
import { minutesText } from '#web/features/tickets/ticket-words.ts';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { ChangeLines } from './change-lines.tsx';
import { EntryActions, LogEntry } from './entry-actions.tsx';

type Entry = inferRouterOutputs<AppRouter>['time']['listTicketTime']['items'][number];

/** The time on a ticket: worked, billable and invoiced, each with its reason. */
export function TimePanel(props: { ticketId: string; ticketLabel: string }): JSX.Element {
  const { can } = useSession();
  const time = createRecordQuery({
    key: () => ['time-entry', 'list', 'ticket', props.ticketId],
    fetch: (signal) => api.time.listTicketTime.query({ ticketId: props.ticketId as never }, { signal }),
  });
  const invoiced = (): number =>
    (time.value()?.items ?? []).reduce((sum, entry) => sum + (entry.invoicedMinutes ?? 0), 0);
  const sums = () =>
    [
      ['worked', time.value()?.workedMinutes ?? 0],
      ['billable', time.value()?.billableMinutes ?? 0],
      ['invoiced', invoiced()],
    ] as const;
  return (
    <section class="mt-6">
      <div class="flex items-baseline justify-between gap-2">
        <h2 class="font-semibold">Time</h2>
        <Show when={can('time.log-time')}>
          <LogEntry
            label="Log time…"
            size="small"
            kind="quiet"
            entry={() => ({
              work: { id: props.ticketId, label: props.ticketLabel },
              timeZone: Temporal.Now.timeZoneId(),
            })}
          />
        </Show>
      </div>
      <Show when={time.problem()}>
        {(problem) => <ErrorState title="Time could not be loaded" problem={problem()} onRetry={time.retry} />}
      </Show>
      <dl class="mt-2 grid grid-cols-3 gap-2">
        <For each={sums()}>
          {([name, minutes]) => (
            <div>
              <dt class="text-[0.9375em] text-muted">{name}</dt>
              <dd class="tabular-nums">{signedMinutes(minutes)}</dd>
            </div>
          )}
        </For>
      </dl>
      <BlockBalance ticketId={props.ticketId} />
      <ul class="mt-2 flex flex-col gap-2">
        <For each={time.value()?.items ?? []} fallback={<li class="text-muted">Nobody has logged time yet.</li>}>
          {(entry) => <EntryLine entry={entry} all={time.value()?.items ?? []} />}
        </For>
      </ul>
      <ChangeLines changes={time.value()?.removed ?? []} timeZone={Temporal.Now.timeZoneId()} />
    </section>
  );
}

function EntryLine(props: { entry: Entry; all: readonly Entry[] }): JSX.Element {
  const reversal = (): Entry | undefined => props.all.find(({ reversesEntryId }) => reversesEntryId === props.entry.id);
  return (
    <li>
      <details>
        <summary class="cursor-pointer list-none rounded-tag hover:bg-hover">
          <span class="flex items-baseline justify-between gap-2">
            <span class="truncate-line">{props.entry.staffName}</span>
            <span class="tabular-nums">{signedMinutes(props.entry.workedMinutes)}</span>
          </span>
          <span class="flex items-baseline justify-between gap-2 text-[0.9375em] text-muted">
            <span class="truncate-line">{props.entry.note === '' ? props.entry.workType : props.entry.note}</span>
            <span class="shrink-0 tabular-nums">{stateText(props.entry, reversal() !== undefined)}</span>
          </span>
        </summary>
        <dl class="mt-1 mb-2 grid grid-cols-[4.5rem_1fr] gap-x-2 gap-y-1 border-l border-line pl-2 text-[0.9375em]">
          <Reason name="Worked" minutes={props.entry.workedMinutes} reason={props.entry.workedReason} />
          <Reason name="Billable" minutes={props.entry.billableMinutes} reason={props.entry.billableReason} />
          <Show when={props.entry.invoicedMinutes !== null}>
            <Reason
              name="Invoiced"
              minutes={props.entry.invoicedMinutes ?? 0}
              reason={props.entry.invoicedReason ?? ''}
            />
          </Show>
          <Show when={props.entry.parts.length > 1 || (props.entry.parts[0]?.percent ?? 100) !== 100}>
            <dt class="text-muted">Parts</dt>
            <dd>
              <For each={props.entry.parts}>{(part) => <div>{part.reason}</div>}</For>
            </dd>
          </Show>
          <dt class="text-muted">Contract</dt>
          <dd>{props.entry.agreementReason}</dd>
          <Show when={props.entry.reversalReason !== ''}>
            <dt class="text-muted">Reversed</dt>
            <dd>{props.entry.reversalReason}</dd>
          </Show>
        </dl>
        <ChangeLines changes={props.entry.changes} timeZone={Temporal.Now.timeZoneId()} />
        <EntryActions entry={props.entry} isReversed={reversal() !== undefined} timeZone={Temporal.Now.timeZoneId()} />
      </details>
    </li>
  );
}

function Reason(props: { name: string; minutes: number; reason: string }): JSX.Element {
  return (
    <>
      <dt class="text-muted">{props.name}</dt>
      <dd>
        <span class="tabular-nums">{signedMinutes(props.minutes)}</span>: {props.reason}
      </dd>
    </>
  );
}

function stateText(entry: Entry, isReversed: boolean): string {
  if (entry.reversesEntryId !== null) return 'reversal';
  if (isReversed) return 'reversed';
  return entry.isInvoiced ? 'invoiced' : `${minutesText(entry.billableMinutes)} billable`;
}

/** `1 h 05 min`, `−41 min`. */
export function signedMinutes(minutes: number): string {
  return minutes < 0 ? `−${minutesText(-minutes)}` : minutesText(minutes);
}
