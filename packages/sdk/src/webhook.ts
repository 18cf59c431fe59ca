import type { Template } from './auth.ts';
import type { ConnectionType } from './connection-type.ts';
import type { Context } from './context.ts';
import type { ConfigOf, Shape } from './field.ts';
import type { BoundTo, RecordDelete } from './stream.ts';

/**
 * How the host tells that a delivery is the vendor's, on the raw bytes, before any code of the plugin runs.
 *
 * @example
 * const verify: VerifySpec = { kind: 'hmac', header: 'x-signature', algorithm: 'sha256', encoding: 'hex', secret: '{secret.webhook}', signed: '{body}' };
 */
export type VerifySpec =
  /** Standard Webhooks 1.0: webhook-id, webhook-timestamp, webhook-signature; several signatures for rotation; five minutes. */
  | { readonly kind: 'standard-webhooks'; readonly secret: Template }
  | {
      readonly kind: 'hmac';
      readonly header: string;
      readonly algorithm: 'sha1' | 'sha256' | 'sha512';
      readonly encoding: 'hex' | 'base64';
      /** Stands before the signature in the header, such as `sha256=`. */
      readonly prefix?: string;
      readonly secret: Template;
      /** What is signed: `{body}`, `{header.<name>}` and plain text. */
      readonly signed: string;
      /** The header with the time, in Unix seconds, and how far it may be off. */
      readonly timestamp?: { readonly header: string; readonly toleranceSeconds: number };
    }
  /** The same text in a header, compared in constant time. */
  | { readonly kind: 'header'; readonly name: string; readonly value: Template }
  /** The same text at a place in the JSON body (Microsoft Graph's clientState); `pointer` may hold `*` for every member of a list. */
  | { readonly kind: 'body'; readonly pointer: string; readonly value: Template }
  | { readonly kind: 'basic'; readonly username: Template; readonly password: Template }
  /** Nothing but the unguessable address. `handle` may then only name streams to read again, unless `trusted` says why more is safe. */
  | { readonly kind: 'address'; readonly trusted?: string };

/** A question that the vendor asks before it delivers: the value of a query parameter is sent back as plain text. */
export interface Handshake {
  readonly query: string;
}

/** One delivery, verified. */
export interface Delivery {
  /** The vendor's id of it, or a digest of the body: a second one with the same id is answered and not run. */
  readonly id: string;
  /** Names in lower case, without what carried the secret. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** The body as text; parsed too, where it is JSON. */
  readonly body: string;
  readonly json: unknown;
}

/** What a delivery leads to. */
export interface WebhookOutcome {
  /** Records that the delivery itself tells, by the name of a stream of this connection type. In streams of grain `connection` each names its scope. */
  readonly batches?: Readonly<Record<string, WebhookBatch>>;
  /** Streams to read soon. Polling stays the truth. */
  readonly nudge?: readonly string[];
}

/** Records for one stream. */
export interface WebhookBatch {
  readonly upserts: readonly WebhookRecord[];
  readonly deletes?: readonly RecordDelete[];
}

/** A record out of a delivery; checked by the host against its stream's entity. */
export interface WebhookRecord {
  readonly id: string;
  readonly scope?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Where a vendor delivers. The host makes an unguessable address for each connection. */
export interface WebhookSource<S extends Shape = Shape> {
  /** Kebab case; never changes. */
  readonly name: string;
  readonly label: string;
  /** How to set it up at the vendor; `{url}` is the address. */
  readonly setUp: string;
  readonly verify: VerifySpec;
  readonly handshake?: Handshake;
  /** The header with the delivery's id. Absent: the body's digest. */
  readonly idHeader?: string;
  /** Which scope a delivery is about; null for the whole connection. Absent: always the whole connection. */
  route?(delivery: Delivery): string | null;
  handle(ctx: Context<ConfigOf<S>>, delivery: Delivery): Promise<WebhookOutcome>;
}

/**
 * Defines a webhook for a connection type.
 *
 * @example
 * const alerts = defineWebhook(account, {
 *   name: 'alerts',
 *   label: 'Alerts',
 *   setUp: 'In Acme, open Settings → Webhooks, add {url} and paste the signing key here.',
 *   verify: { kind: 'standard-webhooks', secret: '{secret.signingKey}' },
 *   async handle() {
 *     return { nudge: ['alerts'] };
 *   },
 * });
 */
export function defineWebhook<S extends Shape>(
  connection: ConnectionType<S>,
  webhook: WebhookSource<S>,
): BoundTo<WebhookSource<S>> {
  return { ...webhook, connection: connection.name };
}
