import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useSession } from '#web/app/session/session.tsx';
import type { Connection, PluginRecord } from '../plugin-words.ts';

/** The connections in reach by their id, read once for a page. Empty for staff that are kept to some clients: the accounts are the MSP's. */
export function createConnectionNames(): (connectionId: string) => Connection | undefined {
  const { can } = useSession();
  const list = createRecordQuery({
    key: () => ['plugin-connection', 'list', 'names'],
    fetch: (signal) => api['plugin-host'].listConnections.query({}, { signal }),
    isEnabled: () => can('plugin-host.read-connections'),
  });
  return (connectionId) => list.value()?.items.find(({ id }) => id === connectionId);
}

/** Where a record came from, as a link to it in its connection; a plain word for who may not see that. */
export function SourceLink(props: { record: PluginRecord; connection: Connection | undefined }): JSX.Element {
  return (
    <Show when={props.connection} fallback={<span>An account of your company</span>}>
      {(connection) => (
        <A
          class="font-medium text-accent-text hover:underline"
          href={`/connections/${connection().id}?tab=records&entity=${encodeURIComponent(props.record.entity)}&record=${props.record.id}`}
        >
          {connection().name}
        </A>
      )}
    </Show>
  );
}
