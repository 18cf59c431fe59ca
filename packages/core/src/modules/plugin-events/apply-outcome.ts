import { CallFailed, type StreamDescription } from '@bailiwick/plugin-runtime';
import type { WebhookOutcome } from '@bailiwick/sdk';
import type { Connection } from '#modules/plugin-host';
import type { RemoteScope } from '#modules/plugin-scopes';
import type { Delivered, DeliverBatch, StartStreams } from '#modules/plugin-sync';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { DeliveryStore } from './delivery-store.ts';
import type { PluginEventTables } from './events-table.ts';
import type { HandledDelivery, TakenDelivery } from './taken-delivery.ts';

interface Deps {
  readonly deliveries: DeliveryStore;
  readonly batches: DeliverBatch;
  readonly streams: StartStreams;
}

/** Writes what a plugin made of a delivery: records into the streams that they belong to, and streams to be read again. */
export class ApplyOutcome {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * All of it or nothing, in the caller's transaction. One that comes after a later one brings no records, since what it tells may be old by now: its streams are read instead. Throws `CallFailed` `PluginBug` for records that the plugin may not bring here.
   */
  async run(
    tx: ScopedTransaction<PluginEventTables>,
    { connection, scopes, row }: TakenDelivery,
    remote: RemoteScope | null,
    outcome: WebhookOutcome,
  ): Promise<HandledDelivery> {
    const batches = Object.entries(outcome.batches ?? {});
    const isOvertaken = batches.length > 0 && (await this.#deps.deliveries.isOvertaken(tx, row, remote?.id ?? null));
    const written: Delivered[] = [];
    for (const [name, batch] of isOvertaken ? [] : batches) {
      assertMayBring(connection, name, remote);
      const input = { connectionId: connection.id, remoteScopeId: remote?.id ?? null, stream: name, batch };
      written.push(await this.#deps.batches.run(tx.scope, input, tx));
    }
    const nudge = [...(outcome.nudge ?? []), ...(isOvertaken ? batches.map(([name]) => name) : [])];
    const nudged =
      nudge.length === 0
        ? 0
        : await this.#deps.streams.nudge(
            tx.scope,
            { connectionId: connection.id, scopeId: remote?.id ?? null, names: nudge },
            tx,
          );
    const refused = written.flatMap((one) => one.refused);
    const known = new Set(scopes.map(({ externalId }) => externalId));
    const strangers = refused.filter(({ scope }) => scope !== '' && !known.has(scope));
    const sum = (count: (one: Delivered) => number) => written.reduce((total, one) => total + count(one), 0);
    const isQuarantined = remote !== null && remote.clientId === null;
    return {
      state: isQuarantined ? 'quarantined' : 'done',
      message: [
        ...(isOvertaken ? ['A later one was handled before it; its streams are read instead.'] : []),
        ...(isQuarantined ? [`${remote.name} is no client’s yet; its records are kept in quarantine.`] : []),
        ...refused.slice(0, 3).map(({ id, scope, reason }) => `${id} (${scope}): ${reason}`),
      ].join('\n'),
      scopeId: remote?.id ?? null,
      result: {
        added: sum((one) => one.added),
        changed: sum((one) => one.changed),
        deleted: sum((one) => one.deleted),
        refused: refused.length,
        nudged,
      },
      unroutable: strangers.length,
      stranger: strangers[0]?.scope ?? null,
    };
  }
}

function assertMayBring({ description, type, capabilities }: Connection, name: string, remote: RemoteScope | null) {
  const stream: StreamDescription | undefined = description.streams.find(
    (candidate) => candidate.name === name && candidate.connection === type.name,
  );
  if (stream === undefined) return;
  if (!capabilities.records.includes(stream.entity))
    throw new CallFailed('NotSupported', `The plugin was not granted records of ${stream.entity}.`);
  if (stream.grain === 'scope' && remote === null)
    throw new CallFailed('PluginBug', `outcome.batches.${name}: is read by scope, and the delivery is about none`);
}
