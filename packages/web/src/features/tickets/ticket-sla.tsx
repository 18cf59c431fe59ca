import { createMemo, For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { ClockItem } from './clock-item.tsx';
import { TicketTeams } from './ticket-teams.tsx';
import { TicketWarnings } from './ticket-warnings.tsx';

const REFRESH_MS = 60_000;

const MEASURES = ['response', 'update', 'resolution'] as const;
const TITLES = { response: 'Response', update: 'Update', resolution: 'Resolution' } as const;

/** What was promised for a ticket, how it stands, and the timeline that shows why. */
export function TicketSla(props: { ticketId: string }): JSX.Element {
  const query = createRecordQuery({
    key: () => ['ticket', 'one', props.ticketId, 'sla'],
    fetch: (signal) => api.tickets.getTicketSla.query({ ticketId: props.ticketId as never }, { signal }),
    refetchEveryMs: REFRESH_MS,
  });
  // Names, not clocks: a timeline that somebody opened stays open when the clocks are asked anew.
  const promised = createMemo(() => {
    const sla = query.value()?.sla;
    return sla === undefined || sla === null ? [] : MEASURES.filter((name) => sla[name].state !== 'none');
  });
  return (
    <section class="mb-6" aria-label="SLA">
      <h2 class="flex items-baseline justify-between gap-2 font-semibold">
        SLA
        <span class="truncate-line font-normal text-muted">{query.value()?.sla?.policyName ?? ''}</span>
      </h2>
      <Show when={query.value()?.sla?.policyReason}>
        {(reason) => <p class="text-[0.9375em] text-muted">{reason()}</p>}
      </Show>
      <Show when={query.problem()}>
        {(problem) => <ErrorState title="The clocks could not be loaded" problem={problem()} onRetry={query.retry} />}
      </Show>
      <Show when={query.isLoading()}>
        <div class="mt-2">
          <SkeletonText lines={3} />
        </div>
      </Show>
      <Show when={query.value()}>
        <ul class="mt-2 flex flex-col gap-3">
          <For
            each={promised()}
            fallback={
              <li class="text-muted">
                Nothing is promised for this ticket. Settings, SLA says which policy holds for whom.
              </li>
            }
          >
            {(name) => (
              <Show when={query.value()?.sla?.[name]}>
                {(clock) => <ClockItem name={TITLES[name]} clock={clock()} />}
              </Show>
            )}
          </For>
        </ul>
      </Show>
      <TicketTeams ticketId={props.ticketId} />
      <TicketWarnings ticketId={props.ticketId} />
    </section>
  );
}
