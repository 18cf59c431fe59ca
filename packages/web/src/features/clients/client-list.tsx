import { useNavigate } from '@solidjs/router';
import Building from 'lucide-solid/icons/building';
import Plus from 'lucide-solid/icons/plus';
import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { registerActions } from '#web/app/actions/actions.ts';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { choiceField, createUrlState, textField } from '#web/app/routing/url-state.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { ClientDot } from '#web/ui/client-dot/client-dot.tsx';
import type { Column } from '#web/ui/data-table/columns.ts';
import { DataTable } from '#web/ui/data-table/data-table.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { ScreenHead } from '#web/ui/screen-head/screen-head.tsx';
import { Badge, StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { Tabs } from '#web/ui/tabs/tabs.tsx';
import { CLIENT_STATES, type Client } from './client-words.ts';
import { NewClient } from './new-client.tsx';

const VIEWS = ['active', 'prospect', 'archived'] as const;
const STATES: Readonly<Record<(typeof VIEWS)[number], Client['state'][]>> = {
  active: ['active', 'suspended'],
  prospect: ['prospect'],
  archived: ['archived'],
};
const TYPING_PAUSE_MS = 200;

const COLUMNS: readonly Column<Client>[] = [
  {
    key: 'name',
    heading: 'Name',
    cell: (row) => (
      <span class="flex min-w-0 items-center gap-2">
        <ClientDot id={row.id} />
        <span class="truncate-line font-medium">{row.name}</span>
        <Show when={row.isInternal}>
          <Badge>Your own</Badge>
        </Show>
      </span>
    ),
  },
  {
    key: 'code',
    heading: 'Short code',
    widthPx: 120,
    from: 'md',
    cell: (row) => <span class="font-mono text-muted">{row.shortCode}</span>,
  },
  {
    key: 'state',
    heading: 'State',
    widthPx: 120,
    cell: (row) => <StatusPill state={CLIENT_STATES[row.state].state}>{CLIENT_STATES[row.state].word}</StatusPill>,
  },
  {
    key: 'domains',
    heading: 'Mail domains',
    widthPx: 240,
    from: 'lg',
    cell: (row) => <span class="truncate-line text-muted">{row.emailDomains.join(', ')}</span>,
  },
  {
    key: 'zone',
    heading: 'Time zone',
    widthPx: 170,
    from: 'lg',
    cell: (row) => <span class="text-muted">{row.timeZone}</span>,
  },
];

/** All clients of the MSP. */
export function ClientList(): JSX.Element {
  const navigate = useNavigate();
  const { can } = useSession();
  const [isAdding, setAdding] = createSignal(false);
  const [state, setState] = createUrlState({ view: choiceField(VIEWS, 'active'), q: textField() });
  const list = createListQuery<Client>({
    key: () => ['tenancy.client', 'list', 'screen', state.view, state.q.trim()],
    fetchPage: (cursor, signal) =>
      api.tenancy.listClients.query(
        {
          states: STATES[state.view],
          ...(state.q.trim() === '' ? {} : { search: state.q.trim() }),
          ...(cursor === undefined ? {} : { cursor }),
        },
        { signal },
      ),
  });
  let searchBox: HTMLInputElement | undefined;
  let typing: ReturnType<typeof setTimeout> | undefined;
  const typed = (text: string): void => {
    clearTimeout(typing);
    typing = setTimeout(() => setState({ q: text }), TYPING_PAUSE_MS);
  };
  registerActions(
    {
      id: 'clients.search-list',
      name: 'Search in this list',
      group: 'Clients',
      shortcut: '/',
      run: () => searchBox?.focus(),
    },
    {
      id: 'clients.new-client',
      name: 'New client',
      group: 'Clients',
      shortcut: 'c',
      isEnabled: () => can('tenancy.manage-clients'),
      run: () => setAdding(true),
    },
  );
  return (
    <>
      <ScreenHead
        title="Clients"
        actions={
          <>
            <Input
              ref={searchBox}
              type="search"
              class="w-60"
              aria-label="Search clients"
              placeholder="Name or short code"
              value={state.q}
              onInput={(event) => typed(event.currentTarget.value)}
            />
            <Show when={can('tenancy.manage-clients')}>
              <Button kind="primary" icon={Plus} shortcut="c" onClick={() => setAdding(true)}>
                New client
              </Button>
            </Show>
          </>
        }
      >
        <Tabs
          label="Views"
          items={[
            { value: 'active', label: 'Clients' },
            { value: 'prospect', label: 'Prospects' },
            { value: 'archived', label: 'Archived' },
          ]}
          value={state.view}
          onChange={(view) => setState({ view: view as (typeof VIEWS)[number] })}
        />
      </ScreenHead>
      <div class="flex min-h-0 flex-1">
        <DataTable
          noun="clients"
          list={list}
          columns={COLUMNS}
          rowId={(row) => row.id}
          rowLabel={(row) => row.name}
          onOpen={(row) => navigate(`/clients/${row.id}`)}
          empty={
            <EmptyState
              icon={Building}
              title={state.q === '' ? 'No clients here yet' : 'No client goes by that name'}
              action={
                <Show when={can('tenancy.manage-clients')}>
                  <Button kind="primary" onClick={() => setAdding(true)}>
                    Add a client
                  </Button>
                </Show>
              }
            >
              A client is a company whose IT you look after. Everything else belongs to one.
            </EmptyState>
          }
        />
      </div>
      <NewClient isOpen={isAdding()} onOpenChange={setAdding} onMade={(id) => navigate(`/clients/${id}`)} />
    </>
  );
}
