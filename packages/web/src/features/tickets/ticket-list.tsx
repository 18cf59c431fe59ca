import { useNavigate } from '@solidjs/router';
import Download from 'lucide-solid/icons/download';
import Plus from 'lucide-solid/icons/plus';
import { Show, createMemo, createSignal, lazy } from 'solid-js';
import type { JSX } from 'solid-js';
import { registerActions } from '#web/app/actions/actions.ts';
import { createUrlState, optionalField, textField } from '#web/app/routing/url-state.ts';
import { useScope, useScopedHref } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button, buttonClass } from '#web/ui/button/button.tsx';
import { DataTable } from '#web/ui/data-table/data-table.tsx';
import { ScreenHead } from '#web/ui/screen-head/screen-head.tsx';
import { Tabs, type TabItem } from '#web/ui/tabs/tabs.tsx';
import { ColumnsDialog } from './columns-dialog.tsx';
import { createQueue, exportHref, type Queue } from './create-queue.ts';
import { NewTicket } from './new-ticket.tsx';
import { QueueBar } from './queue-bar.tsx';
import { NoTickets, WaitingPill } from './queue-parts.tsx';
import { columnsText, countText, isEdited, movedBefore, NO_DEVIATION } from './queue-settings.ts';
import { registerRowActions } from './row-actions.ts';
import { ticketColumns } from './ticket-columns.tsx';
import { TicketPanel } from './ticket-panel.tsx';
import { ticketLabel, type Ticket } from './ticket-words.ts';
import { ViewMenu } from './view-menu.tsx';

const BulkResult = lazy(async () => ({ default: (await import('./bulk-result.tsx')).BulkResult }));

/** The queue over all clients in scope. */
export function TicketList(): JSX.Element {
  const scope = useScope();
  const scoped = useScopedHref();
  const navigate = useNavigate();
  const { can } = useSession();
  const [chosen, setChosen] = createSignal<ReadonlySet<string>>(new Set());
  const [active, setActive] = createSignal<Ticket>();
  const [areColumnsOpen, setColumnsOpen] = createSignal(false);
  const [state, setState] = createUrlState({
    view: textField('open'),
    q: textField(),
    status: textField(),
    priority: textField(),
    type: textField(),
    assignee: textField(),
    due: textField(),
    category: textField(),
    fields: textField(),
    sort: textField(),
    by: textField(),
    cols: textField(),
    open: optionalField(),
    new: optionalField(),
    bulk: optionalField(),
  });
  const queue = createQueue(state, scope);
  const { list, view, columns } = queue;
  const tabs = (): TabItem[] =>
    queue
      .views()
      .filter(({ isHidden, key }) => !isHidden || key === view().key)
      .map(({ key, name }) => {
        const count = queue.counts()?.get(key);
        return { value: key, label: name, count: count === undefined ? undefined : countText(count) };
      });
  const shown = createMemo(() =>
    ticketColumns(
      columns().map(({ key }) => key),
      { isOverAllClients: scope.clientId === undefined, isBesidePanel: state.open !== undefined },
    ),
  );
  const setColumns = (next: Parameters<typeof columnsText>[0]): void => setState({ cols: columnsText(next) });
  const place = createMemo(() => {
    const index = list.items().findIndex((row) => row.id === state.open);
    return index === -1 ? undefined : `${index + 1} of ${list.items().length}${list.hasMore() ? '+' : ''}`;
  });
  const openRow = (): Ticket | undefined => list.items().find((row) => row.id === state.open);
  const openPage = (number: number): void => navigate(scoped(`/tickets/${number}`));
  const openView = (key: string): void => {
    setChosen(new Set<string>());
    setState({ ...NO_DEVIATION, view: key });
  };
  const current = (): Ticket | undefined => openRow() ?? active();
  registerListActions({
    mayOpen: () => can('tickets.open-ticket'),
    onNew: () => setState({ new: '1' }),
    current,
    onPage: openPage,
    waiting: list.waiting,
    onRelease: list.release,
    onColumns: () => setColumnsOpen(true),
  });
  registerViewActions(() => tabs(), openView);
  registerRowActions({ active: current, chosen, mayWork: () => can('tickets.work-tickets') });

  return (
    <>
      <QueueHead
        queue={queue}
        tabs={tabs()}
        onView={openView}
        onReset={() => setState(NO_DEVIATION)}
        onNew={can('tickets.open-ticket') ? () => setState({ new: '1' }) : undefined}
      />
      <QueueBar
        queue={queue}
        state={state}
        onState={setState}
        chosen={chosen()}
        onChoose={setChosen}
        onColumns={() => setColumnsOpen(true)}
      />
      <div class="flex min-h-0 flex-1">
        <div class="relative flex min-h-0 min-w-0 flex-1 flex-col">
          <WaitingPill count={list.waiting()} onShow={list.release} />
          <DataTable
            noun="tickets"
            list={list}
            columns={shown()}
            rowId={(row) => row.id}
            rowLabel={(row) => `${ticketLabel(row.number)} ${row.subject}`}
            openId={state.open}
            onOpen={(row) => setState({ open: row.id }, state.open === undefined ? 'push' : 'replace')}
            onEdit={(row) => openPage(row.number)}
            onActive={setActive}
            selectedIds={can('tickets.work-tickets') ? chosen() : undefined}
            onSelect={can('tickets.work-tickets') ? setChosen : undefined}
            grouping={list.grouping()}
            onMoveColumn={(key, before) => setColumns(movedBefore(columns(), key, before))}
            widths={queue.widths()}
            empty={
              <NoTickets
                view={view().key}
                isNarrowed={state.q !== '' || isEdited(queue.deviation())}
                onReset={() => setState({ ...NO_DEVIATION, q: '' })}
              />
            }
          />
        </div>
        <Show when={state.open}>
          {(id) => <TicketPanel ticketId={id()} place={place()} onClose={() => setState({ open: undefined })} />}
        </Show>
      </div>
      <ColumnsDialog
        isOpen={areColumnsOpen()}
        onOpenChange={setColumnsOpen}
        columns={columns().map(({ key }) => key)}
        onChange={(keys) =>
          setColumns(keys.map((key) => columns().find((column) => column.key === key) ?? { key, widthPx: null }))
        }
        onReset={() => setState({ cols: '' })}
      />
      <NewTicket
        isOpen={state.new !== undefined}
        onOpenChange={(isOpen) => setState({ new: isOpen ? '1' : undefined })}
        clientId={scope.clientId}
        onMade={(id) => {
          list.release();
          setState({ open: id });
        }}
      />
      <Show when={state.bulk}>
        {(runId) => <BulkResult runId={runId()} onClose={() => setState({ bulk: undefined })} />}
      </Show>
    </>
  );
}

function QueueHead(props: {
  queue: Queue;
  tabs: readonly TabItem[];
  onView: (key: string) => void;
  onReset: () => void;
  onNew: (() => void) | undefined;
}): JSX.Element {
  return (
    <ScreenHead
      title="Tickets"
      actions={
        <>
          <ViewMenu
            views={props.queue.views()}
            view={props.queue.view()}
            mayShare={props.queue.mayShare()}
            settings={props.queue.settings()}
            isEdited={isEdited(props.queue.deviation())}
            onReset={props.onReset}
            onOpen={props.onView}
          />
          <a
            class={buttonClass({ kind: 'quiet' })}
            href={exportHref({ ...props.queue.matching(), sort: props.queue.settings().sort })}
            download="tickets.csv"
          >
            <Download size={14} /> CSV
          </a>
          <Show when={props.onNew}>
            {(onNew) => (
              <Button kind="primary" icon={Plus} shortcut="c" onClick={() => onNew()()}>
                New ticket
              </Button>
            )}
          </Show>
        </>
      }
    >
      <Tabs label="Views" items={props.tabs} value={props.queue.view().key} onChange={props.onView} />
    </ScreenHead>
  );
}

function registerListActions(list: {
  readonly mayOpen: () => boolean;
  readonly onNew: () => void;
  readonly current: () => Ticket | undefined;
  readonly onPage: (number: number) => void;
  readonly waiting: () => number;
  readonly onRelease: () => void;
  readonly onColumns: () => void;
}): void {
  registerActions(
    {
      id: 'tickets.new-here',
      name: 'New ticket',
      group: 'Tickets',
      shortcut: 'c',
      // The palette has it already, from wherever one is; here the list stays as it is.
      isHiddenInPalette: true,
      isEnabled: list.mayOpen,
      run: list.onNew,
    },
    {
      id: 'tickets.open-page',
      name: 'Open the ticket’s page',
      group: 'Tickets',
      shortcut: 'o',
      isEnabled: () => list.current() !== undefined,
      run: () => list.onPage(list.current()?.number ?? 0),
    },
    {
      id: 'tickets.show-waiting',
      name: 'Show what is new',
      group: 'Tickets',
      shortcut: '.',
      isEnabled: () => list.waiting() > 0,
      run: list.onRelease,
    },
    { id: 'tickets.choose-columns', name: 'Choose columns', group: 'Views', run: list.onColumns },
  );
}

/** `v 1` to `v 9`: the views as they stand beside the title. */
function registerViewActions(
  tabs: () => readonly { readonly value: string; readonly label: string }[],
  open: (key: string) => void,
): void {
  registerActions(
    ...Array.from({ length: 9 }, (_, index) => ({
      id: `tickets.view-${index + 1}`,
      get name() {
        return `View: ${tabs()[index]?.label ?? index + 1}`;
      },
      group: 'Views',
      shortcut: `v ${index + 1}`,
      isEnabled: () => tabs()[index] !== undefined,
      run: () => open(tabs()[index]?.value ?? 'open'),
    })),
  );
}
