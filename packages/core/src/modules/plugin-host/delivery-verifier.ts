import {
  Redactor,
  verifyDelivery,
  type RawDelivery,
  type VerifiedDelivery,
  type WebhookDescription,
} from '@bailiwick/plugin-runtime';
import type { Json } from '@bailiwick/sdk';
import type { Clock } from '#kernel/clock';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { Connection } from './connection-queries.ts';
import type { ConnectionSecrets } from './connection-secrets.ts';

interface Deps {
  readonly secrets: ConnectionSecrets;
  readonly clock: Clock;
}

/** Judges what a vendor delivers by the connection's own secrets, which do not leave this module. */
export class DeliveryVerifier {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** The delivery without what carried a secret, or why it is refused. No code of the plugin runs. */
  async verify(
    within: AnyTransaction,
    connection: Connection,
    webhook: WebhookDescription,
    raw: RawDelivery,
  ): Promise<VerifiedDelivery> {
    const { secrets, clock } = this.#deps;
    const secret = await secrets.fields(within, connection.id);
    const verified = verifyDelivery(webhook, raw, { config: connection.config, secret }, clock.now());
    if (!verified.ok || webhook.verify.kind !== 'body') return verified;
    // The vendor says the secret back in the body itself.
    const redactor = new Redactor(Object.values(secret));
    const { delivery } = verified;
    const shown = {
      ...delivery,
      body: redactor.text(delivery.body),
      json: redactor.json((delivery.json ?? null) as Json),
    };
    return { ...verified, delivery: shown };
  }
}
