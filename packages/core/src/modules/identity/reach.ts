import type { ClientId } from '#kernel/id';
import type { Reach } from '#kernel/tenant-scope';

interface StoredReach {
  readonly reach: Reach['kind'];
  readonly reach_clients: readonly ClientId[];
}

/** A reach as it is stored in two columns. */
export function reachOf(row: StoredReach): Reach {
  return row.reach === 'all' ? { kind: 'all' } : { kind: row.reach, clientIds: row.reach_clients };
}

/** The two columns of a reach. */
export function storedReach(reach: Reach): { reach: Reach['kind']; reach_clients: ClientId[] } {
  return { reach: reach.kind, reach_clients: reach.kind === 'all' ? [] : [...reach.clientIds] };
}

/** What both cover: a key reaches no client that its owner does not. */
export function intersectReach(one: Reach, other: Reach): Reach {
  if (one.kind === 'all') return other;
  if (other.kind === 'all') return one;
  const [a, b] = [new Set(one.clientIds), new Set(other.clientIds)];
  if (one.kind === 'only')
    return { kind: 'only', clientIds: [...a].filter((id) => (other.kind === 'only' ? b.has(id) : !b.has(id))) };
  if (other.kind === 'only') return { kind: 'only', clientIds: [...b].filter((id) => !a.has(id)) };
  return { kind: 'except', clientIds: [...a.union(b)] };
}

/** Whether everything that `inner` covers is covered by `outer`, whatever clients come later. */
export function covers(outer: Reach, inner: Reach): boolean {
  if (outer.kind === 'all') return true;
  const outerIds = new Set(outer.clientIds);
  if (inner.kind === 'only')
    return inner.clientIds.every((id) => (outer.kind === 'only' ? outerIds.has(id) : !outerIds.has(id)));
  return outer.kind === 'except' && inner.kind === 'except' && outerIds.isSubsetOf(new Set(inner.clientIds));
}
