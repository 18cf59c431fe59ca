import type { ClientId, MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { InboundMailId, MailboxId, MailboxKind } from './mail-inbox-table.ts';
import type { MailEnvelope } from './mailbox-settings.ts';

/** The mailbox that a mail came by, as its handler needs it. */
export interface InboundMailbox {
  readonly id: MailboxId;
  readonly name: string;
  /** In lower case. */
  readonly address: string;
  readonly kind: MailboxKind;
  /** Whose `Authentication-Results` count (RFC 8601); null where none do. */
  readonly trustedAuthservId: string | null;
  /** Whose the mail is where nothing else tells. */
  readonly defaultClientId: ClientId | null;
  readonly defaultQueue: string | null;
}

/** A raw mail that waits to be handled. */
export interface InboundMail {
  readonly id: InboundMailId;
  readonly mailbox: InboundMailbox;
  /** RFC 5322 as it came, at most 50 MB. */
  readonly raw: Buffer;
  /** Lower-case hex of the raw mail. */
  readonly sha256: string;
  /** Null where it was fetched from a mailbox. */
  readonly envelope: MailEnvelope | null;
  /** When the mailbox or the listener got it; never the sender's `Date`. */
  readonly receivedAt: Temporal.Instant;
  /** 1 for the first try. */
  readonly attempt: number;
}

/** What became of a mail. Reasons are sentences for people. */
export type InboundOutcome =
  | { readonly kind: 'placed'; readonly clientId: ClientId; readonly reason?: string }
  | { readonly kind: 'quarantined'; readonly reason: string; readonly clientId?: ClientId }
  | { readonly kind: 'ignored'; readonly reason: string; readonly clientId?: ClientId };

/**
 * Turns raw mails into what they mean. Given at composition.
 *
 * A mail is handled at least once and takes effect exactly once: `handle` gets a scope that is bound to the transaction in which the mail's state is set, so what it writes under it commits with
 * that state or not at all. What it throws rolls both back, and the mail is tried again later; after some tries it is quarantined with the error as its reason. What must not happen in that transaction
 * (reading a large mail, putting bytes into the file store) belongs into `prepare`, which may run more often than `handle`.
 */
export interface InboundMailHandler<Prepared = unknown> {
  prepare?(scope: TenantScope, mail: InboundMail): Promise<Prepared>;
  handle(scope: TenantScope, mail: InboundMail, prepared: Prepared): Promise<InboundOutcome>;
}

/** Makes the scope in which one MSP's mail is fetched and handled. Given at composition, from where scopes are made. */
export type MakeMailScope = (mspId: MspId) => TenantScope;
