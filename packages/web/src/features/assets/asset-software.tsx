import PackageSearch from 'lucide-solid/icons/package-search';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { choiceField, createUrlState, textField } from '#web/app/routing/url-state.ts';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import type { Column } from '#web/ui/data-table/columns.ts';
import { DataTable } from '#web/ui/data-table/data-table.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { sourceText, type AssetDetail } from './asset-words.ts';
import { SearchBox } from './search-box.tsx';

type Software = Awaited<ReturnType<typeof api.assets.listAssetSoftware.query>>['items'][number];

const columns: readonly Column<Software>[] = [
  {
    key: 'name',
    heading: 'Name',
    cell: (row) => (
      <span class={`truncate-line ${row.isInstalled ? '' : 'text-muted line-through'}`} title={row.name}>
        {row.name}
      </span>
    ),
  },
  {
    key: 'version',
    heading: 'Version',
    widthPx: 200,
    cell: (row) => (
      <span class="truncate-line font-mono text-[0.9375em]" title={row.version}>
        {row.version}
      </span>
    ),
  },
  {
    key: 'architecture',
    heading: 'Architecture',
    widthPx: 104,
    from: 'lg',
    cell: (row) => <span class="text-muted">{row.architecture}</span>,
  },
  {
    key: 'manager',
    heading: 'From',
    widthPx: 72,
    from: 'md',
    cell: (row) => <span class="text-muted">{row.manager}</span>,
  },
  {
    key: 'publisher',
    heading: 'Publisher',
    widthPx: 180,
    from: 'wide',
    cell: (row) => (
      <span class="truncate-line text-muted" title={row.publisher}>
        {row.publisher}
      </span>
    ),
  },
  {
    key: 'first',
    heading: 'First seen',
    widthPx: 112,
    from: 'md',
    cell: (row) => <RelativeTime iso={row.firstSeenAt} class="text-muted" />,
  },
  {
    key: 'last',
    heading: 'Last seen',
    widthPx: 112,
    cell: (row) => <RelativeTime iso={row.lastSeenAt} class="text-muted" />,
  },
];

/** The software of a machine, now or ever. */
export function AssetSoftware(props: { asset: AssetDetail }): JSX.Element {
  const [state, setState] = createUrlState({ q: textField(), ever: choiceField(['', '1'], '') });
  const list = createListQuery<Software>({
    key: () => ['asset-software', 'list', props.asset.id, state.q, state.ever],
    fetchPage: (cursor, signal) =>
      api.assets.listAssetSoftware.query(
        {
          assetId: props.asset.id,
          limit: 100,
          isIncludingRemoved: state.ever === '1',
          ...(state.q.trim() === '' ? {} : { search: state.q.trim() }),
          ...(cursor === undefined ? {} : { cursor }),
        },
        { signal },
      ),
  });
  return (
    <div class="flex min-h-96 flex-1 flex-col">
      <div class="flex flex-wrap items-center gap-3 border-b border-line px-4 py-1.5">
        <SearchBox
          label="Search software"
          placeholder="Name or publisher"
          value={state.q}
          onSearch={(q) => setState({ q })}
        />
        <Checkbox
          label="Also what is gone"
          isChecked={state.ever === '1'}
          onChange={(isChecked) => setState({ ever: isChecked ? '1' : '' })}
        />
        <Show when={props.asset.reports.software}>
          {(report) => (
            <span class="ml-auto text-small text-faint">
              {sourceText(report().source)}, <RelativeTime iso={report().reportedAt} />
            </span>
          )}
        </Show>
      </div>
      <DataTable
        noun="packages"
        list={list}
        columns={columns}
        rowId={(row) => [row.manager, row.name, row.architecture, row.version].join(' ')}
        rowLabel={(row) => `${row.name} ${row.version}`}
        empty={
          <EmptyState
            icon={PackageSearch}
            title={state.q === '' ? 'No software is known' : 'Nothing has this name here'}
          >
            {state.q === ''
              ? 'The agent reports the list with its first reports and whenever it changes.'
              : 'Try a shorter part of the name, or look at what is gone as well.'}
          </EmptyState>
        }
      />
    </div>
  );
}
