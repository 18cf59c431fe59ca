import { sql } from 'kysely';
import { NotFoundError } from '#kernel/errors';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { InboundRow } from './inbound-store.ts';
import type { InboundMail, InboundMailbox } from './mail-inbox-needs.ts';
import type { InboundMailId, MailboxId, MailboxState, MailInboxTables } from './mail-inbox-table.ts';

/** PostgreSQL answers bytes as hexadecimal text, so that a large mail would stand in memory three times; it is read in pieces. */
const PIECE_BYTES = 4 * 1024 * 1024;

/** Reads raw mails. What may be shown of one to whom is for the module that shows it. */
export class InboundQueries {
  readonly #db: ScopedDb<MailInboxTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<MailInboxTables>();
  }

  /** One mail with its bytes, in whatever state. Throws `mail-inbox.mail-not-found`, also for another tenant's and `mail-inbox.mail-not-kept` where its bytes are kept no more. */
  async get(scope: TenantScope, mailId: InboundMailId): Promise<InboundMail> {
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('mail_inbound').selectAll().where('id', '=', mailId),
    );
    if (row === undefined) throw mailNotFound();
    if (row.raw_removed_at !== null) throw mailNotKept();
    return this.open(scope, row, await this.mailbox(scope, row.mailbox_id));
  }

  /** The same, of a row that was read. */
  async open(scope: TenantScope, row: InboundRow, mailbox: InboundMailbox): Promise<InboundMail> {
    return {
      id: row.id,
      mailbox,
      raw: await this.#bytes(scope, row.id),
      sha256: row.sha256.toString('hex'),
      envelope: row.envelope,
      receivedAt: row.received_at,
      attempt: row.attempts,
    };
  }

  /** The mailbox that a mail came by, also one that was removed since. */
  async mailbox(scope: TenantScope, id: MailboxId): Promise<InboundMailbox> {
    const row = await this.#db.readFirst(scope, (query) =>
      query
        .selectFrom('mail_mailbox')
        .select(['id', 'name', 'address', 'kind', 'trusted_authserv_id', 'default_client_id', 'default_queue'])
        .where('id', '=', id),
    );
    if (row === undefined) throw new NotFoundError('mail-inbox.mailbox-not-found', 'There is no such mailbox.');
    return {
      id: row.id,
      name: row.name,
      address: row.address,
      kind: row.kind,
      trustedAuthservId: row.trusted_authserv_id,
      defaultClientId: row.default_client_id,
      defaultQueue: row.default_queue,
    };
  }

  /** Whether mail is taken for a mailbox just now. */
  async mailboxState(scope: TenantScope, id: MailboxId): Promise<MailboxState> {
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('mail_mailbox').select('state').where('id', '=', id),
    );
    return row?.state ?? 'removed';
  }

  async #bytes(scope: TenantScope, id: InboundMailId): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (;;) {
      const from = pieces.length * PIECE_BYTES + 1;
      const row = await this.#db.readFirst(scope, (query) =>
        query
          .selectFrom('mail_inbound_raw')
          .select(sql<Buffer>`substring(content from ${sql.lit(from)} for ${sql.lit(PIECE_BYTES)})`.as('piece'))
          .where('mail_id', '=', id),
      );
      if (row === undefined) throw mailNotFound();
      pieces.push(row.piece);
      if (row.piece.byteLength < PIECE_BYTES) return Buffer.concat(pieces);
    }
  }
}

function mailNotFound(): NotFoundError {
  return new NotFoundError('mail-inbox.mail-not-found', 'There is no such mail.');
}

/** Of a mail of which we still know that it came. */
export function mailNotKept(): NotFoundError {
  return new NotFoundError(
    'mail-inbox.mail-not-kept',
    'This mail came so long ago that it is kept no more. The settings of mailboxes say for how long mails are.',
  );
}
