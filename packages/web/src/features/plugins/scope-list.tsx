import Network from 'lucide-solid/icons/network';
import { Match, Show, Switch, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { choiceField, createUrlState, optionalField } from '#web/app/routing/url-state.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import type { Column } from '#web/ui/data-table/columns.ts';
import { DataTable } from '#web/ui/data-table/data-table.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { Tabs } from '#web/ui/tabs/tabs.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { EVIDENCE, SCOPE_STATES, type ConnectionDetail, type RemoteScope } from './plugin-words.ts';
import { ScopePanel } from './scope-panel.tsx';

const VIEWS = ['all', 'open', 'mapped', 'ignored'] as const;
const STATES: Readonly<Record<(typeof VIEWS)[number], readonly RemoteScope['state'][] | undefined>> = {
  all: undefined,
  open: ['unmapped', 'suggested', 'conflict'],
  mapped: ['mapped', 'lost', 'expired'],
  ignored: ['ignored'],
};

/** The vendor's customers, and which client each of them is. */
export function ScopeList(props: { connection: ConnectionDetail }): JSX.Element {
  const { can } = useSession();
  const [state, setState] = createUrlState({ scopes: choiceField(VIEWS, 'all'), scope: optionalField() });
  const filter = () => {
    const states = STATES[state.scopes];
    return { connectionId: props.connection.id, ...(states === undefined ? {} : { states: [...states] }) };
  };
  const list = createListQuery<RemoteScope>({
    key: () => ['plugin-scope', 'list', filter()],
    fetchPage: (cursor, signal) =>
      api['plugin-scopes'].listScopes.query({ ...filter(), ...(cursor === undefined ? {} : { cursor }) }, { signal }),
  });
  const counts = createRecordQuery({
    key: () => ['plugin-scope', 'list', 'counts', props.connection.id],
    fetch: (signal) => api['plugin-scopes'].countScopes.query({ connectionId: props.connection.id }, { signal }),
  });
  const count = (...of: RemoteScope['state'][]) => {
    const byState = counts.value()?.byState;
    return byState === undefined ? undefined : of.reduce((sum, name) => sum + (byState[name] ?? 0), 0);
  };
  return (
    <>
      <div class="flex flex-wrap items-center gap-2 border-b border-line px-2">
        <Tabs
          label="Which scopes"
          value={state.scopes}
          onChange={(view) => setState({ scopes: view as (typeof VIEWS)[number] })}
          items={[
            { value: 'all', label: 'All', count: counts.value()?.total },
            { value: 'open', label: 'To decide', count: count('unmapped', 'suggested', 'conflict') },
            { value: 'mapped', label: 'Mapped', count: count('mapped', 'lost', 'expired') },
            { value: 'ignored', label: 'Ignored', count: count('ignored') },
          ]}
        />
        <Show when={can('plugin-scopes.map-scopes')}>
          <Discovery connectionId={props.connection.id} suggested={count('suggested') ?? 0} />
        </Show>
      </div>
      <div class="flex min-h-0 flex-1">
        <DataTable
          noun="scopes"
          list={list}
          columns={COLUMNS}
          rowId={(row) => row.id}
          rowLabel={(row) => row.name}
          openId={state.scope}
          onOpen={(row) => setState({ scope: row.id }, state.scope === undefined ? 'push' : 'replace')}
          empty={
            <EmptyState icon={Network} title={state.scopes === 'open' ? 'Every scope is decided' : 'No scopes'}>
              A scope is the vendor's partition: a customer tenant, a site, an account. They are listed once a day, and
              when you ask.
            </EmptyState>
          }
        />
        <Show when={state.scope}>
          {(id) => <ScopePanel scopeId={id()} onClose={() => setState({ scope: undefined })} />}
        </Show>
      </div>
    </>
  );
}

function Discovery(props: { connectionId: string; suggested: number }): JSX.Element {
  const [isWaiting, setWaiting] = createSignal(false);
  const discovery = createRecordQuery({
    key: () => ['plugin-scope', 'list', 'discovery', props.connectionId],
    fetch: (signal) => api['plugin-scopes'].getDiscovery.query({ connectionId: props.connectionId }, { signal }),
  });
  const discover = createSubmit(async () => {
    await api['plugin-scopes'].discoverScopes.mutate({ connectionId: props.connectionId });
    setWaiting(true);
    await invalidateTopic('plugin-scope');
    showDone('Listing the scopes again');
  });
  const accept = createSubmit(async () => {
    const page = await api['plugin-scopes'].listScopes.query({
      connectionId: props.connectionId,
      states: ['suggested'],
      limit: 200,
    });
    const { count } = await api['plugin-scopes'].acceptSuggestions.mutate({
      scopeIds: page.items.map((scope) => scope.id),
    });
    await invalidateTopic('plugin-scope');
    showDone(`${count} mapped as suggested`);
  });
  return (
    <div class="ml-auto flex flex-wrap items-center gap-2 py-1">
      <FormProblem problem={discover.problem() ?? accept.problem()} />
      <Switch>
        <Match when={discovery.value()?.state === 'running' || (isWaiting() && discovery.value()?.state === 'waiting')}>
          <span class="text-muted" role="status">
            Listing …
          </span>
        </Match>
        <Match when={discovery.value()?.state === 'refused' || discovery.value()?.state === 'failed'}>
          <span class="text-critical-text">{discovery.value()?.message}</span>
        </Match>
        <Match when={discovery.value()?.succeededAt}>
          {(at) => (
            <span class="text-muted">
              Listed <RelativeTime iso={at()} />
            </span>
          )}
        </Match>
      </Switch>
      <Show when={props.suggested > 0}>
        <Button kind="primary" size="small" isBusy={accept.isBusy()} onClick={accept.run}>
          Accept {props.suggested} suggested
        </Button>
      </Show>
      <Button size="small" isBusy={discover.isBusy()} onClick={discover.run}>
        List again
      </Button>
    </div>
  );
}

const COLUMNS: readonly Column<RemoteScope>[] = [
  { key: 'name', heading: 'At the vendor', cell: (row) => <span class="truncate-line font-medium">{row.name}</span> },
  {
    key: 'client',
    heading: 'Client',
    cell: (row) => (
      <Show
        when={row.client}
        fallback={
          <span class="truncate-line text-muted">
            {row.candidates.map((candidate) => candidate.name).join(' or ')}
            {row.candidates.length > 0 ? '?' : ''}
          </span>
        }
      >
        {(client) => <span class="truncate-line">{client().name}</span>}
      </Show>
    ),
  },
  {
    key: 'state',
    heading: 'State',
    widthPx: 150,
    cell: (row) => <StatusPill state={SCOPE_STATES[row.state].state}>{SCOPE_STATES[row.state].word}</StatusPill>,
  },
  {
    key: 'why',
    heading: 'Why',
    widthPx: 200,
    from: 'lg',
    cell: (row) => (
      <span class="truncate-line text-muted">
        {[...new Set(row.evidence.map(({ kind }) => EVIDENCE[kind] ?? kind))].join(', ')}
      </span>
    ),
  },
  {
    key: 'reads',
    heading: 'Reads',
    widthPx: 80,
    from: 'md',
    cell: (row) => (row.client === null ? '' : row.readsEnabled ? 'On' : 'Off'),
  },
  {
    key: 'actions',
    heading: 'Actions',
    widthPx: 80,
    from: 'md',
    cell: (row) => (row.client === null ? '' : row.actionsEnabled ? 'On' : 'Off'),
  },
];
