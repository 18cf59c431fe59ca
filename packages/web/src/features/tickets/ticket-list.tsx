import { useNavigate } from '@solidjs/router';
import Download from 'lucide-solid/icons/download';
import Inbox from 'lucide-solid/icons/inbox';
import Plus from 'lucide-solid/icons/plus';
import { Show, createMemo, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { registerActions } from '#web/app/actions/actions.ts';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { choiceField, createUrlState, optionalField, textField } from '#web/app/routing/url-state.ts';
import { useScope, useScopedHref, type ViewScope } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button, buttonClass } from '#web/ui/button/button.tsx';
import { DataTable } from '#web/ui/data-table/data-table.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ScreenHead } from '#web/ui/screen-head/screen-head.tsx';
import { Tabs } from '#web/ui/tabs/tabs.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { holdOrder } from './hold-order.ts';
import { NewTicket } from './new-ticket.tsx';
import { ticketColumns } from './ticket-columns.tsx';
import { dueBy, SORTS, TicketFilters, type TicketFilter } from './ticket-filters.tsx';
import { TicketPanel } from './ticket-panel.tsx';
import { ticketLabel, type Ticket } from './ticket-words.ts';

const VIEWS = ['mine', 'unassigned', 'waiting', 'open', 'closed'] as const;
type View = (typeof VIEWS)[number];
const NO_FILTER = { q: '', status: '', priority: '', type: '', assignee: '', due: '' } as const;

/** The queue over all clients in scope. */
export function TicketList(): JSX.Element {
  const scope = useScope();
  const scoped = useScopedHref();
  const navigate = useNavigate();
  const { can } = useSession();
  const [chosen, setChosen] = createSignal<ReadonlySet<string>>(new Set());
  const [state, setState] = createUrlState({
    view: choiceField(VIEWS, 'open'),
    q: textField(),
    status: textField(),
    priority: textField(),
    type: textField(),
    assignee: textField(),
    due: textField(),
    sort: choiceField(SORTS, 'updated'),
    open: optionalField(),
    new: optionalField(),
  });
  const { filter, deadline, list, counts } = createQueue(state, scope);
  const tabs = () => [
    { value: 'mine', label: 'Mine', count: counts.value()?.mine },
    { value: 'unassigned', label: 'Unassigned', count: counts.value()?.unassigned },
    { value: 'waiting', label: 'Waiting', count: counts.value()?.waiting },
    { value: 'open', label: 'All open', count: counts.value()?.open },
    { value: 'closed', label: 'Closed' },
  ];
  const columns = createMemo(() => ticketColumns(scope.clientId === undefined, state.open !== undefined));
  const place = createMemo(() => {
    const index = list.items().findIndex((row) => row.id === state.open);
    return index === -1 ? undefined : `${index + 1} of ${list.items().length}${list.hasMore() ? '+' : ''}`;
  });
  const openRow = () => list.items().find((row) => row.id === state.open);
  const openPage = (number: number): void => navigate(scoped(`/tickets/${number}`));
  const isNarrowed = (): boolean => Object.keys(NO_FILTER).some((name) => state[name as keyof typeof NO_FILTER] !== '');
  registerActions(
    {
      id: 'tickets.new-here',
      name: 'New ticket',
      group: 'Tickets',
      shortcut: 'c',
      // The palette has it already, from wherever one is; here the list stays as it is.
      isHiddenInPalette: true,
      isEnabled: () => can('tickets.open-ticket'),
      run: () => setState({ new: '1' }),
    },
    {
      id: 'tickets.open-page',
      name: 'Open the ticket’s page',
      group: 'Tickets',
      shortcut: 'o',
      isEnabled: () => openRow() !== undefined,
      run: () => openPage(openRow()?.number ?? 0),
    },
    {
      id: 'tickets.show-waiting',
      name: 'Show what is new',
      group: 'Tickets',
      shortcut: '.',
      isEnabled: () => list.waiting() > 0,
      run: list.release,
    },
  );

  return (
    <>
      <ScreenHead
        title="Tickets"
        actions={
          <>
            <a
              class={buttonClass({ kind: 'quiet' })}
              href={exportHref({ ...filter(), ...deadline() })}
              download="tickets.csv"
            >
              <Download size={14} /> CSV
            </a>
            <Show when={can('tickets.open-ticket')}>
              <Button kind="primary" icon={Plus} shortcut="c" onClick={() => setState({ new: '1' })}>
                New ticket
              </Button>
            </Show>
          </>
        }
      >
        <Tabs label="Views" items={tabs()} value={state.view} onChange={(view) => setState({ view: view as View })} />
      </ScreenHead>
      <Show
        when={chosen().size > 0}
        fallback={<TicketFilters filter={state as TicketFilter} onChange={(change) => setState(change as never)} />}
      >
        <BulkBar ids={chosen()} onDone={() => setChosen(new Set<string>())} />
      </Show>
      <div class="flex min-h-0 flex-1">
        <div class="relative flex min-h-0 min-w-0 flex-1 flex-col">
          <WaitingPill count={list.waiting()} onShow={list.release} />
          <DataTable
            noun="tickets"
            list={list}
            columns={columns()}
            rowId={(row) => row.id}
            rowLabel={(row) => `${ticketLabel(row.number)} ${row.subject}`}
            openId={state.open}
            onOpen={(row) => setState({ open: row.id }, state.open === undefined ? 'push' : 'replace')}
            onEdit={(row) => openPage(row.number)}
            selectedIds={can('tickets.work-tickets') ? chosen() : undefined}
            onSelect={can('tickets.work-tickets') ? setChosen : undefined}
            empty={<NoTickets view={state.view} isNarrowed={isNarrowed()} onReset={() => setState(NO_FILTER)} />}
          />
        </div>
        <Show when={state.open}>
          {(id) => <TicketPanel ticketId={id()} place={place()} onClose={() => setState({ open: undefined })} />}
        </Show>
      </div>
      <NewTicket
        isOpen={state.new !== undefined}
        onOpenChange={(isOpen) => setState({ new: isOpen ? '1' : undefined })}
        clientId={scope.clientId}
        onMade={(id) => {
          list.release();
          setState({ open: id });
        }}
      />
    </>
  );
}

function WaitingPill(props: { count: number; onShow: () => void }): JSX.Element {
  return (
    <Show when={props.count > 0}>
      <button
        type="button"
        class="absolute top-1 left-1/2 z-20 inline-flex h-6 -translate-x-1/2 appear items-center rounded-full bg-accent px-3 font-medium text-on-accent shadow-menu"
        onClick={() => props.onShow()}
      >
        {props.count} new or changed, show
      </button>
    </Show>
  );
}

interface QueueState extends TicketFilter {
  readonly view: View;
}

/** The list that the URL asks for, and how many each tab holds. */
function createQueue(state: QueueState, scope: ViewScope) {
  const filter = () => ({
    tab: state.view,
    sort: state.sort,
    ...(scope.clientId === undefined ? {} : { clientId: scope.clientId as never }),
    ...(state.q.trim() === '' ? {} : { search: state.q.trim() }),
    ...(state.status === '' ? {} : { statuses: [state.status as Ticket['status']] }),
    ...(state.priority === '' ? {} : { priorities: [Number(state.priority)] }),
    ...(state.type === '' ? {} : { types: [state.type as Ticket['type']] }),
    ...(state.assignee === '' || state.view === 'mine' ? {} : { assigneeId: state.assignee as never }),
  });
  // Asked anew with each page, and no part of the key: it moves on as one looks.
  const deadline = () => (dueBy(state.due) === undefined ? {} : { dueBy: dueBy(state.due) });
  const list = holdOrder(
    createListQuery<Ticket>({
      key: () => ['ticket', 'list', filter(), state.due],
      fetchPage: (cursor, signal) =>
        api.tickets.listTickets.query(
          { ...filter(), ...deadline(), ...(cursor === undefined ? {} : { cursor }) },
          { signal },
        ),
    }),
    { key: () => JSON.stringify([filter(), state.due]), idOf: (row) => row.id },
  );
  const counts = createRecordQuery({
    key: () => ['ticket', 'list', 'counts', scope.clientId],
    fetch: (signal) =>
      api.tickets.ticketCounts.query(scope.clientId === undefined ? {} : { clientId: scope.clientId as never }, {
        signal,
      }),
  });
  return { filter, deadline, list, counts };
}

/** The same list as a file. */
function exportHref(filter: object): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter))
    for (const item of [value].flat()) query.append(name, String(item));
  return `/api/v1/tickets.csv?${query.toString()}`;
}

const EMPTY: Readonly<Record<View, { readonly title: string; readonly text: string }>> = {
  mine: { title: 'Nothing is yours', text: 'Take a ticket from Unassigned: open it and press a.' },
  unassigned: { title: 'Every ticket has somebody', text: 'What comes in without an assignee waits here.' },
  waiting: { title: 'Nothing waits', text: 'Tickets that wait on a client or a vendor are here until they answer.' },
  open: { title: 'No open tickets', text: 'Tickets come from the portal, from alerts, and from you.' },
  closed: { title: 'Nothing was closed yet', text: 'Resolved and closed tickets are kept here.' },
};

function NoTickets(props: { view: View; isNarrowed: boolean; onReset: () => void }): JSX.Element {
  return (
    <Show
      when={!props.isNarrowed}
      fallback={
        <EmptyState
          icon={Inbox}
          title="Nothing fits this filter"
          action={<Button onClick={() => props.onReset()}>Clear the filter</Button>}
        >
          Searching looks at the words of subjects and conversations, and at numbers.
        </EmptyState>
      }
    >
      <EmptyState icon={Inbox} title={EMPTY[props.view].title}>
        {EMPTY[props.view].text}
      </EmptyState>
    </Show>
  );
}
