import type { ClientId } from '#kernel/id';

/** How far an action reaches, counted by the host from what the plan says it affects. */
export interface BlastRadius {
  readonly devices: number;
  readonly users: number;
  /** Records of other kinds. */
  readonly others: number;
  readonly scopes: number;
  readonly clients: number;
  /** Records that nothing is known of: what is not understood counts as much as what is. */
  readonly unknown: number;
}

/** `one`: at most one record. `few`: up to ten. `many`: more. `clients`: more than one client, whatever the number. */
export const BLASTS = ['one', 'few', 'many', 'clients'] as const;
export type Blast = (typeof BLASTS)[number];

/** A technician reads ten names before agreeing; a hundred nobody reads. */
const FEW = 10;

/** A record that is known, as it counts. */
export interface KnownRecord {
  readonly entity: string;
  readonly externalId: string;
  readonly scopeId: string;
  readonly clientId: ClientId | null;
}

/**
 * Counts what a plan affects. `bound` is where the action runs: it counts where the plan names nothing. A connection's own action that names no record reaches every client
 * of the connection.
 */
export function blastRadius(
  affected: readonly { readonly entity: string; readonly id: string }[],
  known: readonly KnownRecord[],
  bound: { readonly scopeIds: readonly string[]; readonly clientIds: readonly ClientId[] },
): BlastRadius {
  const named = new Set(affected.map((item) => `${item.entity} ${item.id}`));
  const found = known.filter((record) => named.has(`${record.entity} ${record.externalId}`));
  const isOf = (entity: string): number => found.filter((record) => record.entity === entity).length;
  const [devices, users] = [isOf('device'), isOf('user')];
  const isSpecific = found.length > 0;
  const scopes = new Set(isSpecific ? found.map((record) => record.scopeId) : bound.scopeIds);
  const clients = new Set(
    isSpecific ? found.flatMap((record) => (record.clientId === null ? [] : [record.clientId])) : bound.clientIds,
  );
  const knownNames = new Set(found.map((record) => `${record.entity} ${record.externalId}`));
  return {
    devices,
    users,
    others: found.length - devices - users,
    scopes: scopes.size,
    clients: clients.size,
    unknown: named.size - knownNames.size,
  };
}

/** The class of a radius that rules speak of. */
export function blastOf(radius: BlastRadius): Blast {
  if (radius.clients > 1) return 'clients';
  const records = radius.devices + radius.users + radius.others + radius.unknown;
  return records <= 1 ? 'one' : records <= FEW ? 'few' : 'many';
}

/** The radius as a person reads it: `3 devices and 1 user of 1 client`. */
export function blastInWords(radius: BlastRadius): string {
  const parts = [
    counted(radius.devices, 'device'),
    counted(radius.users, 'user'),
    counted(radius.others, 'other record'),
    counted(radius.unknown, 'thing that is not known here'),
  ].filter((part) => part !== null);
  const what = parts.length === 0 ? 'no record by name' : parts.join(', ').replace(/, ([^,]*)$/, ' and $1');
  return `${what}, ${counted(radius.clients, 'client') ?? 'no client'}`;
}

function counted(count: number, noun: string): string | null {
  if (count === 0) return null;
  return count === 1
    ? `1 ${noun}`
    : `${count} ${noun.replace(/^thing/, 'things')}${noun.startsWith('thing') ? '' : 's'}`;
}
