import { A } from '@solidjs/router';
import { For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useSession } from '#web/app/session/session.tsx';
import { buttonClass } from '#web/ui/button/button.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StateMark, StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { STATUS_STATES, waitsForReader, type PortalTicket } from '#web/portal/requests/request-words.ts';
import { Card } from './card.tsx';
import { InvoiceFigure } from './invoice-figure.tsx';
import { UpdatesFigure } from './updates-figure.tsx';
import { t } from '#web/language/language.ts';
import { Words } from '#web/language/words.tsx';

/** The contact's home: what is being fixed, what waits for them, whether their systems work, what they owe. */
export function Home(): JSX.Element {
  const { session } = useSession();
  const tickets = createRecordQuery({
    key: () => ['ticket', 'list', 'portal-home'],
    fetch: (signal) => api.tickets.listPortalTickets.query({ tab: 'open', limit: 20 }, { signal }),
  });
  const open = (): readonly PortalTicket[] => tickets.value()?.items ?? [];
  const beingFixed = () => open().filter((ticket) => !waitsForReader(ticket));
  const waiting = () => open().filter(waitsForReader);
  return (
    <div class="flex flex-col gap-5 pb-8">
      <header>
        <h1 class="text-display font-semibold tracking-tight">
          {greeting()}, {session().person.name.split(' ')[0]}
        </h1>
        <p class="pt-2 text-muted">
          <Show when={!tickets.isLoading()} fallback={t('home.looking')}>
            {t('home.fixing', beingFixed().length)} {t('home.answers', waiting().length)}
          </Show>
        </p>
      </header>
      <Show when={tickets.isLoading()}>
        <Card title={t('home.beingFixed')}>
          <SkeletonText lines={3} />
        </Card>
      </Show>
      {/* All at once: in one column, what is below would be pushed down by every ticket. It loads meanwhile. */}
      <div class={tickets.isLoading() ? 'hidden' : 'grid gap-5 md:grid-cols-[minmax(0,1.55fr)_minmax(0,1fr)]'}>
        <div class="flex min-w-0 flex-col gap-5">
          <Switch>
            <Match when={tickets.problem()}>
              {(problem) => <ErrorState problem={problem()} title={t('home.notLoaded')} onRetry={tickets.retry} />}
            </Match>
            <Match when={tickets.value()}>
              <For each={beingFixed().slice(0, 3)}>{(ticket) => <Fixing ticket={ticket} />}</For>
              <Show when={beingFixed().length > 3}>
                <A class="text-accent-text hover:underline" href="/requests">
                  {t('home.more', beingFixed().length - 3)}
                </A>
              </Show>
              <Waiting tickets={waiting()} />
            </Match>
          </Switch>
          <Systems />
        </div>
        <div class="flex min-w-0 flex-col gap-5">
          <A href="/requests/new" class={`${buttonClass({ kind: 'primary' })} h-13! text-title`}>
            {t('home.ask')}
          </A>
          <UpdatesFigure />
          <InvoiceFigure />
        </div>
      </div>
    </div>
  );
}

function greeting(): string {
  const { hour } = Temporal.Now.plainTimeISO();
  if (hour < 5 || hour >= 18) return t('home.evening');
  return hour < 12 ? t('home.morning') : t('home.afternoon');
}

function Fixing(props: { ticket: PortalTicket }): JSX.Element {
  return (
    <Card
      title={props.ticket.subject}
      isMarked={props.ticket.type === 'incident'}
      aside={<StatusPill state={STATUS_STATES[props.ticket.status]}>{t(`status.${props.ticket.status}`)}</StatusPill>}
    >
      <p class="text-muted">
        <Words
          of={props.ticket.contactName === null ? 'home.reported' : 'home.asked'}
          with={{
            name: props.ticket.contactName,
            when: <RelativeTime iso={props.ticket.openedAt} />,
            news: <RelativeTime iso={props.ticket.updatedAt} />,
          }}
        />
      </p>
      <div class="flex flex-wrap gap-3 pt-3">
        <A href={`/requests/${props.ticket.id}#answer`} class={buttonClass({ kind: 'primary' })}>
          {t('home.write')}
        </A>
        <A href={`/requests/${props.ticket.id}`} class={buttonClass({})}>
          {t('home.see')}
        </A>
      </div>
    </Card>
  );
}

function Waiting(props: { tickets: readonly PortalTicket[] }): JSX.Element {
  return (
    <Show when={props.tickets.length > 0}>
      <Card title={t('home.waiting')} aside={props.tickets.length}>
        <ul class="divide-y divide-line">
          <For each={props.tickets}>
            {(ticket) => (
              <li class="flex flex-wrap items-center justify-between gap-3 py-3 last:pb-0">
                <span class="min-w-0 flex-1 basis-60">{ticket.subject}</span>
                <A href={`/requests/${ticket.id}#answer`} class={buttonClass({ kind: 'primary' })}>
                  {t('home.answer')}
                </A>
              </li>
            )}
          </For>
        </ul>
      </Card>
    </Show>
  );
}

function Systems(): JSX.Element {
  const systems = createRecordQuery({
    key: () => ['asset', 'list', 'portal-systems'],
    fetch: (signal) =>
      api.assets.listAssets.query(
        { kinds: ['server', 'hypervisor', 'network', 'storage'], isManaged: true, limit: 12 },
        { signal },
      ),
    // Being online changes by time alone, which nobody announces.
    refetchEveryMs: 30_000,
  });
  return (
    <Show when={(systems.value()?.items.length ?? 0) > 0}>
      <Card title={t('home.systems')}>
        <ul class="divide-y divide-line">
          <For each={systems.value()?.items}>
            {(asset) => (
              <li class="flex items-center gap-3 py-3 last:pb-0">
                <StateMark state={asset.isOnline ? 'ok' : 'warning'} />
                <span class="truncate-line min-w-0 flex-1">{asset.name}</span>
                <span class="text-muted">
                  <Show when={!asset.isOnline} fallback={t('home.working')}>
                    <Show when={asset.lastSeenAt} fallback={t('home.notSeen')}>
                      {(seen) => <Words of="home.silent" with={{ when: <RelativeTime iso={seen()} /> }} />}
                    </Show>
                  </Show>
                </span>
              </li>
            )}
          </For>
        </ul>
      </Card>
    </Show>
  );
}
