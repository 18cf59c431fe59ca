import { CallFailed, checkOutcome, checkRoute } from '@bailiwick/plugin-runtime';
import type { Clock } from '#kernel/clock';
import { NotFoundError } from '#kernel/errors';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ConnectionIssues, ConnectionQueries, PluginCalls } from '#modules/plugin-host';
import { toBoundScope, type RemoteScope, type ScopeQueries } from '#modules/plugin-scopes';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import type { ApplyOutcome } from './apply-outcome.ts';
import type { DeliveryRow, DeliveryStore } from './delivery-store.ts';
import { handleDelivery } from './events-jobs.ts';
import type { DeliveryId, PluginEventTables } from './events-table.ts';
import { retryPause } from './retry-pause.ts';
import { unroutableIssue, type HandledDelivery, type TakenDelivery } from './taken-delivery.ts';
import type { WebhookStore } from './webhook-store.ts';

interface Deps {
  readonly db: ScopedDb;
  readonly webhooks: WebhookStore;
  readonly deliveries: DeliveryStore;
  readonly connections: ConnectionQueries;
  readonly scopes: ScopeQueries;
  readonly calls: PluginCalls;
  readonly apply: ApplyOutcome;
  readonly issues: ConnectionIssues;
  readonly jobs: JobQueue;
  readonly live: LiveHub;
  readonly clock: Clock;
}

type Tx = ScopedTransaction<PluginEventTables>;

/** Hands a verified delivery to its plugin, bound to the scope that it is about, and writes what comes of it. */
export class HandleDelivery {
  readonly #db: ScopedDb<PluginEventTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginEventTables>();
    this.#deps = deps;
  }

  /** Does nothing where it has ended, is gone, another worker has it, or it is not its turn; whoever ends has the next one of the webhook handled. */
  async run(scope: TenantScope, deliveryId: DeliveryId): Promise<void> {
    const taken = await this.#take(scope, deliveryId);
    if (taken !== null) await this.#handle(scope, taken);
  }

  async #handle(scope: TenantScope, taken: TakenDelivery): Promise<void> {
    try {
      const place = await this.#place(scope, taken);
      if ('state' in place) return await this.#db.transaction(scope, (tx) => this.#finish(tx, taken, place));
      const { remote } = place;
      const { webhook, connection } = taken;
      const call = { kind: 'handle' as const, name: webhook.name, delivery: taken.delivery };
      const answer = await this.#deps.calls.call(scope, { ...targetOf(taken, remote), call });
      const streams = connection.description.streams.filter((stream) => stream.connection === connection.type.name);
      const outcome = checkOutcome(answer, webhook, new Set(streams.map(({ name }) => name)));
      await this.#db.transaction(scope, async (tx) => {
        const end = await this.#deps.apply.run(tx, taken, remote, outcome);
        await this.#finish(tx, taken, end);
      });
    } catch (error) {
      if (error instanceof NotFoundError) return;
      if (error instanceof CallFailed) return this.#fail(scope, taken, error);
      // A fault of ours: the queue tries the job again.
      await this.#db.transaction(scope, (tx) =>
        this.#deps.deliveries.wait(tx, taken.row.id, 'Something went wrong here.', this.#deps.clock.now()),
      );
      throw error;
    }
  }

  async #take(scope: TenantScope, id: DeliveryId): Promise<TakenDelivery | null> {
    const { deliveries, webhooks, connections, scopes, clock } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const row = await deliveries.take(tx, id, clock.now());
      if (row === undefined) return null;
      const source = await webhooks.find(tx, row.webhook_id);
      const connection = await connections.byId(tx.scope, row.connection_id, tx);
      const webhook = connection.description.webhooks.find(
        (candidate) => candidate.name === source?.name && candidate.connection === connection.type.name,
      );
      if (webhook === undefined) {
        const message = 'This version of the plugin has no such webhook any more.';
        await deliveries.end(tx, id, { state: 'failed', message, scopeId: null }, clock.now());
        await this.#next(tx, row);
        return null;
      }
      if (connection.state !== 'active' || !connection.isPluginEnabled) {
        await deliveries.wait(tx, id, `Waits until ${connection.name} works again.`, null);
        await this.#next(tx, row);
        return null;
      }
      const delivery = await deliveries.open(tx, row);
      return { row, delivery, connection, webhook, scopes: await scopes.all(tx.scope, connection.id, tx) };
    });
  }

  /** The scope that it is about, null being the whole connection; or that nothing is to be done with it. */
  async #place(
    scope: TenantScope,
    taken: TakenDelivery,
  ): Promise<{ readonly remote: RemoteScope | null } | HandledDelivery> {
    const { webhook, connection, delivery, scopes } = taken;
    if (!webhook.routes) return { remote: null };
    const call = { kind: 'route' as const, name: webhook.name, delivery };
    const routed = checkRoute(await this.#deps.calls.call(scope, { ...targetOf(taken, null), call }));
    if (routed === null) return { remote: null };
    const remote = scopes.find(({ externalId }) => externalId === routed);
    if (remote === undefined)
      return {
        state: 'unroutable',
        message: `“${routed.slice(0, 200)}” is no scope of ${connection.name} that is known here.`,
        scopeId: null,
        unroutable: 1,
        stranger: routed,
      };
    const problem = unreadable(remote);
    if (problem === null) return { remote };
    return { state: 'unroutable', message: problem, scopeId: remote.id, unroutable: 1, stranger: null };
  }

  async #finish(tx: Tx, taken: TakenDelivery, end: HandledDelivery): Promise<void> {
    const { deliveries, webhooks, issues, clock } = this.#deps;
    const { row, connection, webhook } = taken;
    const at = { connectionId: connection.id, remoteScopeId: null };
    await deliveries.end(tx, row.id, end, clock.now());
    if (end.state !== 'unroutable') await issues.close(tx, { ...at, id: failureIssue(webhook.name) });
    if (end.stranger !== null)
      await issues.raise(tx, {
        ...at,
        id: unroutableIssue(webhook.name),
        severity: 'warning',
        title: `${connection.name} delivers for “${end.stranger.slice(0, 200)}”, which is no scope that is known here.`,
        remedy: 'Look for scopes again and map what is found; then try the deliveries again.',
        repair: 'map-scopes',
        data: { webhook: webhook.name },
      });
    if (end.unroutable > 0) await webhooks.unroutable(tx, row.webhook_id, end.unroutable);
    await this.#next(tx, row);
    this.#touch(tx, row);
  }

  async #fail(scope: TenantScope, { row, connection, webhook }: TakenDelivery, failure: CallFailed): Promise<void> {
    const { deliveries, issues, jobs, clock } = this.#deps;
    const now = clock.now();
    const pause = retryPause(failure, row.attempts);
    await this.#db.transaction(scope, async (tx) => {
      if (pause !== null) {
        const nextAt = now.add(pause);
        await deliveries.wait(tx, row.id, failure.message, nextAt);
        const options = { startAfter: nextAt, singletonKey: `${row.id}/${row.attempts}` };
        await jobs.send(tx, handleDelivery, { deliveryId: row.id }, options);
      } else {
        await deliveries.end(tx, row.id, { state: 'failed', message: failure.message, scopeId: null }, now);
        await issues.raise(tx, {
          connectionId: connection.id,
          remoteScopeId: null,
          id: failureIssue(webhook.name),
          severity: 'warning',
          title: `A delivery to “${webhook.label}” of ${connection.name} could not be handled: ${failure.message}`,
          remedy: 'Repair what it says, then try the delivery again. What polling reads is not lost.',
          data: { webhook: webhook.name, failure: failure.failure },
        });
      }
      await this.#next(tx, row);
      this.#touch(tx, row);
    });
  }

  /** Those after it were not taken while it had its turn. */
  async #next(tx: Tx, { webhook_id: webhookId }: DeliveryRow): Promise<void> {
    const { deliveries, jobs, clock } = this.#deps;
    const deliveryId = await deliveries.next(tx, webhookId, clock.now());
    if (deliveryId !== undefined) await jobs.send(tx, handleDelivery, { deliveryId }, { singletonKey: deliveryId });
  }

  #touch(tx: Tx, row: DeliveryRow): void {
    const about = { clientId: row.client_id, id: row.connection_id, version: 0 };
    this.#deps.live.touch(tx, { ...about, topic: 'plugin-delivery' });
  }
}

function targetOf({ connection }: TakenDelivery, remote: RemoteScope | null) {
  return {
    connectionId: connection.id,
    remote: remote === null ? null : toBoundScope(remote),
    ...(remote === null ? {} : { remoteScopeId: remote.id }),
  };
}

/** Why nothing is read of a scope now, or null. One that is no client's yet is read into quarantine, as streams of the whole account do. */
function unreadable(remote: RemoteScope): string | null {
  if (remote.state === 'ignored') return `${remote.name} is ignored.`;
  if (remote.state === 'lost' || remote.state === 'expired' || !remote.isAccessible)
    return `There is no access to ${remote.name} now.`;
  return remote.clientId !== null && !remote.readsEnabled ? `Reading is switched off for ${remote.name}.` : null;
}

function failureIssue(webhook: string): string {
  return `delivery-failed:${webhook}`;
}
