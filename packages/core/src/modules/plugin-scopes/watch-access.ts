import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ConnectionId, ConnectionIssues, ConnectionQueries, IssueSeverity } from '#modules/plugin-host';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { ScopeStore } from './scope-store.ts';
import type { PluginScopeTables } from './scope-table.ts';

type Tx = ScopedTransaction<PluginScopeTables>;

interface Deps {
  readonly db: ScopedDb;
  readonly connections: ConnectionQueries;
  readonly issues: ConnectionIssues;
  readonly store: ScopeStore;
  readonly clock: Clock;
}

/** When people are told that access ends. Each is an issue of its own, so that a week's notice is not lost in a month's. */
const NOTICES = [
  { id: 'access-ended', days: 0, severity: 'error' },
  { id: 'access-ends-in-1-day', days: 1, severity: 'error' },
  { id: 'access-ends-in-7-days', days: 7, severity: 'warning' },
  { id: 'access-ends-in-30-days', days: 30, severity: 'info' },
] as const satisfies readonly { id: string; days: number; severity: IssueSeverity }[];

/** Names that an issue lists before it only counts. */
const MAX_NAMES = 10;

/** Watches access that ends: one issue for each connection and notice, however many scopes it is about. */
export class WatchAccess {
  readonly #db: ScopedDb<PluginScopeTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginScopeTables>();
    this.#deps = deps;
  }

  /** Looks at all connections. Idempotent. */
  async run(scope: TenantScope): Promise<void> {
    await this.#db.transaction(scope, async (tx) => {
      const connections = await this.#deps.connections.list(tx.scope, {}, tx);
      await this.review(
        tx,
        connections.map((connection) => connection.id),
      );
    });
  }

  /** Ends what is over, and raises and closes the notices of these connections. */
  async review(tx: Tx, connectionIds: readonly ConnectionId[]): Promise<void> {
    const { store, issues, clock } = this.#deps;
    const now = clock.now();
    const expired = await store.expire(tx, now);
    await store.addEvents(
      tx,
      expired.map((row) => ({
        scopeId: row.id,
        clientId: row.client_id,
        kind: 'expired' as const,
        reason: 'The vendor’s access has ended.',
      })),
      'Bailiwick',
      now,
    );
    const ending = await store.endingBefore(tx, connectionIds, now.add({ hours: 30 * 24 }));
    for (const connectionId of connectionIds)
      for (const notice of NOTICES) {
        const names = ending
          .filter((scope) => scope.connectionId === connectionId && noticeOf(scope.validUntil, now) === notice.id)
          .map((scope) => scope.name);
        const about = { connectionId, remoteScopeId: null, id: notice.id };
        if (names.length === 0) await issues.close(tx, about);
        else
          await issues.raise(tx, {
            ...about,
            severity: notice.severity,
            title: titleOf(notice.days, names),
            remedy: 'Renew the access at the vendor; it is noticed here by itself.',
          });
      }
  }
}

function noticeOf(end: Temporal.Instant, now: Temporal.Instant): string | undefined {
  return NOTICES.find(({ days }) => Temporal.Instant.compare(end, now.add({ hours: days * 24 })) <= 0)?.id;
}

function titleOf(days: number, names: readonly string[]): string {
  const listed = names.slice(0, MAX_NAMES).join(', ');
  const rest = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  const when = days === 0 ? 'has ended' : days === 1 ? 'ends within a day' : `ends within ${days} days`;
  return `Access to ${listed}${rest} ${when}.`;
}
