import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useSession } from '#web/app/session/session.tsx';
import { RecordActions } from '#web/features/plugin-actions/action-buttons.tsx';
import { PanelSection } from '#web/ui/side-panel/side-panel.tsx';
import { createConnectionNames, SourceLink } from './source-link.tsx';

/** Where a vendor told of an alert, and what can be done about it there. Draws nothing for an alert of our own. */
export function AlertSource(props: { alertId: string }): JSX.Element {
  const { can } = useSession();
  const records = createRecordQuery({
    key: () => ['plugin-record', 'list', 'alert', props.alertId],
    fetch: (signal) =>
      api['plugin-sync'].listRecords.query({ entity: 'alert', alertId: props.alertId, state: 'all' }, { signal }),
    isEnabled: () => can('plugin-sync.read-records'),
  });
  return (
    <Show when={(records.value()?.items.length ?? 0) > 0}>
      <PanelSection>
        <h3 class="mb-2 font-semibold">At its source</h3>
        <Sources records={records.value()?.items ?? []} />
      </PanelSection>
    </Show>
  );
}

function Sources(props: {
  records: Awaited<ReturnType<(typeof api)['plugin-sync']['listRecords']['query']>>['items'];
}): JSX.Element {
  const connectionOf = createConnectionNames();
  return (
    <ul class="flex flex-col gap-3">
      <For each={props.records}>
        {(record) => (
          <li class="flex flex-col gap-2">
            <p class="flex flex-wrap items-baseline gap-x-2">
              <SourceLink record={record} connection={connectionOf(record.connectionId)} />
              <span class="font-mono text-[0.9375em] break-all text-muted">{record.externalId}</span>
            </p>
            <Show when={record.deletedAt === null}>
              <RecordActions record={record} at={atVendor(connectionOf(record.connectionId)?.pluginTitle)} />
            </Show>
          </li>
        )}
      </For>
    </ul>
  );
}

/** "at Zabbix", for a button that would else read as ours. */
function atVendor(title: string | undefined): string {
  return title === undefined ? 'at its source' : `at ${title}`;
}
