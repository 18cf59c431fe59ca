import type { ListedScope, MappingEvent, ScopeRow } from './scope-store.ts';
import type { RemoteScopeId } from './remote-scope.ts';

/** What a discovery changes of what was known. */
export interface ScopeChanges {
  readonly added: number;
  readonly returned: number;
  readonly lost: readonly RemoteScopeId[];
  readonly events: readonly MappingEvent[];
}

/** Compares what is known with what the vendor lists now. */
export function scopeChanges(known: readonly ScopeRow[], listed: readonly ListedScope[]): ScopeChanges {
  const before = new Map(known.map((row) => [row.external_id, row]));
  const events: MappingEvent[] = [];
  let [added, returned] = [0, 0];
  for (const scope of listed) {
    const row = before.get(scope.externalId);
    before.delete(scope.externalId);
    if (row === undefined) {
      added += 1;
      events.push({ scopeId: scope.id, clientId: null, kind: 'found', reason: 'The vendor lists it.' });
      continue;
    }
    const about = { scopeId: row.id, clientId: row.client_id };
    if (row.name !== scope.name)
      events.push({ ...about, kind: 'renamed', reason: `“${row.name}” is now called “${scope.name}”.` });
    if (row.presence !== 'listed' && scope.presence === 'listed') {
      returned += 1;
      events.push({ ...about, kind: 'returned', reason: 'The vendor lists it again.' });
    }
    if (row.presence !== 'expired' && scope.presence === 'expired')
      events.push({ ...about, kind: 'expired', reason: 'The vendor’s access has ended.' });
  }
  const gone = [...before.values()].filter((row) => row.presence !== 'lost');
  for (const row of gone)
    events.push({
      scopeId: row.id,
      clientId: row.client_id,
      kind: 'lost',
      reason: 'The vendor no longer lists it; its data is kept.',
    });
  return { added, returned, lost: gone.map((row) => row.id), events };
}
