import { A, useNavigate } from '@solidjs/router';
import Download from 'lucide-solid/icons/download';
import Monitor from 'lucide-solid/icons/monitor';
import Plus from 'lucide-solid/icons/plus';
import Search from 'lucide-solid/icons/search';
import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { registerActions } from '#web/app/actions/actions.ts';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { choiceField, createUrlState, optionalField, textField } from '#web/app/routing/url-state.ts';
import { useScope, useScopedHref } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button, buttonClass } from '#web/ui/button/button.tsx';
import { DataTable } from '#web/ui/data-table/data-table.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ScreenHead } from '#web/ui/screen-head/screen-head.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { Tabs } from '#web/ui/tabs/tabs.tsx';
import { assetColumns } from './asset-columns.tsx';
import { AssetPanel } from './asset-panel.tsx';
import { KINDS, type Asset, type AssetKind } from './asset-words.ts';
import { NewAsset } from './new-asset.tsx';
import { SearchBox } from './search-box.tsx';

const VIEWS = ['all', 'online', 'offline', 'archived'] as const;
const ORDERS = [
  { value: 'name', label: 'By name' },
  { value: 'last-seen', label: 'Last seen first' },
];
// Being online changes by time alone, which nobody announces.
const RECOUNT_MS = 30_000;

/** All assets of the scope. */
export function AssetList(): JSX.Element {
  const scope = useScope();
  const scoped = useScopedHref();
  const navigate = useNavigate();
  const { can } = useSession();
  const [isAdding, setAdding] = createSignal(false);
  const [state, setState] = createUrlState({
    view: choiceField(VIEWS, 'all'),
    kind: choiceField(['', ...(Object.keys(KINDS) as AssetKind[])], ''),
    sort: choiceField(['name', 'last-seen'], 'name'),
    q: textField(),
    open: optionalField(),
  });
  const filter = () => ({
    ...(scope.clientId === undefined ? {} : { clientId: scope.clientId as never }),
    ...(state.kind === '' ? {} : { kinds: [state.kind] }),
    ...(state.q.trim() === '' ? {} : { search: state.q.trim() }),
  });
  const viewFilter = () => ({
    states: [state.view === 'archived' ? ('archived' as const) : ('active' as const)],
    ...(state.view === 'online' || state.view === 'offline' ? { presence: state.view } : {}),
  });
  const list = createListQuery<Asset>({
    key: () => ['asset', 'list', filter(), state.view, state.sort],
    fetchPage: (cursor, signal) =>
      api.assets.listAssets.query(
        { ...filter(), ...viewFilter(), sort: state.sort, ...(cursor === undefined ? {} : { cursor }) },
        { signal },
      ),
  });
  const counts = createRecordQuery({
    key: () => ['asset', 'list', 'counts', filter()],
    fetch: (signal) => api.assets.countAssets.query(filter(), { signal }),
    refetchEveryMs: RECOUNT_MS,
  });
  const exportHref = (): string => csvHref({ ...filter(), ...viewFilter() });
  const openPage = (id: string): void => navigate(scoped(`/assets/${id}`));
  registerActions(
    {
      id: 'assets.open-page',
      name: 'Open the asset’s page',
      group: 'Assets',
      shortcut: 'o',
      isEnabled: () => state.open !== undefined,
      run: () => openPage(state.open ?? ''),
    },
    {
      id: 'assets.new-asset',
      name: 'New asset',
      group: 'Assets',
      shortcut: 'c',
      isEnabled: () => can('assets.manage-assets'),
      run: () => setAdding(true),
    },
  );

  return (
    <>
      <ScreenHead
        title="Assets"
        actions={
          <>
            <a class={buttonClass({ kind: 'quiet' })} href={exportHref()} download="assets.csv">
              <Download size={14} /> CSV
            </a>
            <Show when={can('assets.manage-assets')}>
              <Button kind="primary" icon={Plus} shortcut="c" onClick={() => setAdding(true)}>
                New asset
              </Button>
            </Show>
          </>
        }
      >
        <Tabs
          label="Views"
          items={tabsOf(counts.value())}
          value={state.view}
          onChange={(view) => setState({ view: view as (typeof VIEWS)[number] })}
        />
      </ScreenHead>
      <div class="flex flex-wrap items-center gap-2 border-b border-line px-4 py-1.5">
        <SearchBox
          label="Search assets"
          placeholder="Name, serial number, model, address"
          value={state.q}
          onSearch={(q) => setState({ q })}
        />
        <KindSelect value={state.kind} counts={counts.value()?.byKind} onChange={(kind) => setState({ kind })} />
        <Select
          class="w-44"
          aria-label="Order"
          value={state.sort}
          onChange={(sort) => setState({ sort: sort as 'name' | 'last-seen' })}
          options={ORDERS}
        />
      </div>
      <div class="flex min-h-0 flex-1">
        <DataTable
          noun="assets"
          list={list}
          columns={assetColumns(() => scope.clientId === undefined)}
          rowId={(row) => row.id}
          rowLabel={(row) => row.name}
          openId={state.open}
          onOpen={(row) => setState({ open: row.id }, state.open === undefined ? 'push' : 'replace')}
          onEdit={(row) => openPage(row.id)}
          empty={
            <NoAssets
              isNarrowed={state.q !== '' || state.kind !== '' || state.view !== 'all'}
              onReset={() => setState({ q: '', kind: '', view: 'all' })}
            />
          }
        />
        <Show when={state.open}>
          {(id) => <AssetPanel assetId={id()} onClose={() => setState({ open: undefined })} />}
        </Show>
      </div>
      <NewAsset isOpen={isAdding()} onOpenChange={setAdding} clientId={scope.clientId} onMade={(id) => openPage(id)} />
    </>
  );
}

function tabsOf(counts: { readonly total: number; readonly online: number } | undefined) {
  return [
    { value: 'all', label: 'All', count: counts?.total },
    { value: 'online', label: 'Online', count: counts?.online },
    { value: 'offline', label: 'Offline', count: counts === undefined ? undefined : counts.total - counts.online },
    { value: 'archived', label: 'Archived' },
  ];
}

function csvHref(filter: Readonly<Record<string, string | readonly string[]>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) for (const item of [value].flat()) query.append(name, item);
  return `/api/v1/asset-exports/assets.csv?${query.toString()}`;
}

/** One kind or all, each with how many there are. */
function KindSelect(props: {
  value: AssetKind | '';
  counts: Partial<Record<AssetKind, number>> | undefined;
  onChange: (kind: AssetKind | '') => void;
}): JSX.Element {
  const label = (kind: AssetKind): string => {
    const count = props.counts?.[kind];
    return count === undefined ? KINDS[kind] : `${KINDS[kind]} (${count.toLocaleString()})`;
  };
  return (
    <Select
      class="w-40"
      aria-label="Kind"
      value={props.value}
      onChange={(kind) => props.onChange(kind as AssetKind | '')}
      options={[
        { value: '', label: 'Every kind' },
        ...(Object.keys(KINDS) as AssetKind[]).map((kind) => ({ value: kind, label: label(kind) })),
      ]}
    />
  );
}

function NoAssets(props: { isNarrowed: boolean; onReset: () => void }): JSX.Element {
  const scoped = useScopedHref();
  return (
    <Show
      when={props.isNarrowed}
      fallback={
        <EmptyState
          icon={Monitor}
          title="No assets yet"
          action={
            <A class={buttonClass({ kind: 'primary' })} href={scoped('/clients')}>
              Choose a client
            </A>
          }
        >
          Machines appear here by themselves once an agent is enrolled. Make an enrolment token on a client’s page, or
          add what no agent can see by hand.
        </EmptyState>
      }
    >
      <EmptyState
        icon={Search}
        title="Nothing fits this filter"
        action={<Button onClick={() => props.onReset()}>Show all assets</Button>}
      >
        Searching looks at name, host name, serial number, model, operating system and address.
      </EmptyState>
    </Show>
  );
}
