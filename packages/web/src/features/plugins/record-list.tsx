import Database from 'lucide-solid/icons/database';
import { Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { createUrlState, optionalField } from '#web/app/routing/url-state.ts';
import { ClientName } from '#web/features/assets/client-name.tsx';
import type { Column } from '#web/ui/data-table/columns.ts';
import { DataTable } from '#web/ui/data-table/data-table.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { Tabs } from '#web/ui/tabs/tabs.tsx';
import { entityWords, type PluginRecord } from './plugin-words.ts';
import { createConnectionNames, SourceLink } from './places/source-link.tsx';
import { RecordPanel } from './record-panel.tsx';
import { byInterest, gistOf } from './record-words.ts';

interface RecordListProps {
  readonly connectionId?: string;
  readonly clientId?: string;
}

/** What plugins have read: of one connection, or for one client. */
export function RecordList(props: RecordListProps): JSX.Element {
  const [state, setState] = createUrlState({ entity: optionalField(), record: optionalField() });
  const filter = () => ({
    ...(props.connectionId === undefined ? {} : { connectionId: props.connectionId }),
    ...(props.clientId === undefined ? {} : { clientId: props.clientId }),
  });
  const counts = createRecordQuery({
    key: () => ['plugin-connection', 'one', props.connectionId ?? 'client', 'records', filter()],
    fetch: async (signal) => byInterest(await api['plugin-sync'].countRecords.query(filter(), { signal })),
  });
  const entity = () => state.entity ?? counts.value()?.[0]?.entity;
  return (
    <>
      <Show when={(counts.value()?.length ?? 0) > 0}>
        <div class="flex overflow-x-auto border-b border-line px-2">
          <Tabs
            label="Types of records"
            value={entity() ?? ''}
            onChange={(value) => setState({ entity: value, record: undefined })}
            items={(counts.value() ?? []).map((row) => ({
              value: row.entity,
              label: entityWords(row.entity),
              count: row.count,
            }))}
          />
        </div>
      </Show>
      <Switch>
        <Match when={counts.problem()}>
          {(problem) => (
            <ErrorState title="The records could not be loaded" problem={problem()} onRetry={counts.retry} />
          )}
        </Match>
        <Match when={entity()} keyed>
          {(name) => (
            <div class="flex min-h-0 flex-1">
              <Records
                entity={name}
                filter={filter()}
                openId={state.record}
                onOpen={(id) => setState({ record: id }, state.record === undefined ? 'push' : 'replace')}
              />
              <Show when={state.record}>
                {(id) => <RecordPanel recordId={id()} onClose={() => setState({ record: undefined })} />}
              </Show>
            </div>
          )}
        </Match>
        <Match when={counts.value()}>
          <EmptyState icon={Database} title="Nothing was read yet">
            Records appear here as streams read them. Those of scopes without a client stay in quarantine, where only
            staff that reach all clients see them.
          </EmptyState>
        </Match>
      </Switch>
    </>
  );
}

function Records(props: {
  entity: string;
  filter: { connectionId?: string; clientId?: string };
  openId: string | undefined;
  onOpen: (id: string) => void;
}): JSX.Element {
  const list = createListQuery<PluginRecord>({
    key: () => ['plugin-record', 'list', props.entity, props.filter],
    fetchPage: (cursor, signal) =>
      api['plugin-sync'].listRecords.query(
        { entity: props.entity, ...props.filter, ...(cursor === undefined ? {} : { cursor }) },
        { signal },
      ),
  });
  const connectionOf = createConnectionNames();
  const where: Column<PluginRecord> =
    props.filter.connectionId === undefined
      ? {
          key: 'source',
          heading: 'Source',
          widthPx: 180,
          from: 'md',
          cell: (row) => <SourceLink record={row} connection={connectionOf(row.connectionId)} />,
        }
      : {
          key: 'client',
          heading: 'Client',
          widthPx: 150,
          cell: (row) =>
            row.clientId === null ? (
              <StatusPill state="warning">Quarantine</StatusPill>
            ) : (
              <ClientName id={row.clientId} />
            ),
        };
  return (
    <DataTable
      noun="records"
      list={list}
      columns={[NAME, GIST, where, CHANGED]}
      rowId={(row) => row.id}
      rowLabel={(row) => row.name}
      openId={props.openId}
      onOpen={(row) => props.onOpen(row.id)}
      empty={
        <EmptyState icon={Database} title={`No ${entityWords(props.entity).toLowerCase()}`}>
          The vendor lists none now.
        </EmptyState>
      }
    />
  );
}

const NAME: Column<PluginRecord> = {
  key: 'name',
  heading: 'Name',
  cell: (row) => <span class="truncate-line font-medium">{row.name}</span>,
};
const GIST: Column<PluginRecord> = {
  key: 'gist',
  heading: 'Says',
  cell: (row) => <span class="truncate-line text-muted">{gistOf(row)}</span>,
};
const CHANGED: Column<PluginRecord> = {
  key: 'changed',
  heading: 'Changed',
  widthPx: 130,
  from: 'md',
  cell: (row) => <RelativeTime iso={row.changedAt} class="text-muted" />,
};
