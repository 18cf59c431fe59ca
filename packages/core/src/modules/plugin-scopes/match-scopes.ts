import type { Clock } from '#kernel/clock';
import type { ClientId } from '#kernel/id';
import type { AuditTrail } from '#modules/audit';
import type { ConnectionId, ConnectionQueries } from '#modules/plugin-host';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import type { ClientBooks } from './client-books.ts';
import type { KeyStore } from './key-store.ts';
import { matchOwned, matchScope, type ClientBook, type Match } from './match-scope.ts';
import { scopeMapped } from './scope-events.ts';
import type { Decision, ScopeRow, ScopeStore } from './scope-store.ts';
import type { PluginScopeTables } from './scope-table.ts';

type Tx = ScopedTransaction<PluginScopeTables>;

/** How many scopes got which state by one matching. */
export interface MatchCounts {
  readonly mapped: number;
  readonly suggested: number;
  readonly conflicts: number;
}

interface Deps {
  readonly connections: ConnectionQueries;
  readonly store: ScopeStore;
  readonly keys: KeyStore;
  readonly books: ClientBooks;
  readonly audit: AuditTrail;
  readonly jobs: JobQueue;
  readonly live: LiveHub;
  readonly clock: Clock;
}

const BY = 'Bailiwick';

/** Looks at every scope that nobody has decided on: maps what is exact, suggests what is likely, and marks conflicts. Mapped and ignored ones are never touched. */
export class MatchScopes {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Of one connection, or of all. Idempotent: a second time without news writes nothing. */
  async run(tx: Tx, connectionId?: ConnectionId): Promise<MatchCounts> {
    const { store, books, clock } = this.#deps;
    await store.lock(tx);
    const owners = await this.#owners(tx);
    const rows = (await store.undecided(tx, connectionId)).filter((row) => owners.has(row.connection_id));
    if (rows.length === 0) return { mapped: 0, suggested: 0, conflicts: 0 };
    const book = await books.forHints(
      tx,
      rows.flatMap((row) => row.hints),
    );
    const decided = rows
      .map((row) => ({ row, ...judge(row, owners.get(row.connection_id) ?? null, book) }))
      .filter(({ row, decision }) => isNews(row, decision));
    const now = clock.now();
    await store.decide(
      tx,
      decided.map(({ decision }) => decision),
      BY,
      now,
    );
    await store.addEvents(
      tx,
      decided.flatMap(({ decision, match }) => eventsOf(decision, match)),
      BY,
      now,
    );
    await this.#announce(tx, decided, now);
    const count = (mapping: Decision['mapping']): number =>
      decided.filter(({ decision }) => decision.mapping === mapping).length;
    return { mapped: count('mapped'), suggested: count('suggested'), conflicts: count('conflict') };
  }

  async #owners(tx: Tx): Promise<Map<ConnectionId, ClientId | null>> {
    const connections = await this.#deps.connections.list(tx.scope, {}, tx);
    return new Map(connections.map((connection) => [connection.id, connection.clientId]));
  }

  async #announce(
    tx: Tx,
    decided: readonly { row: ScopeRow; decision: Decision }[],
    now: Temporal.Instant,
  ): Promise<void> {
    const { keys, jobs, audit, live } = this.#deps;
    const mapped = decided.flatMap(({ row, decision }) =>
      decision.clientId === null ? [] : [{ row, clientId: decision.clientId }],
    );
    await keys.learn(
      tx,
      mapped.map(({ row, clientId }) => ({ id: row.id, clientId, hints: row.hints })),
      BY,
      now,
    );
    await jobs.publishAll(
      tx,
      scopeMapped,
      mapped.map(({ row, clientId }) => ({
        aggregateId: row.id,
        version: row.version + 1,
        payload: { scopeId: row.id, connectionId: row.connection_id, clientId },
      })),
    );
    for (const [connectionId, scopes] of Map.groupBy(mapped, ({ row }) => row.connection_id))
      await audit.record(tx, {
        action: 'plugin-scopes.match-scopes',
        subject: { kind: 'plugin-connection', id: connectionId, clientId: null },
        summary: `Mapped ${scopes.length} scopes to clients by exact evidence`,
        after: { scopes: scopes.map(({ row, clientId }) => ({ name: row.name, scopeId: row.id, clientId })) },
      });
    for (const connectionId of new Set(decided.map(({ row }) => row.connection_id)))
      live.touch(tx, { clientId: null, topic: 'plugin-scope', id: connectionId, version: 0 });
  }
}

function judge(row: ScopeRow, owner: ClientId | null, book: ClientBook): { match: Match; decision: Decision } {
  const scope = { name: row.name, hints: row.hints, declinedIds: row.declined_ids };
  const match = owner === null ? matchScope(scope, book) : matchOwned(scope, owner, book);
  const [only] = match.clientIds;
  const isMapped = match.kind === 'exact' && row.is_automatic && only !== undefined;
  const mapping =
    match.kind === 'none' ? 'unmapped' : match.kind === 'conflict' ? 'conflict' : isMapped ? 'mapped' : 'suggested';
  const decision: Decision = {
    id: row.id,
    mapping,
    clientId: isMapped ? only : null,
    siteId: null,
    candidateIds: isMapped ? [] : match.clientIds,
    evidence: match.evidence,
    isAutomatic: row.is_automatic,
    declinedIds: row.declined_ids,
  };
  return { match, decision };
}

function isNews(row: ScopeRow, decision: Decision): boolean {
  return (
    row.mapping !== decision.mapping ||
    row.candidate_ids.toSorted().join() !== [...decision.candidateIds].toSorted().join()
  );
}

function eventsOf(decision: Decision, match: Match) {
  if (decision.mapping === 'unmapped' || decision.mapping === 'ignored') return [];
  const reason =
    decision.mapping === 'mapped'
      ? 'Exact evidence speaks for exactly one client.'
      : decision.mapping === 'suggested'
        ? 'The evidence speaks for one client.'
        : 'The evidence speaks for more than one client, so nothing is guessed.';
  return [
    { scopeId: decision.id, clientId: decision.clientId, kind: decision.mapping, reason, evidence: match.evidence },
  ];
}
