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
import { STATUS_WORDS, waitsForReader, type PortalTicket } from '#web/portal/requests/request-words.ts';
import { Card } from './card.tsx';
import { InvoiceFigure } from './invoice-figure.tsx';
import { UpdatesFigure } from './updates-figure.tsx';

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
          <Show when={!tickets.isLoading()} fallback="Looking what is going on…">
            {summary(beingFixed().length, waiting().length)}
          </Show>
        </p>
      </header>
      <div class="grid gap-5 md:grid-cols-[minmax(0,1.55fr)_minmax(0,1fr)]">
        <div class="flex min-w-0 flex-col gap-5">
          <Switch>
            <Match when={tickets.problem()}>
              {(problem) => (
                <ErrorState problem={problem()} title="Your requests could not be loaded" onRetry={tickets.retry} />
              )}
            </Match>
            <Match when={tickets.isLoading()}>
              <Card title="What is being fixed">
                <SkeletonText lines={3} />
              </Card>
            </Match>
            <Match when={tickets.value()}>
              <For each={beingFixed().slice(0, 3)}>{(ticket) => <Fixing ticket={ticket} />}</For>
              <Show when={beingFixed().length > 3}>
                <A class="text-accent-text hover:underline" href="/requests">
                  {beingFixed().length - 3} more of your requests are being worked on ›
                </A>
              </Show>
              <Waiting tickets={waiting()} />
            </Match>
          </Switch>
          <Systems />
        </div>
        <div class="flex min-w-0 flex-col gap-5">
          <A href="/requests/new" class={`${buttonClass({ kind: 'primary' })} h-13! text-title`}>
            Ask for help
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
  if (hour < 5 || hour >= 18) return 'Good evening';
  return hour < 12 ? 'Good morning' : 'Good afternoon';
}

const COUNT = ['Nothing', 'One thing', 'Two things', 'Three things', 'Four things', 'Five things'];

function summary(fixing: number, waiting: number): string {
  const asks = waiting === 0 ? '' : waiting === 1 ? ' One answer waits for you.' : ` ${waiting} answers wait for you.`;
  if (fixing === 0) return `Nothing is being fixed at the moment.${asks}`;
  return `${COUNT[fixing] ?? `${fixing} things`} ${fixing === 1 ? 'is' : 'are'} being fixed for you.${asks}`;
}

function Fixing(props: { ticket: PortalTicket }): JSX.Element {
  const words = () => STATUS_WORDS[props.ticket.status];
  return (
    <Card
      title={props.ticket.subject}
      isMarked={props.ticket.type === 'incident'}
      aside={<StatusPill state={words().state}>{words().label}</StatusPill>}
    >
      <p class="text-muted">
        {props.ticket.contactName === null ? 'Reported' : `${props.ticket.contactName} asked`}{' '}
        <RelativeTime iso={props.ticket.openedAt} />, last news <RelativeTime iso={props.ticket.updatedAt} />.
      </p>
      <div class="flex flex-wrap gap-3 pt-3">
        <A href={`/requests/${props.ticket.id}#answer`} class={buttonClass({ kind: 'primary' })}>
          Write to us
        </A>
        <A href={`/requests/${props.ticket.id}`} class={buttonClass({})}>
          See what happened
        </A>
      </div>
    </Card>
  );
}

function Waiting(props: { tickets: readonly PortalTicket[] }): JSX.Element {
  return (
    <Show when={props.tickets.length > 0}>
      <Card title="Waiting for you" aside={props.tickets.length}>
        <ul class="divide-y divide-line">
          <For each={props.tickets}>
            {(ticket) => (
              <li class="flex flex-wrap items-center justify-between gap-3 py-3 last:pb-0">
                <span class="min-w-0 flex-1 basis-60">{ticket.subject}</span>
                <A href={`/requests/${ticket.id}#answer`} class={buttonClass({ kind: 'primary' })}>
                  Answer
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
      <Card title="Your systems">
        <ul class="divide-y divide-line">
          <For each={systems.value()?.items}>
            {(asset) => (
              <li class="flex items-center gap-3 py-3 last:pb-0">
                <StateMark state={asset.isOnline ? 'ok' : 'warning'} />
                <span class="truncate-line min-w-0 flex-1">{asset.name}</span>
                <span class="text-muted">
                  <Show when={!asset.isOnline} fallback="working">
                    <Show when={asset.lastSeenAt} fallback="not seen yet">
                      {(seen) => (
                        <>
                          no answer since <RelativeTime iso={seen()} />
                        </>
                      )}
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
