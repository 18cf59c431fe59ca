import { answerHandshake, type RawDelivery, type WebhookDescription } from '@bailiwick/plugin-runtime';
import type { Clock } from '#kernel/clock';
import { NotFoundError } from '#kernel/errors';
import type { TenantScope } from '#kernel/tenant-scope';
import type { Connection, ConnectionIssues, ConnectionQueries, DeliveryVerifier } from '#modules/plugin-host';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import type { DeliveryStore } from './delivery-store.ts';
import { handleDelivery } from './events-jobs.ts';
import type { PluginEventTables, WebhookId } from './events-table.ts';
import { replayWindow } from './replay-window.ts';
import type { WebhookRow, WebhookStore } from './webhook-store.ts';

/** What the sender is told. `off`: the connection is paused, or its plugin is; it may try again later. */
export type Received =
  | { readonly kind: 'accepted' | 'refused' | 'unknown' | 'off' }
  | { readonly kind: 'handshake'; readonly text: string };

interface Deps {
  readonly db: ScopedDb;
  readonly webhooks: WebhookStore;
  readonly deliveries: DeliveryStore;
  readonly connections: ConnectionQueries;
  readonly verifier: DeliveryVerifier;
  readonly issues: ConnectionIssues;
  readonly jobs: JobQueue;
  readonly live: LiveHub;
  readonly clock: Clock;
}

type Tx = ScopedTransaction<PluginEventTables>;

/** One refusal is a typing error of somebody's; three in a row are a vendor that cannot get through. */
const PATIENCE = 3;

/** Takes what a vendor delivers: verifies it, remembers it, and has it handled. No code of the plugin runs before the sender has its answer. */
export class ReceiveDelivery {
  readonly #db: ScopedDb<PluginEventTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginEventTables>();
    this.#deps = deps;
  }

  /** `method` GET is only ever a handshake. A delivery that came before is accepted and not run again. */
  async run(scope: TenantScope, webhookId: WebhookId, method: 'GET' | 'POST', raw: RawDelivery): Promise<Received> {
    return this.#db.transaction(scope, async (tx) => {
      const row = await this.#deps.webhooks.find(tx, webhookId);
      const found = row === undefined ? null : await this.#declared(tx, row);
      if (row === undefined || found === null) return { kind: 'unknown' };
      const { connection, webhook } = found;
      if (!connection.isPluginEnabled || connection.state === 'paused' || connection.capabilities.webhooks !== true)
        return { kind: 'off' };
      const text = answerHandshake(webhook.handshake, raw.query);
      if (text !== null) return { kind: 'handshake', text };
      return method === 'GET' ? { kind: 'unknown' } : this.#take(tx, row, found, raw);
    });
  }

  async #declared(tx: Tx, row: WebhookRow): Promise<{ connection: Connection; webhook: WebhookDescription } | null> {
    try {
      const connection = await this.#deps.connections.byId(tx.scope, row.connection_id, tx);
      const webhook = connection.description.webhooks.find(
        (candidate) => candidate.name === row.name && candidate.connection === connection.type.name,
      );
      return webhook === undefined ? null : { connection, webhook };
    } catch (error) {
      if (error instanceof NotFoundError) return null;
      throw error;
    }
  }

  async #take(
    tx: Tx,
    row: WebhookRow,
    { connection, webhook }: { connection: Connection; webhook: WebhookDescription },
    raw: RawDelivery,
  ): Promise<Received> {
    const { webhooks, deliveries, verifier, issues, jobs, live, clock } = this.#deps;
    const verified = await verifier.verify(tx, connection, webhook, raw);
    if (!verified.ok) {
      await this.#refuse(tx, row, { connection, webhook }, verified.reason);
      return { kind: 'refused' };
    }
    const now = clock.now();
    const isNamed = isNamedBy(webhook, raw);
    const until = now.add(replayWindow(webhook.verify, isNamed));
    const isNew = await webhooks.remember(tx, row, verified.replayIds, { now, until });
    if (!isNew) return { kind: 'accepted' };
    const sizeBytes = raw.rawBody.byteLength;
    const deliveryId = await deliveries.add(tx, row, { delivery: verified.delivery, sizeBytes, at: now });
    await webhooks.received(tx, row.id, now);
    if (row.refused_in_row > 0) await issues.close(tx, issueOf(row));
    await jobs.send(tx, handleDelivery, { deliveryId }, { singletonKey: deliveryId });
    live.touch(tx, { clientId: row.client_id, topic: 'plugin-delivery', id: row.connection_id, version: 0 });
    return { kind: 'accepted' };
  }

  async #refuse(
    tx: Tx,
    row: WebhookRow,
    { connection, webhook }: { connection: Connection; webhook: WebhookDescription },
    reason: string,
  ): Promise<void> {
    const { webhooks, issues, live, clock } = this.#deps;
    const inRow = await webhooks.refused(tx, row.id, reason, clock.now());
    live.touch(tx, { clientId: row.client_id, topic: 'plugin-delivery', id: row.connection_id, version: 0 });
    if (inRow < PATIENCE) return;
    await issues.raise(tx, {
      ...issueOf(row),
      severity: 'warning',
      title: `The last ${inRow} deliveries to “${webhook.label}” of ${connection.name} were refused: ${reason}.`,
      ...remedyFor(reason),
      data: { webhook: row.name, refusedInRow: inRow },
    });
  }
}

function issueOf(row: WebhookRow) {
  return { connectionId: row.connection_id, remoteScopeId: null, id: `webhook-refused:${row.name}` };
}

function remedyFor(reason: string): { remedy: string; repair?: 'edit-connection' } {
  if (reason.includes('time stamp'))
    return {
      remedy: 'Set the clock right, at the vendor or here, and see that nothing on the way holds requests back.',
    };
  if (reason.includes('not set'))
    return { remedy: 'Enter the secret of this webhook in the connection.', repair: 'edit-connection' };
  return {
    remedy:
      'Enter the same secret at the vendor and in this connection. If the vendor has it right, somebody else knows the address: replace it.',
    repair: 'edit-connection',
  };
}

/** Whether the vendor gave the delivery an id of its own. */
function isNamedBy(webhook: WebhookDescription, raw: RawDelivery): boolean {
  const name = webhook.idHeader?.toLowerCase();
  if (name === undefined) return webhook.verify.kind === 'standard-webhooks';
  return Object.entries(raw.headers).some(([header, value]) => header.toLowerCase() === name && value !== '');
}
