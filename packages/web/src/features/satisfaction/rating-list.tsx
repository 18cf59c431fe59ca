import { A } from '@solidjs/router';
import Star from 'lucide-solid/icons/star';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { choiceField, createUrlState } from '#web/app/routing/url-state.ts';
import { useScope, useScopedHref } from '#web/app/scope/scope.ts';
import { Button } from '#web/ui/button/button.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { ScreenHead } from '#web/ui/screen-head/screen-head.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';

const WORDS = ['Bad', 'Poor', 'All right', 'Good', 'Excellent'];
const SCORES = [
  { value: '5', label: 'All scores' },
  { value: '3', label: 'All right or worse' },
  { value: '2', label: 'Poor or bad' },
  { value: '1', label: 'Bad' },
];
const SPANS = [
  { value: '30', label: 'Last 30 days' },
  { value: '91', label: 'Last 13 weeks' },
  { value: '365', label: 'Last year' },
  { value: 'ever', label: 'Ever' },
];
const EVER = '1970-01-01T00:00:00Z';

/** What contacts said of how their tickets were resolved, in the client of the scope or in all. */
export function RatingList(): JSX.Element {
  const scope = useScope();
  const scoped = useScopedHref();
  const [state, setState] = createUrlState({
    score: choiceField(['5', '3', '2', '1'], '5'),
    days: choiceField(['30', '91', '365', 'ever'], '91'),
  });
  const opened = Temporal.Now.instant();
  const asked = () => ({
    from: state.days === 'ever' ? EVER : opened.subtract({ hours: Number(state.days) * 24 }).toString(),
    ...(scope.clientId === undefined ? {} : { clientId: scope.clientId as never }),
  });
  const ratings = createListQuery({
    key: () => ['satisfaction', 'list', scope.clientId, state.score, state.days],
    fetchPage: (cursor, signal) =>
      api.satisfaction.listRatings.query(
        {
          ...asked(),
          limit: 50,
          ...(cursor === undefined ? {} : { cursor }),
          ...(state.score === '5' ? {} : { maxScore: Number(state.score) }),
        },
        { signal },
      ),
  });
  const summary = createRecordQuery({
    key: () => ['satisfaction', 'list', 'summary', scope.clientId, state.days],
    fetch: (signal) =>
      api.satisfaction.ratingSummary.query({ ...asked(), to: opened.add({ hours: 1 }).toString() }, { signal }),
  });
  return (
    <>
      <ScreenHead title="Ratings" />
      <div class="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-4 py-2">
        <Select
          class="w-44"
          aria-label="Score"
          value={state.score}
          onChange={(score) => setState({ score: score as '5' })}
          options={SCORES}
        />
        <Select
          class="w-40"
          aria-label="Period"
          value={state.days}
          onChange={(days) => setState({ days: days as '30' })}
          options={SPANS}
        />
        <p class="ml-auto min-h-5 text-muted tabular-nums" role="status">
          <Show when={summary.value()}>
            {(figures) => (
              <>
                {figures().satisfiedPercent === null ? '' : `${figures().satisfiedPercent} % satisfied: `}
                {figures().satisfied} of {figures().answered} who answered; {figures().asked} were asked
              </>
            )}
          </Show>
        </p>
      </div>
      <div class="min-h-0 flex-1 overflow-y-auto px-4">
        <Show when={ratings.problem()}>
          {(problem) => (
            <ErrorState title="The ratings could not be loaded" problem={problem()} onRetry={ratings.retry} />
          )}
        </Show>
        <Show when={!ratings.isLoading()} fallback={<SkeletonText lines={8} />}>
          <Show
            when={ratings.items().length > 0}
            fallback={
              <Show when={ratings.problem() === undefined}>
                <EmptyState icon={Star} title="Nobody said this in that time">
                  When a ticket is resolved its contact is asked how it went, where Settings, Replies turns that on.
                </EmptyState>
              </Show>
            }
          >
            <ul class="divide-y divide-line" aria-label="Ratings">
              <For each={ratings.items()}>
                {(rating) => (
                  <li class="py-2.5">
                    <div class="flex flex-wrap items-center gap-x-3 gap-y-1">
                      <StatusPill
                        state={(rating.score ?? 0) >= 4 ? 'ok' : rating.score === 3 ? 'warning' : 'critical'}
                        hasMark
                      >
                        {WORDS[(rating.score ?? 1) - 1]}
                      </StatusPill>
                      <A class="min-w-0 break-words hover:underline" href={scoped(`/tickets/${rating.number}`)}>
                        <span class="font-mono text-muted">T-{rating.number}</span> {rating.subject}
                      </A>
                      <span class="ml-auto text-muted">
                        {rating.contactName}
                        <Show when={rating.ratedAt}>
                          {(at) => (
                            <>
                              , <RelativeTime iso={at()} />
                            </>
                          )}
                        </Show>
                      </span>
                    </div>
                    <Show when={rating.comment !== ''}>
                      <p class="pt-1 break-words whitespace-pre-wrap">{rating.comment}</p>
                    </Show>
                  </li>
                )}
              </For>
            </ul>
            <Show when={ratings.hasMore()}>
              <Button class="my-3" isBusy={ratings.isLoadingMore()} onClick={() => ratings.loadMore()}>
                Show more
              </Button>
            </Show>
          </Show>
        </Show>
      </div>
    </>
  );
}
