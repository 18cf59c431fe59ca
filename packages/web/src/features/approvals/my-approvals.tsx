import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { ApprovalCard } from './ticket-approvals.tsx';

/** Approvals that wait for the reader. Nothing where there are none. */
export function MyApprovals(): JSX.Element {
  const mine = createRecordQuery({
    key: () => ['approval', 'list', 'mine'],
    fetch: async (signal) => (await api.approvals.listMyApprovals.query({}, { signal })).items,
  });
  return (
    <Show when={(mine.value() ?? []).length > 0}>
      <section aria-label="Your approval is asked for">
        <h2 class="pb-1.5 font-semibold">Your approval is asked for</h2>
        <ul class="flex flex-col gap-4 rounded-card border border-line bg-surface p-4">
          <For each={mine.value() ?? []}>{(approval) => <ApprovalCard approval={approval} />}</For>
        </ul>
      </section>
    </Show>
  );
}
