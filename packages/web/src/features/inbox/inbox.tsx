import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createListQuery, type ListQuery } from '#web/app/query/create-list-query.ts';
import { useScope, useScopedHref } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';
import { FirstSteps } from './first-steps.tsx';
import { PluginWidgets } from '#web/features/plugin-views/plugin-tab.tsx';
import { MyApprovals } from '#web/features/approvals/my-approvals.tsx';
import { SwitchedOffRules } from '#web/features/settings/rules/switched-off.tsx';
import { ClientDot } from '#web/ui/client-dot/client-dot.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { Priority, type PriorityLevel } from '#web/ui/priority/priority.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { ScreenHead } from '#web/ui/screen-head/screen-head.tsx';
import { Skeleton } from '#web/ui/skeleton/skeleton.tsx';
import { StateMark } from '#web/ui/status-pill/status-pill.tsx';

const SHOWN = 8;

/** What needs the reader now: clients who wait for an answer, own tickets by urgency, what nobody has, and what is broken. */
export function InboxScreen(): JSX.Element {
  const scope = useScope();
  const scoped = useScopedHref();
  const { can } = useSession();
  const client = () => (scope.clientId === undefined ? {} : { clientId: scope.clientId as never });
  const mine = createListQuery({
    key: () => ['ticket', 'list', 'inbox', 'mine', scope.clientId],
    fetchPage: (_cursor, signal) =>
      api.tickets.listTickets.query({ ...client(), tab: 'mine', sort: 'priority', limit: 50 }, { signal }),
  });
  const unassigned = createListQuery({
    key: () => ['ticket', 'list', 'inbox', 'unassigned', scope.clientId],
    fetchPage: (_cursor, signal) =>
      api.tickets.listTickets.query({ ...client(), tab: 'unassigned', sort: 'priority', limit: SHOWN }, { signal }),
  });
  const alerts = createListQuery({
    key: () => ['alert', 'list', 'inbox', scope.clientId],
    isEnabled: () => can('alerts.read-alerts'),
    fetchPage: (_cursor, signal) =>
      api.alerts.listAlerts.query({ ...client(), states: ['open'], limit: SHOWN }, { signal }),
  });
  const mentions = createListQuery({
    key: () => ['reply-mention', 'list'],
    isEnabled: () => can('tickets.read-tickets'),
    fetchPage: async (_cursor, signal) => ({
      items: (await api.replies.listMentions.query({}, { signal })).items,
      nextCursor: null,
    }),
  });
  const shown = [
    mine,
    unassigned,
    ...(can('alerts.read-alerts') ? [alerts] : []),
    ...(can('tickets.read-tickets') ? [mentions] : []),
  ];
  const isThere = () => !shown.some((list) => list.isLoading());
  const answers = () => mine.items().filter((ticket) => ticket.isReplyAwaited);
  const rest = () => mine.items().filter((ticket) => !ticket.isReplyAwaited && !ticket.status.startsWith('waiting'));
  const ticketHref = (id: string, view: string): string => scoped(`/tickets?view=${view}&open=${id}`);
  const ticketLine = (view: string) => (ticket: ReturnType<typeof mine.items>[number]) => (
    <Line href={ticketHref(ticket.id, view)}>
      <span class="flex w-7 shrink-0 justify-center">
        <Priority level={ticket.priority as PriorityLevel} />
      </span>
      <span class="w-15 shrink-0 font-mono text-[0.9375em] text-muted">T-{ticket.number}</span>
      <span class="min-w-0 flex-1 truncate-line">{ticket.subject}</span>
      <ClientDot id={ticket.clientId} name={ticket.clientName ?? '…'} class="w-40 shrink-0 text-muted max-md:hidden" />
      <RelativeTime iso={ticket.updatedAt} class="shrink-0 text-right text-muted md:w-36" />
    </Line>
  );
  return (
    <>
      <ScreenHead title="Inbox" />
      <div class="min-h-0 flex-1 overflow-y-auto">
        <Show when={isThere()} fallback={<Waiting />}>
          <div class="mx-auto flex w-full max-w-240 flex-col gap-7 px-4 py-6">
            <Show when={mentions.items().length > 0}>
              <Part
                title="You are named here"
                list={mentions}
                items={mentions.items()}
                none="Nobody named you."
                more={scoped('/tickets')}
              >
                {(mention) => (
                  <Line href={scoped(`/tickets/${mention.number}`)}>
                    <span class="flex w-7 shrink-0 justify-center text-accent-text">@</span>
                    <span class="w-15 shrink-0 font-mono text-[0.9375em] text-muted">T-{mention.number}</span>
                    <span class="min-w-0 flex-1 truncate-line">{mention.subject}</span>
                    <span class="w-40 shrink-0 truncate-line text-muted max-md:hidden">by {mention.byName}</span>
                    <RelativeTime iso={mention.at} class="shrink-0 text-right text-muted md:w-36" />
                  </Line>
                )}
              </Part>
            </Show>
            <Part
              title="Clients wait for your answer"
              list={mine}
              items={answers()}
              none="Nobody waits for an answer from you."
              more={scoped('/tickets?view=mine')}
            >
              {ticketLine('mine')}
            </Part>
            <Part
              title="Yours, most urgent first"
              list={mine}
              items={rest().slice(0, SHOWN)}
              count={rest().length}
              none="Nothing else is yours to do. Take something from below."
              more={scoped('/tickets?view=mine&sort=priority')}
            >
              {ticketLine('mine')}
            </Part>
            <Part
              title="Nobody has these"
              list={unassigned}
              items={unassigned.items()}
              none="Every open ticket has somebody."
              more={scoped('/tickets?view=unassigned&sort=priority')}
            >
              {ticketLine('unassigned')}
            </Part>
            <Show when={can('alerts.read-alerts')}>
              <Part
                title="Open alerts"
                list={alerts}
                items={alerts.items()}
                none="Nothing is broken that we know of."
                more={scoped('/alerts')}
              >
                {(alert) => (
                  <Line href={scoped(`/alerts?open=${alert.id}`)}>
                    <span class="flex w-7 shrink-0 justify-center">
                      <StateMark state={alert.severity} label={alert.severity} />
                    </span>
                    <span class="min-w-0 flex-1 truncate-line">{alert.title}</span>
                    <span class="w-40 shrink-0 truncate-line font-mono text-[0.9375em] text-muted max-md:hidden">
                      {alert.assetName}
                    </span>
                    <RelativeTime iso={alert.openedAt} class="shrink-0 text-right text-muted md:w-36" />
                  </Line>
                )}
              </Part>
            </Show>
            <Show when={can('approvals.read-approvals')}>
              <MyApprovals />
            </Show>
            <Show when={can('desk-rules.manage-rules')}>
              <SwitchedOffRules />
            </Show>
            <FirstSteps />
            <PluginWidgets />
          </div>
        </Show>
      </div>
    </>
  );
}

/** All parts come at once: one that filled before those above it would be pushed down under the reader's eyes. */
function Waiting(): JSX.Element {
  return (
    <div class="mx-auto flex w-full max-w-240 flex-col gap-5 px-4 py-6" aria-busy="true">
      <For each={[1, 2, 3, 4, 5, 6, 7, 8]}>
        {() => (
          <div class="flex items-center gap-4">
            <Skeleton class="h-3 w-14" />
            <Skeleton class="h-3 w-full max-w-80" />
          </div>
        )}
      </For>
    </div>
  );
}

function Line(props: { href: string; children: JSX.Element }): JSX.Element {
  return (
    <A href={props.href} class="flex h-(--row) items-center gap-2 px-2 hover:bg-hover focus-visible:-outline-offset-2">
      {props.children}
    </A>
  );
}

function Part<Item>(props: {
  title: string;
  list: ListQuery<Item>;
  items: readonly Item[];
  /** Where more are known than shown. */
  count?: number;
  none: string;
  more: string;
  children: (item: Item) => JSX.Element;
}): JSX.Element {
  return (
    <section aria-label={props.title}>
      <h2 class="flex items-baseline gap-2 pb-1.5 font-semibold">
        {props.title}
        <Show when={props.items.length > 0}>
          <span class="font-normal text-muted tabular-nums">
            {props.count ?? (props.list.hasMore() ? `${props.items.length}+` : props.items.length)}
          </span>
          <A href={props.more} class="ml-auto rounded-tag px-1 font-normal text-muted hover:text-text">
            Show all
          </A>
        </Show>
      </h2>
      <div class="divide-y divide-line overflow-hidden rounded-card border border-line bg-surface">
        <Show when={props.list.problem()}>
          {(problem) => <ErrorState title="This could not be loaded" problem={problem()} onRetry={props.list.retry} />}
        </Show>
        <Show when={props.list.problem() === undefined && props.items.length === 0}>
          <p class="px-4 py-2.5 text-muted">{props.none}</p>
        </Show>
        <For each={props.items}>{(item) => props.children(item)}</For>
      </div>
    </section>
  );
}
