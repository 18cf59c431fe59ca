import BellOff from 'lucide-solid/icons/bell-off';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { registerActions } from '#web/app/actions/actions.ts';
import { api } from '#web/app/api/api.ts';
import { toProblem } from '#web/app/problem/problem.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { choiceField, createUrlState, optionalField } from '#web/app/routing/url-state.ts';
import { useScope } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';
import { ClientName } from '#web/features/assets/client-name.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import type { Column } from '#web/ui/data-table/columns.ts';
import { DataTable } from '#web/ui/data-table/data-table.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { ScreenHead } from '#web/ui/screen-head/screen-head.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { StateMark, StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { Tabs } from '#web/ui/tabs/tabs.tsx';
import { showDone, showProblem } from '#web/ui/toast/toast-store.ts';
import { AlertPanel } from './alert-panel.tsx';
import { SEVERITIES, STATES, type Alert, type Severity } from './alert-words.ts';

const VIEWS = ['active', 'open', 'acknowledged', 'recovered'] as const;

const columns: readonly Column<Alert>[] = [
  {
    key: 'severity',
    heading: 'Severity',
    isHeadingHidden: true,
    widthPx: 36,
    cell: (row) => <StateMark state={SEVERITIES[row.severity].state} label={SEVERITIES[row.severity].word} />,
  },
  {
    key: 'title',
    heading: 'Alert',
    cell: (row) => (
      <span class="truncate-line" title={`${row.title}: ${row.message}`}>
        <span class="me-2 font-medium">{row.title}</span>
        <span class="text-muted">{row.message}</span>
      </span>
    ),
  },
  {
    key: 'asset',
    heading: 'Asset',
    widthPx: 144,
    cell: (row) => <span class="truncate-line">{row.assetName}</span>,
  },
  {
    key: 'client',
    heading: 'Client',
    widthPx: 152,
    from: 'lg',
    cell: (row) => <ClientName id={row.clientId} />,
  },
  {
    key: 'state',
    heading: 'State',
    widthPx: 128,
    cell: (row) => <StatusPill state={STATES[row.state].state}>{STATES[row.state].word}</StatusPill>,
  },
  {
    key: 'opened',
    heading: 'Opened',
    widthPx: 124,
    cell: (row) => <RelativeTime iso={row.openedAt} class="text-muted" />,
  },
];

const SEVERITY_CHOICES = [
  { value: '', label: 'Any severity' },
  ...Object.entries(SEVERITIES).map(([value, { word }]) => ({ value, label: word })),
];

/** What is wrong now over all clients of the scope, the newest first. */
export function AlertList(): JSX.Element {
  const scope = useScope();
  const { can } = useSession();
  const [state, setState] = createUrlState({
    view: choiceField(VIEWS, 'active'),
    severity: choiceField(['', 'critical', 'warning', 'info'], ''),
    open: optionalField(),
  });
  const ofClient = () => (scope.clientId === undefined ? {} : { clientId: scope.clientId as never });
  const filter = () => ({
    states: [state.view],
    ...ofClient(),
    ...(state.severity === '' ? {} : { severities: [state.severity as Severity] }),
  });
  const list = createListQuery<Alert>({
    key: () => ['alert', 'list', filter()],
    fetchPage: (cursor, signal) =>
      api.alerts.listAlerts.query({ ...filter(), limit: 100, ...(cursor === undefined ? {} : { cursor }) }, { signal }),
  });
  const counts = createRecordQuery({
    key: () => ['alert', 'list', 'counts', scope.clientId],
    fetch: (signal) => api.alerts.countAlerts.query(ofClient(), { signal }),
  });
  const active = (): number | undefined => {
    const value = counts.value();
    return value === undefined ? undefined : value.critical + value.warning + value.info;
  };
  const opened = (): Alert | undefined => list.items().find((row) => row.id === state.open);
  const canAcknowledge = (): boolean => can('alerts.acknowledge-alert') && opened()?.state === 'open';
  const acknowledge = (): void => {
    const alert = opened();
    if (alert === undefined || !canAcknowledge()) return;
    api.alerts.acknowledgeAlert.mutate({ alertId: alert.id as never }).then(
      async () => {
        await invalidateTopic('alert', alert.id);
        showDone(`Acknowledged: ${alert.title}`);
      },
      (error: unknown) => showProblem(toProblem(error).message),
    );
  };
  registerActions({
    id: 'alerts.acknowledge',
    name: 'Acknowledge',
    group: 'Alerts',
    shortcut: 'a',
    isEnabled: canAcknowledge,
    run: acknowledge,
  });
  return (
    <>
      <ScreenHead
        title="Alerts"
        actions={
          <Select
            class="w-40"
            aria-label="Severity"
            value={state.severity}
            onChange={(severity) => setState({ severity: severity as '' | Severity })}
            options={SEVERITY_CHOICES}
          />
        }
      >
        <Tabs
          label="Views"
          value={state.view}
          onChange={(view) => setState({ view: view as (typeof VIEWS)[number], open: undefined })}
          items={[
            { value: 'active', label: 'Active', count: active() },
            { value: 'open', label: 'Open' },
            { value: 'acknowledged', label: 'Acknowledged', count: counts.value()?.acknowledged },
            { value: 'recovered', label: 'Recovered' },
          ]}
        />
      </ScreenHead>
      <div class="flex min-h-0 flex-1">
        <DataTable
          noun="alerts"
          list={list}
          columns={columns}
          rowId={(row) => row.id}
          rowLabel={(row) => `${SEVERITIES[row.severity].word}: ${row.title}, ${row.assetName ?? ''}`}
          openId={state.open}
          onOpen={(row) => setState({ open: row.id }, state.open === undefined ? 'push' : 'replace')}
          empty={
            <EmptyState
              icon={BellOff}
              title={state.view === 'recovered' ? 'Nothing has recovered yet' : 'Nothing is wrong here'}
            >
              Checks raise alerts: disks, memory, processors and silent agents are watched from the start.
            </EmptyState>
          }
        />
        <Show when={state.open}>
          {(id) => (
            <AlertPanel
              alertId={id()}
              canAcknowledge={canAcknowledge()}
              onAcknowledge={acknowledge}
              onClose={() => setState({ open: undefined })}
            />
          )}
        </Show>
      </div>
    </>
  );
}
