import { sql } from 'kysely';
import type { TenantScope } from '#kernel/tenant-scope';
import type { MailboxId } from '#modules/mail-inbox';
import type { TicketId, TicketQueries } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { MailTables } from '#platform/mail/mail-table';
import type { MailIntakeTables } from './mail-intake-table.ts';
import type { TicketMailsView } from './ticket-mail-view.ts';

interface Tables extends MailIntakeTables, Pick<MailTables, 'mail_outbox'> {
  mail_mailbox: { id: MailboxId; address: string; state: string };
}

const MAX_MAILS = 500;

/** Reads the mails of a ticket and who reads along. */
export class TicketMailQueries {
  readonly #db: ScopedDb<Tables>;
  readonly #tickets: TicketQueries;

  constructor(deps: { db: ScopedDb; tickets: TicketQueries }) {
    this.#db = deps.db.typed<Tables>();
    this.#tickets = deps.tickets;
  }

  /** Throws `tickets.ticket-not-found`, also for another tenant's. */
  async get(scope: TenantScope, ticketId: TicketId): Promise<TicketMailsView> {
    const ticket = await this.#tickets.row(scope, ticketId);
    const [mails, watchers, undeliverable, mailbox] = await Promise.all([
      this.#mails(scope, ticket),
      this.#db.read(scope, (query) =>
        query
          .selectFrom('mail_watcher')
          .select(['address', 'name', 'contact_id', 'is_mailed', 'added_by'])
          .where('client_id', '=', ticket.client_id)
          .where('ticket_id', '=', ticketId)
          .orderBy('is_mailed', 'desc')
          .orderBy('address'),
      ),
      this.#db.read(scope, (query) =>
        query
          .selectFrom('mail_undeliverable')
          .select(['address', 'since', 'diagnostic'])
          .where('client_id', '=', ticket.client_id)
          .orderBy('address')
          .limit(200),
      ),
      this.#db.readFirst(scope, (query) =>
        query.selectFrom('mail_mailbox').select('address').where('state', '=', 'active').orderBy('id').limit(1),
      ),
    ]);
    return {
      mails,
      watchers: watchers.map((row) => ({
        address: row.address,
        name: row.name,
        isContact: row.contact_id !== null,
        isMailed: row.is_mailed,
        addedBy: row.added_by,
      })),
      undeliverable: undeliverable.map((row) => ({
        address: row.address,
        since: row.since.toString(),
        diagnostic: row.diagnostic,
      })),
      mailbox: mailbox?.address ?? null,
    };
  }

  async #mails(scope: TenantScope, ticket: { id: TicketId; client_id: string }): Promise<TicketMailsView['mails']> {
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('mail_message as mail')
        .leftJoin('mail_outbox as outbox', 'outbox.id', 'mail.outbox_id')
        .select([
          'mail.id',
          'mail.comment_id',
          'mail.direction',
          'mail.kind',
          'mail.inbound_id',
          'mail.address',
          'mail.name',
          'mail.subject',
          'mail.at',
          'mail.why',
          'mail.warnings',
          'outbox.state',
          'outbox.recipients',
          'outbox.last_error',
          'outbox.sent_at',
        ])
        .where(sql<boolean>`mail.client_id = ${ticket.client_id}::uuid`)
        .where('mail.ticket_id', '=', ticket.id)
        .orderBy('mail.at', 'desc')
        .limit(MAX_MAILS),
    );
    return rows.toReversed().map((row) => ({
      id: row.id,
      commentId: row.comment_id,
      direction: row.direction,
      kind: row.kind,
      mailId: row.inbound_id,
      address: row.address,
      name: row.name,
      subject: row.subject,
      at: row.at.toString(),
      why: row.why,
      warnings: row.warnings,
      delivery:
        row.state === null
          ? null
          : {
              state: row.state,
              to: (row.recipients ?? []).map(({ address }) => address),
              lastError: row.last_error,
              sentAt: row.sent_at?.toString() ?? null,
            },
    }));
  }
}
