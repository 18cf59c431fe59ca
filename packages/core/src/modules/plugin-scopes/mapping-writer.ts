import type { Clock } from '#kernel/clock';
import type { ClientId } from '#kernel/id';
import type { AuditTrail } from '#modules/audit';
import type { SiteId } from '#modules/tenancy';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { KeyStore } from './key-store.ts';
import { scopeMapped, scopeUnmapped } from './scope-events.ts';
import { matchScopes } from './scope-jobs.ts';
import type { Decision, ScopeRow, ScopeStore } from './scope-store.ts';
import type { MappingEventKind, PluginScopeTables } from './scope-table.ts';

type Tx = ScopedTransaction<PluginScopeTables>;

/** A scope that a person maps to a client. */
export interface WantedMapping {
  readonly row: ScopeRow;
  readonly clientId: ClientId;
  readonly siteId: SiteId | null;
  readonly reason: string;
}

interface Deps {
  readonly store: ScopeStore;
  readonly keys: KeyStore;
  readonly audit: AuditTrail;
  readonly jobs: JobQueue;
  readonly clock: Clock;
}

/** Writes what people decided, with its history, its audit entries and its events. */
export class MappingWriter {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Maps scopes, and teaches what that says of the clients. Whether they may be mapped so is the caller's to check. */
  async map(tx: Tx, wanted: readonly WantedMapping[]): Promise<void> {
    const { store, keys, jobs, audit, clock } = this.#deps;
    const now = clock.now();
    const by = tx.scope.actor.label;
    await store.decide(
      tx,
      wanted.map(({ row, clientId, siteId }) => ({ ...released(row, 'mapped'), clientId, siteId, isAutomatic: true })),
      by,
      now,
    );
    await store.addEvents(
      tx,
      wanted.map(({ row, clientId, ...why }) => ({
        scopeId: row.id,
        clientId,
        kind: 'mapped',
        reason: why.reason,
        evidence: row.evidence.filter((item) => item.clientId === clientId),
      })),
      by,
      now,
    );
    await keys.learn(
      tx,
      wanted.map(({ row, clientId }) => ({ id: row.id, clientId, hints: row.hints })),
      by,
      now,
    );
    const moved = wanted.filter(({ row, clientId }) => row.client_id !== clientId);
    await jobs.publishAll(
      tx,
      scopeMapped,
      moved.map(({ row, clientId }) => ({
        aggregateId: row.id,
        version: row.version + 1,
        payload: { scopeId: row.id, connectionId: row.connection_id, clientId },
      })),
    );
    // What was just learned may say whose other scopes are.
    await jobs.send(tx, matchScopes, {}, { singletonKey: 'match' });
    for (const [clientId, scopes] of Map.groupBy(wanted, (item) => item.clientId))
      await audit.record(tx, {
        action: 'plugin-scopes.map-scope',
        subject: { kind: 'client', id: clientId, clientId },
        summary: `Mapped ${named(scopes.map(({ row }) => row))} to the client`,
        after: { scopes: scopes.map(({ row, siteId }) => ({ scopeId: row.id, name: row.name, siteId })) },
      });
  }

  /** Leaves scopes to nobody, and forgets what their mappings taught. */
  async release(
    tx: Tx,
    rows: readonly ScopeRow[],
    to: { kind: MappingEventKind; mapping: 'unmapped' | 'ignored'; reason: string },
  ): Promise<void> {
    const { store, keys, jobs, audit, clock } = this.#deps;
    const now = clock.now();
    const by = tx.scope.actor.label;
    const declines = to.kind === 'declined';
    await store.decide(
      tx,
      rows.map((row) => ({
        ...released(row, to.mapping),
        declinedIds: declines ? [...new Set([...row.declined_ids, ...row.candidate_ids])] : row.declined_ids,
      })),
      by,
      now,
    );
    await store.addEvents(
      tx,
      rows.map((row) => ({
        scopeId: row.id,
        clientId: row.client_id,
        kind: to.kind,
        reason: to.reason,
        evidence: row.evidence,
      })),
      by,
      now,
    );
    const held = rows.filter((row) => row.client_id !== null);
    await keys.forget(
      tx,
      held.map((row) => row.id),
    );
    await jobs.publishAll(
      tx,
      scopeUnmapped,
      held.map((row) => ({
        aggregateId: row.id,
        version: row.version + 1,
        payload: { scopeId: row.id, connectionId: row.connection_id },
      })),
    );
    for (const [clientId, scopes] of Map.groupBy(rows, (row) => row.client_id))
      await audit.record(tx, {
        action: `plugin-scopes.${to.kind}`,
        subject: { kind: clientId === null ? 'plugin-scope' : 'client', id: clientId ?? scopes[0]?.id ?? '', clientId },
        summary: `${SUMMARY[to.kind] ?? 'Changed'} ${named(scopes)}`,
        after: { scopes: scopes.map((row) => ({ scopeId: row.id, name: row.name })), reason: to.reason },
      });
  }
}

const SUMMARY: Partial<Record<MappingEventKind, string>> = {
  unmapped: 'Took back the mapping of',
  ignored: 'Ignored',
  restored: 'Took up again',
  declined: 'Declined the suggested clients of',
};

/** A decision that leaves a scope to nobody; a person made it, so that evidence only suggests from now on. */
function released(row: ScopeRow, mapping: Decision['mapping']): Decision {
  return {
    id: row.id,
    mapping,
    clientId: null,
    siteId: null,
    candidateIds: [],
    evidence: mapping === 'mapped' ? row.evidence : [],
    isAutomatic: false,
    declinedIds: row.declined_ids,
  };
}

function named(rows: readonly ScopeRow[]): string {
  const [first] = rows;
  return rows.length === 1 && first !== undefined ? `the scope ${first.name}` : `${rows.length} scopes`;
}
