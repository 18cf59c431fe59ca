import { useNavigate } from '@solidjs/router';
import Blocks from 'lucide-solid/icons/blocks';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { Button } from '#web/ui/button/button.tsx';
import type { Column } from '#web/ui/data-table/columns.ts';
import { DataTable } from '#web/ui/data-table/data-table.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { KINDS, TIERS, type Plugin } from './plugin-words.ts';

/** Installed plugins. */
export function PluginList(props: { onCatalogue: () => void }): JSX.Element {
  const go = useNavigate();
  const list = createListQuery<Plugin>({
    key: () => ['plugin', 'list'],
    fetchPage: async (_cursor, signal) => ({
      ...(await api.plugins.listPlugins.query({}, { signal })),
      nextCursor: null,
    }),
  });
  return (
    <div class="flex min-h-0 flex-1">
      <DataTable
        noun="plugins"
        list={list}
        columns={COLUMNS}
        rowId={(row) => row.id}
        rowLabel={(row) => row.title}
        openId={undefined}
        onOpen={(row) => go(`/plugins/${row.id}`)}
        empty={
          <EmptyState icon={Blocks} title="No plugin is installed">
            <p class="pb-3">Plugins bring devices, alerts, licences and costs from the tools that you use already.</p>
            <Button kind="primary" onClick={() => props.onCatalogue()}>
              See the catalogue
            </Button>
          </EmptyState>
        }
      />
    </div>
  );
}

const COLUMNS: readonly Column<Plugin>[] = [
  { key: 'title', heading: 'Plugin', cell: (row) => <span class="truncate-line font-medium">{row.title}</span> },
  { key: 'kind', heading: 'Kind', widthPx: 130, from: 'md', cell: (row) => KINDS[row.kind] ?? row.kind },
  {
    key: 'version',
    heading: 'Version',
    widthPx: 170,
    cell: (row) => (
      <span class="truncate-line">
        {row.version}
        {row.availableVersion === null ? '' : `, ${row.availableVersion} is there`}
      </span>
    ),
  },
  { key: 'tier', heading: 'Acceptance', widthPx: 110, from: 'lg', cell: (row) => TIERS[row.tier] ?? row.tier },
  { key: 'connections', heading: 'Connections', widthPx: 110, isNumeric: true, cell: (row) => row.connectionCount },
  {
    key: 'state',
    heading: 'State',
    widthPx: 120,
    cell: (row) => (
      <StatusPill state={row.state === 'enabled' ? 'ok' : 'neutral'}>
        {row.state === 'enabled' ? 'Enabled' : 'Switched off'}
      </StatusPill>
    ),
  },
];
