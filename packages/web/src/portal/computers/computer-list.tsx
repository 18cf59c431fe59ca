import { A } from '@solidjs/router';
import { For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import type { inferRouterOutputs } from '@trpc/server';
import { api } from '#web/app/api/api.ts';
import type { AppRouter } from '#web/app/api/app-router.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { createUrlState, textField } from '#web/app/routing/url-state.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button, buttonClass } from '#web/ui/button/button.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { t } from '#web/language/language.ts';
import { Words } from '#web/language/words.tsx';

type Outputs = inferRouterOutputs<AppRouter>;
type Computer = Outputs['assets']['listAssets']['items'][number];
type Status = Outputs['patching']['listPatchStatus']['items'][number];

/** The company's computers: whether each is on, and whether it has its security updates. */
export function ComputerList(): JSX.Element {
  const { can } = useSession();
  const [state, setState] = createUrlState({ q: textField() });
  const search = () => state.q.trim();
  const list = createListQuery<Computer>({
    key: () => ['asset', 'list', 'portal', search()],
    fetchPage: (cursor, signal) =>
      api.assets.listAssets.query(
        { ...(search() === '' ? {} : { search: search() }), ...(cursor === undefined ? {} : { cursor }) },
        { signal },
      ),
  });
  const updates = createRecordQuery({
    key: () => ['patch-status', 'list', 'portal'],
    fetch: (signal) => api.patching.listPatchStatus.query({ limit: 200 }, { signal }),
    isEnabled: () => can('patching.read-updates'),
  });
  const statusOf = (id: string): Status | undefined => updates.value()?.items.find((status) => status.assetId === id);
  return (
    <div class="flex flex-col gap-5">
      <header class="flex flex-wrap items-center justify-between gap-4">
        <h1 class="text-display font-semibold tracking-tight">{t('computers.title')}</h1>
        <Input
          type="search"
          class="max-w-72"
          aria-label={t('computers.find')}
          placeholder={t('computers.findBy')}
          value={state.q}
          onInput={(event) => setState({ q: event.currentTarget.value })}
        />
      </header>
      <Switch>
        <Match when={list.problem()}>
          {(problem) => <ErrorState problem={problem()} title={t('computers.notLoaded')} onRetry={list.retry} />}
        </Match>
        <Match when={list.isLoading()}>
          <div class="rounded-card border border-line bg-surface p-6">
            <SkeletonText lines={5} />
          </div>
        </Match>
        <Match when={list.items().length === 0}>
          <EmptyState title={search() === '' ? t('computers.none') : t('computers.noneFits')}>
            {search() === '' ? t('computers.noneMore') : t('computers.noneFitsMore')}
          </EmptyState>
        </Match>
        <Match when={list.items().length > 0}>
          <ul class="divide-y divide-line rounded-card border border-line bg-surface">
            <For each={list.items()}>{(computer) => <Row computer={computer} updates={statusOf(computer.id)} />}</For>
          </ul>
          <Show when={list.hasMore()}>
            <Button class="self-center" isBusy={list.isLoadingMore()} onClick={list.loadMore}>
              {t('computers.more')}
            </Button>
          </Show>
        </Match>
      </Switch>
    </div>
  );
}

function Row(props: { computer: Computer; updates: Status | undefined }): JSX.Element {
  return (
    <li class="flex flex-wrap items-center gap-x-5 gap-y-2 px-5 py-4 md:px-6">
      <div class="min-w-0 flex-1 basis-56">
        <p class="font-semibold">{props.computer.name}</p>
        <p class="text-small text-muted">
          {[props.computer.operatingSystem, props.computer.model].filter((part) => part !== '').join(', ') ||
            props.computer.kind}
        </p>
      </div>
      <Show when={props.updates}>
        {(updates) => (
          <span class="text-small text-muted">
            {updates().securityCount === 0
              ? t('computers.allUpdates')
              : t('computers.updatesWait', updates().securityCount)}
            {updates().isRebootRequired ? `, ${t('computers.restart')}` : ''}
          </span>
        )}
      </Show>
      <span class="flex w-44 justify-end">
        <Show
          when={props.computer.isOnline}
          fallback={
            <StatusPill state="unknown" hasMark>
              <Show when={props.computer.lastSeenAt} fallback={t('computers.notSeen')}>
                {(seen) => <Words of="computers.off" with={{ when: <RelativeTime iso={seen()} /> }} />}
              </Show>
            </StatusPill>
          }
        >
          <StatusPill state="ok" hasMark>
            {t('computers.on')}
          </StatusPill>
        </Show>
      </span>
      <A class={buttonClass({})} href={`/requests/new?asset=${props.computer.id}`}>
        {t('computers.help')}
      </A>
    </li>
  );
}
