import Cog from 'lucide-solid/icons/cog';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { createUrlState, textField } from '#web/app/routing/url-state.ts';
import type { Column } from '#web/ui/data-table/columns.ts';
import { DataTable } from '#web/ui/data-table/data-table.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { StateMark, type State } from '#web/ui/status-pill/status-pill.tsx';
import { sourceText, type AssetDetail } from './asset-words.ts';
import { SearchBox } from './search-box.tsx';

type Service = Awaited<ReturnType<typeof api.assets.listAssetServices.query>>['items'][number];

const STATES: Readonly<Record<string, State>> = {
  running: 'ok',
  failed: 'critical',
  starting: 'info',
  stopping: 'info',
  stopped: 'neutral',
};

const columns: readonly Column<Service>[] = [
  {
    key: 'state',
    heading: 'State',
    widthPx: 112,
    cell: (row) => (
      <span class="flex items-center gap-2">
        <StateMark state={STATES[row.state] ?? 'unknown'} /> {row.state}
      </span>
    ),
  },
  {
    key: 'name',
    heading: 'Name',
    widthPx: 280,
    cell: (row) => (
      <span class="truncate-line font-mono text-[0.9375em]" title={row.name}>
        {row.name}
      </span>
    ),
  },
  {
    key: 'description',
    heading: 'Description',
    from: 'md',
    cell: (row) => (
      <span class="truncate-line text-muted" title={row.description}>
        {row.description}
      </span>
    ),
  },
  {
    key: 'start',
    heading: 'Starts',
    widthPx: 100,
    from: 'lg',
    cell: (row) => <span class="text-muted">{row.startMode}</span>,
  },
  {
    key: 'changed',
    heading: 'Since',
    widthPx: 112,
    cell: (row) => <RelativeTime iso={row.changedAt} class="text-muted" />,
  },
];

/** The services of a machine. */
export function AssetServices(props: { asset: AssetDetail }): JSX.Element {
  const [state, setState] = createUrlState({ q: textField() });
  const list = createListQuery<Service>({
    key: () => ['asset-services', 'list', props.asset.id, state.q],
    fetchPage: async (_cursor, signal) => {
      const { items } = await api.assets.listAssetServices.query(
        { assetId: props.asset.id, ...(state.q.trim() === '' ? {} : { search: state.q.trim() }) },
        { signal },
      );
      // What needs a look comes first; the rest keeps the order of names.
      return {
        items: items.toSorted((a, b) => Number(b.state === 'failed') - Number(a.state === 'failed')),
        nextCursor: null,
        total: items.length,
      };
    },
  });
  return (
    <div class="flex min-h-96 flex-1 flex-col">
      <div class="flex flex-wrap items-center gap-3 border-b border-line px-4 py-1.5">
        <SearchBox
          label="Search services"
          placeholder="Name or description"
          value={state.q}
          onSearch={(q) => setState({ q })}
        />
        <Show when={props.asset.reports.services}>
          {(report) => (
            <span class="ml-auto text-small text-faint">
              {sourceText(report().source)}, <RelativeTime iso={report().reportedAt} />
            </span>
          )}
        </Show>
      </div>
      <DataTable
        noun="services"
        list={list}
        columns={columns}
        rowId={(row) => row.name}
        rowLabel={(row) => `${row.name}, ${row.state}`}
        empty={
          <EmptyState icon={Cog} title="No services are known">
            The agent reports them where the system has a service manager.
          </EmptyState>
        }
      />
    </div>
  );
}
