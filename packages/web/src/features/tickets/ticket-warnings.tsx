import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';

type Warning = Awaited<ReturnType<typeof api.escalations.listWarnings.query>>['items'][number];

const TITLES = { response: 'Response', update: 'Update', resolution: 'Resolution' } as const;

/** Which warnings a ticket's clocks gave, when and to whom; nothing where there was none. */
export function TicketWarnings(props: { ticketId: string }): JSX.Element {
  const query = createRecordQuery({
    key: () => ['ticket', 'one', props.ticketId, 'warnings'],
    fetch: (signal) => api.escalations.listWarnings.query({ ticketId: props.ticketId as never }, { signal }),
  });
  return (
    <Show when={(query.value()?.items.length ?? 0) > 0}>
      <details class="mt-3">
        <summary class="cursor-pointer text-[0.9375em] text-muted hover:text-text">
          {query.value()?.items.length === 1
            ? '1 warning was given'
            : `${query.value()?.items.length} warnings were given`}
        </summary>
        <ol class="mt-1 flex flex-col gap-2 text-[0.9375em]">
          <For each={query.value()?.items}>
            {(warning) => (
              <li>
                <div class="flex items-baseline justify-between gap-2">
                  <span>
                    {whatOf(warning)}: {warning.percent === 100 ? 'overdue' : `${warning.percent} % used`}
                  </span>
                  <RelativeTime iso={warning.at} class="text-muted" />
                </div>
                <p class="text-muted">{toWhom(warning)}</p>
              </li>
            )}
          </For>
        </ol>
      </details>
    </Show>
  );
}

function whatOf({ measure, teamName }: Warning): string {
  return measure === 'team' ? `With ${teamName ?? 'a team'}` : TITLES[measure];
}

function toWhom({ told, done, policyName }: Warning): string {
  const people = told.length === 0 ? 'Nobody was told' : `Told: ${told.join(', ')}`;
  return `${[people, ...done].join('; ')}. By ${policyName}.`;
}
