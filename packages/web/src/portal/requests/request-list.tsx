import { A } from '@solidjs/router';
import { For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { choiceField, createUrlState } from '#web/app/routing/url-state.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button, buttonClass } from '#web/ui/button/button.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { Tabs } from '#web/ui/tabs/tabs.tsx';
import { STATUS_STATES, type PortalTicket } from './request-words.ts';
import { t } from '#web/language/language.ts';

/** The company's requests: open ones first, solved ones behind a tab. */
export function RequestList(): JSX.Element {
  const [state, setState] = createUrlState({
    tab: choiceField(['open', 'closed'], 'open'),
    whose: choiceField(['own', 'company'], 'own'),
  });
  const { session } = useSession();
  const whose = () => (session().person.seesCompanyTickets === true ? state.whose : 'own');
  const list = createListQuery<PortalTicket>({
    key: () => ['ticket', 'list', 'portal', state.tab, whose()],
    fetchPage: (cursor, signal) =>
      api.tickets.listPortalTickets.query(
        { tab: state.tab, whose: whose(), ...(cursor === undefined ? {} : { cursor }) },
        { signal },
      ),
  });
  return (
    <div class="flex flex-col gap-5">
      <header class="flex flex-wrap items-center justify-between gap-4">
        <h1 class="text-display font-semibold tracking-tight">{t('requests.title')}</h1>
        <A href="/requests/new" class={buttonClass({ kind: 'primary', size: 'large' })}>
          {t('newRequest.title')}
        </A>
      </header>
      <Tabs
        label={t('requests.which')}
        value={state.tab}
        onChange={(tab) => setState({ tab: tab as 'open' | 'closed' })}
        items={[
          { value: 'open', label: t('requests.open') },
          { value: 'closed', label: t('requests.solved') },
        ]}
      />
      <Show when={session().person.seesCompanyTickets}>
        <Tabs
          label={t('requests.whose')}
          value={state.whose}
          onChange={(chosen) => setState({ whose: chosen as 'own' | 'company' })}
          items={[
            { value: 'own', label: t('requests.mine') },
            { value: 'company', label: t('requests.company') },
          ]}
        />
      </Show>
      <Switch>
        <Match when={list.problem()}>
          {(problem) => <ErrorState problem={problem()} title={t('requests.notLoaded')} onRetry={list.retry} />}
        </Match>
        <Match when={list.isLoading()}>
          <div class="rounded-card border border-line bg-surface p-6">
            <SkeletonText lines={4} />
          </div>
        </Match>
        <Match when={list.items().length === 0}>
          <EmptyState
            title={state.tab === 'open' ? t('requests.noneOpen') : t('requests.noneSolved')}
            action={
              <A href="/requests/new" class={buttonClass({ kind: 'primary' })}>
                {t('newRequest.title')}
              </A>
            }
          >
            {t('requests.empty')}
          </EmptyState>
        </Match>
        <Match when={list.items().length > 0}>
          <ul class="divide-y divide-line rounded-card border border-line bg-surface">
            <For each={list.items()}>{(ticket) => <Row ticket={ticket} />}</For>
          </ul>
          <Show when={list.hasMore()}>
            <Button class="self-center" isBusy={list.isLoadingMore()} onClick={list.loadMore}>
              {t('requests.older')}
            </Button>
          </Show>
        </Match>
      </Switch>
    </div>
  );
}

function Row(props: { ticket: PortalTicket }): JSX.Element {
  return (
    <li>
      <A
        href={`/requests/${props.ticket.id}`}
        class="transition-quick flex flex-wrap items-center gap-x-5 gap-y-1 px-5 py-4 hover:bg-hover md:px-6"
      >
        <span class="min-w-0 flex-1 basis-64">
          <span class="block font-semibold">{props.ticket.subject}</span>
          <span class="text-small text-muted">
            #{props.ticket.number}
            {props.ticket.contactName === null ? '' : `, ${props.ticket.contactName}`}
            {props.ticket.assetName === null ? '' : `, ${t('requests.about', { thing: props.ticket.assetName })}`}
          </span>
        </span>
        <StatusPill state={STATUS_STATES[props.ticket.status]} hasMark>
          {t(`status.${props.ticket.status}`)}
        </StatusPill>
        <RelativeTime iso={props.ticket.updatedAt} class="w-28 text-right text-muted" />
      </A>
    </li>
  );
}
