import type { DiscoveredScope } from '@bailiwick/sdk';
import { checkScopes } from '@bailiwick/plugin-runtime';
import { newId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { Connection, PluginCalls } from '#modules/plugin-host';
import { toHints } from './evidence.ts';
import type { ListedScope } from './scope-store.ts';

/** The vendor's id of the one scope of an account that has no partitions. */
const WHOLE_ACCOUNT = 'account';

/** Everything that the vendor lists now, checked and normalised. Throws `CallFailed`; a discovery that breaks off gives nothing. */
export async function listRemote(
  calls: PluginCalls,
  scope: TenantScope,
  connection: Connection,
  now: Temporal.Instant,
): Promise<ListedScope[]> {
  const source = { plugin: connection.plugin, connectionId: connection.id };
  if (!connection.type.discoversScopes)
    return [toListed({ id: WHOLE_ACCOUNT, name: connection.name, kind: 'account' }, source, now)];
  const seen = new Set<string>();
  const listed: ListedScope[] = [];
  const target = { connectionId: connection.id, remote: null, call: { kind: 'discover' as const } };
  for await (const batch of calls.pull(scope, target))
    for (const found of checkScopes(batch, seen)) listed.push(toListed(found, source, now));
  return listed;
}

function toListed(
  found: DiscoveredScope,
  source: { plugin: string; connectionId: string },
  now: Temporal.Instant,
): ListedScope {
  const validUntil = found.validUntil === undefined ? null : Temporal.Instant.from(found.validUntil);
  const isOver = validUntil !== null && Temporal.Instant.compare(validUntil, now) <= 0;
  return {
    id: newId<'plugin-scope'>(),
    externalId: storable(found.id),
    name: storable(found.name).trim() || storable(found.id),
    kind: found.kind,
    parentExternalId: found.parentId === undefined ? null : storable(found.parentId),
    validUntil,
    isAccessible: found.isAccessible ?? true,
    hints: toHints(found.hints, source).map((hint) => ({ ...hint, value: storable(hint.value) })),
    presence: isOver ? 'expired' : 'listed',
  };
}

/** PostgreSQL stores no NUL and no half of a surrogate pair. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '');
}
