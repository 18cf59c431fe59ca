import type { ClientId, Id, MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';

/** Where an address leads. */
export interface MailRoute {
  readonly mspId: MspId;
  readonly clientId: ClientId | null;
  readonly subjectId: string;
}

/** What the listener needs of the domain; composition gives it. */
export interface MailDoorNeeds {
  /** The mailbox of an address, or null. */
  findRoute(kind: 'mailbox', address: string): Promise<MailRoute | null>;
  mailboxState(scope: TenantScope, mailboxId: Id<'mail-mailbox'>): Promise<string>;
  /** Stores a mail; resolves only when it is safe. */
  takeMail(
    scope: TenantScope,
    mail: {
      mailboxId: Id<'mail-mailbox'>;
      raw: Buffer;
      envelope: { from: string; to: string[]; relay: string };
    },
  ): Promise<unknown>;
}
