import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { Button } from '#web/ui/button/button.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { ProgressBar } from '#web/ui/progress-bar/progress-bar.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { ACTION_OPTIONS } from './rule-words.ts';

const WATCH_MS = 1500;

/** What a rule would have done over the last month: how far it is, how many, and which. */
export function DryRunView(props: { dryRunId: string }): JSX.Element {
  const scoped = useScopedHref();
  const run = createRecordQuery({
    key: () => ['desk-dry-run', 'one', props.dryRunId],
    fetch: (signal) => api['desk-rules'].getDryRun.query({ dryRunId: props.dryRunId as never }, { signal }),
    refetchEveryMs: WATCH_MS,
  });
  const isOver = () => run.value()?.state === 'done' || run.value()?.state === 'cancelled';
  const hits = createListQuery({
    key: () => ['desk-dry-run', 'list', props.dryRunId, isOver()],
    isEnabled: isOver,
    fetchPage: (cursor, signal) =>
      api['desk-rules'].listDryRunHits.query(
        { dryRunId: props.dryRunId as never, limit: 20, ...(cursor === undefined ? {} : { cursor }) },
        { signal },
      ),
  });
  return (
    <section aria-label="Trial" class="rounded-card border border-line bg-sunken p-4">
      <Show when={run.problem()}>
        {(problem) => <ErrorState title="The trial could not be loaded" problem={problem()} onRetry={run.retry} />}
      </Show>
      <Show when={run.value()}>
        {(value) => (
          <>
            <div class="flex items-center gap-3" role="status">
              <p class="min-w-0 flex-1">
                <Show
                  when={isOver()}
                  fallback={`Looking at ${value().lookedAt.toLocaleString()} of ${value().total.toLocaleString()} tickets…`}
                >
                  {value().state === 'cancelled' ? 'Cancelled. ' : ''}
                  {value().runs === 0
                    ? `It would not have run on any of ${value().lookedAt.toLocaleString()} tickets.`
                    : `It would have run ${value().runs.toLocaleString()} times, on ${value().tickets.toLocaleString()} of ${value().lookedAt.toLocaleString()} tickets.`}
                </Show>
              </p>
              <Show when={!isOver()}>
                <Button
                  size="small"
                  onClick={() => void api['desk-rules'].cancelDryRun.mutate({ dryRunId: value().id })}
                >
                  Cancel
                </Button>
              </Show>
            </div>
            <Show when={!isOver()}>
              <ProgressBar
                class="mt-2 w-full"
                share={value().total === 0 ? 0 : value().lookedAt / value().total}
                text={`${value().lookedAt} of ${value().total} tickets`}
              />
            </Show>
          </>
        )}
      </Show>
      <ul class="mt-2 divide-y divide-line">
        <For each={hits.items()}>
          {(hit) => (
            <li class="flex flex-wrap items-baseline gap-x-3 py-1.5">
              <A class="font-mono text-[0.9375em] hover:underline" href={scoped(`/tickets/${hit.ticketNumber}`)}>
                T-{hit.ticketNumber}
              </A>
              <span class="min-w-40 flex-1 truncate-line">{hit.ticketSubject}</span>
              <span class="text-muted">{hit.changes.map(changeText).join(', ')}</span>
              <RelativeTime iso={hit.firstAt} class="text-muted" />
            </li>
          )}
        </For>
      </ul>
      <Show when={hits.hasMore()}>
        <Button size="small" class="mt-2" isBusy={hits.isLoadingMore()} onClick={hits.loadMore}>
          Show more
        </Button>
      </Show>
    </section>
  );
}

/** `status new → closed`, or what an action would have done, or why it would not. */
function changeText({
  field,
  from,
  to,
  why,
}: {
  field: string;
  from: string | null;
  to: string | null;
  why?: string;
}): string {
  const name = ACTION_OPTIONS.find(({ value }) => value === field)?.label ?? field;
  if (why !== undefined) return `${name}: not done. ${why}`;
  if (from === null && to === null) return name;
  if (name !== field) return to === null ? name : `${name}: ${to}`;
  return isId(to) ? field : `${field} ${from ?? 'none'} → ${to ?? 'none'}`;
}

function isId(value: string | null): boolean {
  return value !== null && /^[0-9a-f-]{36}$/.test(value);
}
