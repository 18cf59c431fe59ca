import ShieldCheck from 'lucide-solid/icons/shield-check';
import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { registerActions } from '#web/app/actions/actions.ts';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { choiceField, createUrlState, optionalField, textField } from '#web/app/routing/url-state.ts';
import { useScope } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import type { Column } from '#web/ui/data-table/columns.ts';
import { DataTable } from '#web/ui/data-table/data-table.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { StateMark, StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { DecideDialog, type DecideTarget } from './decide-dialog.tsx';
import { DECISIONS, type Decision, type PendingUpdate } from './patch-words.ts';
import { UpdatePanel } from './update-panel.tsx';
import { SearchBox } from '#web/features/assets/search-box.tsx';

const columns: readonly Column<PendingUpdate>[] = [
  {
    key: 'security',
    heading: 'Security',
    isHeadingHidden: true,
    widthPx: 36,
    cell: (row) => (
      <Show when={row.isSecurity}>
        <StateMark state="critical" label="security update" />
      </Show>
    ),
  },
  {
    key: 'name',
    heading: 'Update',
    cell: (row) => (
      <span class="truncate-line font-medium" title={row.name}>
        {row.name}
      </span>
    ),
  },
  {
    key: 'decision',
    heading: 'Decision',
    widthPx: 172,
    cell: (row) => (
      <span class="flex min-w-0 items-center gap-2" title={row.reason ?? undefined}>
        <StatusPill state={DECISIONS[row.decision ?? 'undecided'].state}>
          {DECISIONS[row.decision ?? 'undecided'].word}
        </StatusPill>
        <Show when={row.decision !== 'approve' && row.approvedAssetCount > 0}>
          <span class="text-small text-faint">{row.approvedAssetCount.toLocaleString()} approved</span>
        </Show>
      </span>
    ),
  },
  {
    key: 'version',
    heading: 'Version',
    widthPx: 190,
    from: 'md',
    cell: (row) => (
      <span class="truncate-line font-mono text-[0.9375em]" title={row.version}>
        {row.version}
      </span>
    ),
  },
  {
    key: 'machines',
    heading: 'Machines',
    widthPx: 88,
    isNumeric: true,
    cell: (row) => row.assetCount.toLocaleString(),
  },
  {
    key: 'clients',
    heading: 'Clients',
    widthPx: 76,
    isNumeric: true,
    from: 'md',
    cell: (row) => row.clientCount.toLocaleString(),
  },
  {
    key: 'waiting',
    heading: 'Waits since',
    widthPx: 108,
    from: 'lg',
    cell: (row) => <RelativeTime iso={row.waitingSince} class="text-muted" />,
  },
  {
    key: 'origin',
    heading: 'From',
    widthPx: 190,
    from: 'wide',
    cell: (row) => (
      <span class="truncate-line text-muted" title={row.origin}>
        {row.origin === '' ? row.manager : row.origin}
      </span>
    ),
  },
];

const KIND_CHOICES = [
  { value: '', label: 'All updates' },
  { value: 'security', label: 'Security only' },
];
const DECISION_CHOICES = [
  { value: '', label: 'Any decision' },
  ...Object.entries(DECISIONS).map(([value, { word }]) => ({ value, label: word })),
];

/** Pending updates over all clients of the scope. */
export function UpdateList(): JSX.Element {
  const scope = useScope();
  const { can } = useSession();
  const [state, setState] = createUrlState({
    kind: choiceField(['', 'security'], ''),
    decision: choiceField(['', 'undecided', 'approve', 'reject', 'defer'], ''),
    q: textField(),
    open: optionalField(),
  });
  const [chosen, setChosen] = createSignal<ReadonlySet<string>>(new Set());
  const [deciding, setDeciding] = createSignal<Exclude<Decision, 'undecided'>>();
  const filter = () => ({
    ...(scope.clientId === undefined ? {} : { clientId: scope.clientId as never }),
    ...(state.kind === 'security' ? { isSecurity: true } : {}),
    ...(state.decision === '' ? {} : { decision: state.decision }),
    ...(state.q.trim() === '' ? {} : { search: state.q.trim() }),
  });
  const list = createListQuery<PendingUpdate>({
    key: () => ['patch-update', 'list', filter()],
    fetchPage: (cursor, signal) =>
      api.patching.listPendingUpdates.query(
        { ...filter(), limit: 100, ...(cursor === undefined ? {} : { cursor }) },
        { signal },
      ),
  });
  const rows = (): readonly PendingUpdate[] => list.items().filter((row) => chosen().has(row.id));
  const canDecide = (): boolean => can('patching.decide-updates');
  const target = (): DecideTarget =>
    scope.clientId === undefined ? { level: 'msp' } : { level: 'client', clientId: scope.clientId };
  registerActions(
    {
      id: 'patching.approve-chosen',
      name: 'Approve the chosen updates',
      group: 'Patching',
      shortcut: 'a',
      isEnabled: () => canDecide() && rows().length > 0,
      run: () => setDeciding('approve'),
    },
    {
      id: 'patching.reject-chosen',
      name: 'Reject the chosen updates',
      group: 'Patching',
      shortcut: 'r',
      isEnabled: () => canDecide() && rows().length > 0,
      run: () => setDeciding('reject'),
    },
  );
  return (
    <>
      <div class="flex flex-wrap items-center gap-2 border-b border-line px-4 py-1.5">
        <SearchBox
          label="Search updates"
          placeholder="Name of a package"
          value={state.q}
          onSearch={(q) => setState({ q })}
        />
        <Select
          class="w-40"
          aria-label="Kind"
          value={state.kind}
          onChange={(kind) => setState({ kind: kind as '' | 'security' })}
          options={KIND_CHOICES}
        />
        <Select
          class="w-40"
          aria-label="Decision"
          value={state.decision}
          onChange={(decision) => setState({ decision: decision as '' | Decision })}
          options={DECISION_CHOICES}
        />
        <Show when={canDecide() && rows().length > 0}>
          <div class="ml-auto flex gap-2">
            <Button kind="primary" shortcut="a" onClick={() => setDeciding('approve')}>
              Approve {rows().length}…
            </Button>
            <Button onClick={() => setDeciding('defer')}>Defer…</Button>
            <Button kind="danger" shortcut="r" onClick={() => setDeciding('reject')}>
              Reject…
            </Button>
          </div>
        </Show>
      </div>
      <div class="flex min-h-0 flex-1">
        <DataTable
          noun="updates"
          list={list}
          columns={columns}
          rowId={(row) => row.id}
          rowLabel={(row) => `${row.name} ${row.version}`}
          openId={state.open}
          onOpen={(row) => setState({ open: row.id }, state.open === undefined ? 'push' : 'replace')}
          selectedIds={canDecide() ? chosen() : undefined}
          onSelect={canDecide() ? setChosen : undefined}
          empty={<NoUpdates isNarrowed={Object.keys(filter()).length > (scope.clientId === undefined ? 0 : 1)} />}
        />
        <Show when={list.items().find((row) => row.id === state.open)}>
          {(update) => (
            <UpdatePanel
              update={update()}
              onClose={() => setState({ open: undefined })}
              onDecide={(decision) => {
                setChosen(new Set([update().id]));
                setDeciding(decision);
              }}
            />
          )}
        </Show>
      </div>
      <DecideDialog
        decision={deciding()}
        updates={rows()}
        target={target()}
        onClose={() => setDeciding(undefined)}
        onDone={() => setChosen(new Set<string>())}
      />
    </>
  );
}

function NoUpdates(props: { isNarrowed: boolean }): JSX.Element {
  return (
    <EmptyState
      icon={ShieldCheck}
      title={props.isNarrowed ? 'Nothing fits this filter' : 'No machine waits for an update'}
    >
      Agents report what their package managers hold ready. A machine whose check failed is listed under “By machine”.
    </EmptyState>
  );
}
