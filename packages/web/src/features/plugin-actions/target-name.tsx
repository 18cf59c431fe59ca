import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useSession } from '#web/app/session/session.tsx';
import { entityName } from '#web/features/plugins/plugin-words.ts';
import type { RunDetail } from './action-words.ts';

/** The record that an action is asked for on, by its name; by its type and its id at the vendor where it is not known here, or no longer. */
export function TargetName(props: { run: RunDetail; externalId: string }): JSX.Element {
  const { can } = useSession();
  const entity = () => props.run.plan.affected.find(({ id }) => id === props.externalId)?.entity;
  const place = () =>
    props.run.scopeId === null ? { connectionId: props.run.connectionId } : { scopeId: props.run.scopeId };
  const found = createRecordQuery({
    key: () => ['plugin-record', 'list', 'target', place(), entity(), props.externalId],
    fetch: (signal) =>
      api['plugin-sync'].listRecords.query(
        { ...place(), entity: entity() ?? '', externalId: props.externalId, state: 'all', limit: 2 },
        { signal },
      ),
    isEnabled: () => entity() !== undefined && can('plugin-sync.read-records'),
  });
  const name = (): string | undefined => {
    const items = found.value()?.items ?? [];
    // Two scopes of one account may each have a record of this id.
    return items.length === 1 ? items[0]?.name : undefined;
  };
  return <span class="break-words">{name() ?? `${entityName(entity() ?? '')} ${props.externalId}`.trim()}</span>;
}
