import { useNavigate } from '@solidjs/router';
import Cable from 'lucide-solid/icons/cable';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { Button } from '#web/ui/button/button.tsx';
import type { Column } from '#web/ui/data-table/columns.ts';
import { DataTable } from '#web/ui/data-table/data-table.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { HEALTH, type Connection } from './plugin-words.ts';

/** All accounts at vendors, and how they do. */
export function ConnectionList(props: { onCatalogue: () => void }): JSX.Element {
  const go = useNavigate();
  const list = createListQuery<Connection>({
    key: () => ['plugin-connection', 'list'],
    fetchPage: async (_cursor, signal) => ({
      ...(await api['plugin-host'].listConnections.query({}, { signal })),
      nextCursor: null,
    }),
  });
  return (
    <div class="flex min-h-0 flex-1">
      <DataTable
        noun="connections"
        list={list}
        columns={COLUMNS}
        rowId={(row) => row.id}
        rowLabel={(row) => row.name}
        openId={undefined}
        onOpen={(row) => go(`/connections/${row.id}`)}
        empty={
          <EmptyState icon={Cable} title="Nothing is connected">
            <p class="pb-3">
              Install a plugin and connect your account at the vendor; then say which of its customers is which client.
            </p>
            <Button kind="primary" onClick={() => props.onCatalogue()}>
              See the catalogue
            </Button>
          </EmptyState>
        }
      />
    </div>
  );
}

const COLUMNS: readonly Column<Connection>[] = [
  { key: 'name', heading: 'Connection', cell: (row) => <span class="truncate-line font-medium">{row.name}</span> },
  { key: 'plugin', heading: 'Plugin', widthPx: 180, from: 'md', cell: (row) => row.pluginTitle },
  {
    key: 'account',
    heading: 'Signed in as',
    from: 'lg',
    cell: (row) => <span class="truncate-line text-muted">{row.account ?? ''}</span>,
  },
  {
    key: 'health',
    heading: 'Health',
    widthPx: 140,
    cell: (row) => <StatusPill state={HEALTH[row.health].state}>{HEALTH[row.health].word}</StatusPill>,
  },
  { key: 'issues', heading: 'Issues', widthPx: 80, isNumeric: true, cell: (row) => row.openIssues },
  {
    key: 'succeeded',
    heading: 'Last worked',
    widthPx: 130,
    from: 'md',
    cell: (row) => (row.succeededAt === null ? '' : <RelativeTime iso={row.succeededAt} class="text-muted" />),
  },
];
