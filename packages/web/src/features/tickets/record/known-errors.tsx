import { A } from '@solidjs/router';
import BookX from 'lucide-solid/icons/book-x';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { createUrlState, textField } from '#web/app/routing/url-state.ts';
import { useScope, useScopedHref } from '#web/app/scope/scope.ts';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { ScreenHead } from '#web/ui/screen-head/screen-head.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { STATUSES, ticketLabel } from '../ticket-words.ts';

/** Problems of which the cause or a workaround is known: what to try before anything else. */
export function KnownErrors(): JSX.Element {
  const scope = useScope();
  const scoped = useScopedHref();
  const [state, setState] = createUrlState({ search: textField() });
  const known = createRecordQuery({
    key: () => ['problem', 'list', 'known', scope.clientId, state.search],
    fetch: async (signal) =>
      (
        await api.problems.listKnownErrors.query(
          {
            ...(scope.clientId === undefined ? {} : { clientId: scope.clientId as never }),
            ...(state.search.trim() === '' ? {} : { search: state.search.trim() }),
          },
          { signal },
        )
      ).items,
  });
  return (
    <>
      <ScreenHead title="Known errors">
        <span class="w-64 max-w-full">
          <Input
            type="search"
            aria-label="Search known errors"
            placeholder="Words of subject, cause or workaround"
            maxLength={100}
            value={state.search}
            onInput={(event) => setState({ search: event.currentTarget.value })}
          />
        </span>
      </ScreenHead>
      <div class="min-h-0 flex-1 overflow-y-auto p-4">
        <Show when={known.problem()}>
          {(problem) => (
            <ErrorState title="Known errors could not be loaded" problem={problem()} onRetry={known.retry} />
          )}
        </Show>
        <Show when={known.isLoading()}>
          <SkeletonText lines={6} />
        </Show>
        <Show when={known.value()}>
          {(items) => (
            <Show when={items().length > 0} fallback={<NoneKnown isSearch={state.search !== ''} />}>
              <ul class="flex max-w-220 flex-col gap-3">
                <For each={items()}>
                  {(item) => (
                    <li class="rounded-card border border-line bg-surface p-4">
                      <div class="flex flex-wrap items-center gap-2">
                        <A
                          class="min-w-0 flex-1 font-semibold break-words hover:underline"
                          href={scoped(`/tickets/${item.number}`)}
                        >
                          <span class="font-mono text-[0.9375em] text-muted">{ticketLabel(item.number)}</span>{' '}
                          {item.subject}
                        </A>
                        <StatusPill state={STATUSES[item.status].state}>{STATUSES[item.status].label}</StatusPill>
                      </div>
                      <p class="text-muted">{item.clientName}</p>
                      <dl class="mt-2 grid grid-cols-[7rem_1fr] gap-y-1.5 max-sm:grid-cols-1">
                        <Show when={item.rootCause !== ''}>
                          <dt class="text-muted">Cause</dt>
                          <dd class="break-words whitespace-pre-wrap">{item.rootCause}</dd>
                        </Show>
                        <Show when={item.workaround !== ''}>
                          <dt class="text-muted">Workaround</dt>
                          <dd class="break-words whitespace-pre-wrap">{item.workaround}</dd>
                        </Show>
                      </dl>
                    </li>
                  )}
                </For>
              </ul>
            </Show>
          )}
        </Show>
      </div>
    </>
  );
}

function NoneKnown(props: { isSearch: boolean }): JSX.Element {
  return (
    <EmptyState icon={BookX} title={props.isSearch ? 'No known error has these words' : 'No error is known yet'}>
      A problem of which the cause or a workaround is known is marked as a known error on its own page, and then stands
      here for everybody who meets it again.
    </EmptyState>
  );
}
