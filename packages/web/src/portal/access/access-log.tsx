import { For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import type { inferRouterOutputs } from '@trpc/server';
import { api } from '#web/app/api/api.ts';
import type { AppRouter } from '#web/app/api/app-router.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Avatar } from '#web/ui/avatar/avatar.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { t } from '#web/language/language.ts';

type Entry = inferRouterOutputs<AppRouter>['audit']['listClientEntries']['items'][number];

/** Who sat behind it, as its reader would say it. */
function who(entry: Entry, msp: string): string {
  if (entry.actor.kind === 'contact') return t('access.yourCompany', { name: entry.actor.label });
  if (entry.actor.kind === 'login') return `${entry.actor.label}, ${msp}`;
  if (entry.actor.kind === 'agent') return t('access.agent', { name: entry.actor.label });
  return t('access.automatic', { msp });
}

/** Everything that was done to the company's things, by whom and when. Entries cannot be changed afterwards. */
export function AccessLog(): JSX.Element {
  const { session } = useSession();
  const list = createListQuery<Entry>({
    key: () => ['audit', 'list', 'portal'],
    fetchPage: (cursor, signal) =>
      api.audit.listClientEntries.query(cursor === undefined ? {} : { cursor }, { signal }),
  });
  return (
    <div class="flex flex-col gap-5">
      <header>
        <h1 class="text-display font-semibold tracking-tight">{t('access.title')}</h1>
        <p class="pt-1 text-muted">{t('access.lead', { msp: session().msp.name })}</p>
      </header>
      <Switch>
        <Match when={list.problem()}>
          {(problem) => <ErrorState problem={problem()} title={t('access.notLoaded')} onRetry={list.retry} />}
        </Match>
        <Match when={list.isLoading()}>
          <div class="rounded-card border border-line bg-surface p-6">
            <SkeletonText lines={5} />
          </div>
        </Match>
        <Match when={list.items().length === 0}>
          <EmptyState title={t('access.none')}>{t('access.noneMore')}</EmptyState>
        </Match>
        <Match when={list.items().length > 0}>
          <ul class="divide-y divide-line rounded-card border border-line bg-surface">
            <For each={list.items()}>
              {(entry) => (
                <li class="flex flex-wrap items-center gap-x-4 gap-y-1 px-5 py-4 md:px-6">
                  <Avatar name={entry.actor.label} size="large" isDecorative />
                  <div class="min-w-0 flex-1 basis-56">
                    <p class="break-words">{entry.summary}</p>
                    <p class="text-small text-muted">{who(entry, session().msp.name)}</p>
                  </div>
                  <RelativeTime iso={entry.at} class="text-muted" />
                </li>
              )}
            </For>
          </ul>
          <Show when={list.hasMore()}>
            <Button class="self-center" isBusy={list.isLoadingMore()} onClick={list.loadMore}>
              {t('access.earlier')}
            </Button>
          </Show>
        </Match>
      </Switch>
    </div>
  );
}
