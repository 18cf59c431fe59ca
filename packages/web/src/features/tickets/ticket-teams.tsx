import { createMemo, Index, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { ClockItem } from './clock-item.tsx';

const REFRESH_MS = 60_000;

/** A ticket's time with its teams, each stay by the team's OLA; nothing where no OLA ever held. */
export function TicketTeams(props: { ticketId: string }): JSX.Element {
  const query = createRecordQuery({
    key: () => ['ticket', 'one', props.ticketId, 'stays'],
    fetch: (signal) => api.ola.listStays.query({ ticketId: props.ticketId as never }, { signal }),
    refetchEveryMs: REFRESH_MS,
  });
  const promised = createMemo(() => (query.value()?.stays ?? []).filter((stay) => stay.state !== 'none').toReversed());
  return (
    <Show when={promised().length > 0}>
      <h3 class="mt-4 font-medium">Between the teams</h3>
      <p class="text-[0.9375em] text-muted">By the OLA of each team. The client sees nothing of it.</p>
      <ul class="mt-2 flex flex-col gap-3">
        <Index each={promised()}>
          {(stay) => <ClockItem name={`${stay().teamName}${stay().to === null ? '' : ' (before)'}`} clock={stay()} />}
        </Index>
      </ul>
    </Show>
  );
}
