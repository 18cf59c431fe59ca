import { sql } from 'kysely';
import { isUuid, type ClientId } from '#kernel/id';
import type { TenancyTables } from '#modules/tenancy';
import type { TicketCommentId, TicketId, TicketTables } from '#modules/tickets';
import type { MailboxId, MailboxKind } from '#modules/mail-inbox';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { fileIdsShownIn } from '#platform/mail/mail-html';
import type { MailIntakeTables } from './mail-intake-table.ts';
import type { PastMail, PublicWords, Reader, SendingMailbox, TicketOfMail } from './ticket-mail-facts.ts';

interface Tables extends MailIntakeTables, TicketTables, TenancyTables {
  mail_mailbox: { id: MailboxId; address: string; kind: MailboxKind; state: string };
}

/** A ticket with its client, by which its rows are found. */
export interface TicketKeys {
  readonly id: TicketId;
  readonly clientId: ClientId;
}

/** Reads what the mails of a ticket are made of, in the transaction that writes them. */
export class TicketMailReader {
  /** Null for a ticket that is gone. */
  async ticket(tx: AnyTransaction, ticketId: TicketId): Promise<(TicketOfMail & { contact: Reader | null }) | null> {
    const row = await tx
      .typed<Tables>()
      .query.selectFrom('ticket')
      .innerJoin('client', 'client.id', 'ticket.client_id')
      .leftJoin('contact', (join) =>
        join.onRef('contact.id', '=', 'ticket.contact_id').on('contact.is_active', '=', true),
      )
      .select([
        'ticket.id',
        'ticket.number',
        'ticket.client_id',
        'ticket.subject',
        'ticket.source',
        'ticket.status',
        'client.state',
        'contact.email',
        'contact.name',
      ])
      .where('ticket.id', '=', ticketId)
      .executeTakeFirst();
    if (row === undefined) return null;
    return {
      id: row.id,
      number: row.number,
      clientId: row.client_id,
      subject: row.subject,
      source: row.source,
      status: row.status,
      clientState: row.state,
      contact: row.email === null ? null : { address: row.email, name: row.name },
    };
  }

  /** The ticket's mails, oldest first. */
  async past(tx: AnyTransaction, ticket: TicketKeys): Promise<PastMail[]> {
    const rows = await tx
      .typed<Tables>()
      .query.selectFrom('mail_message')
      .select(['message_id', 'direction', 'kind', 'address', 'mailbox_id'])
      .where('client_id', '=', ticket.clientId)
      .where('ticket_id', '=', ticket.id)
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(500)
      .execute();
    return rows.toReversed().map((row) => ({
      messageId: row.message_id,
      direction: row.direction,
      kind: row.kind,
      address: row.address,
      mailboxId: row.mailbox_id,
    }));
  }

  async watchers(tx: AnyTransaction, ticketId: TicketId): Promise<Reader[]> {
    const rows = await tx
      .typed<Tables>()
      .query.selectFrom('mail_watcher')
      .select(['address', 'name'])
      .where('ticket_id', '=', ticketId)
      .where('is_mailed', '=', true)
      .orderBy('id')
      .limit(40)
      .execute();
    return rows;
  }

  /** Those of the addresses that mail does not reach. */
  async unreachable(tx: AnyTransaction, ticket: TicketOfMail): Promise<Set<string>> {
    const rows = await tx
      .typed<Tables>()
      .query.selectFrom('mail_undeliverable')
      .select('address')
      .where('client_id', '=', ticket.clientId)
      .execute();
    return new Set(rows.map((row) => row.address));
  }

  /** The mailbox by which the ticket's mails came, as long as it is there; else the MSP's first. Null where there is none. */
  async mailbox(tx: AnyTransaction, past: readonly PastMail[]): Promise<SendingMailbox | null> {
    const last = past.findLast(({ mailboxId }) => mailboxId !== null)?.mailboxId ?? null;
    const row = await tx
      .typed<Tables>()
      .query.selectFrom('mail_mailbox')
      .select(['id', 'address', 'kind'])
      .where('state', '=', 'active')
      .orderBy(sql`(id = ${last}::uuid) is true`, 'desc')
      .orderBy('id')
      .limit(1)
      .executeTakeFirst();
    return row ?? null;
  }

  /** The newest public words of a ticket, newest first, with their files. */
  async publicWords(tx: AnyTransaction, ticket: TicketKeys, upTo: TicketCommentId | null): Promise<PublicWords[]> {
    const { query } = tx.typed<Tables>();
    let list = query
      .selectFrom('ticket_comment')
      .select(['id', 'author_kind', 'author_label', 'body', 'html', 'created_at'])
      .where('client_id', '=', ticket.clientId)
      .where('ticket_id', '=', ticket.id)
      .where('visibility', '=', 'public');
    if (upTo !== null) list = list.where('id', '<=', upTo);
    const rows = await list.orderBy('id', 'desc').limit(2).execute();
    const [newest] = rows;
    if (newest === undefined) return [];
    const shown = fileIdsShownIn(newest.html ?? '').filter(isUuid);
    const files = await query
      .selectFrom('ticket_attachment')
      .select(['file_id', 'file_name', 'size_bytes'])
      .where('client_id', '=', ticket.clientId)
      .where('ticket_id', '=', ticket.id)
      // An image of an earlier message of the same ticket may be shown again; the client has it already.
      .where((eb) =>
        eb.or([
          eb('comment_id', '=', newest.id),
          eb.and([eb('visibility', '=', 'public'), eb('file_id', '=', sql<never>`any(${shown}::uuid[])`)]),
        ]),
      )
      .orderBy('id')
      .execute();
    return rows.map((row) => ({
      id: row.id,
      authorKind: row.author_kind,
      authorName: row.author_label,
      body: row.body,
      html: row.html,
      at: row.created_at,
      files:
        row.id === newest.id
          ? files.map((file) => ({ fileId: file.file_id, name: file.file_name, sizeBytes: file.size_bytes }))
          : [],
    }));
  }

  /** Whether this version of the ticket is the one that resolved it, and was no reply's. */
  async isResolvedAlone(tx: AnyTransaction, ticket: TicketKeys, version: number): Promise<boolean> {
    const rows = await tx
      .typed<Tables>()
      .query.selectFrom('ticket_event')
      .select(['kind', 'to_value'])
      .where('client_id', '=', ticket.clientId)
      .where('ticket_id', '=', ticket.id)
      .where('ticket_version', '=', version)
      .execute();
    return (
      rows.some((row) => row.kind === 'status' && row.to_value === 'resolved') &&
      !rows.some((row) => row.kind === 'public-reply')
    );
  }

  /** True where this was mailed already. */
  async isMailed(
    tx: AnyTransaction,
    ticket: TicketKeys,
    what: { commentId: TicketCommentId } | { kind: 'acknowledgement' },
  ): Promise<boolean> {
    const mails = tx
      .typed<Tables>()
      .query.selectFrom('mail_message')
      .select('id')
      .where('client_id', '=', ticket.clientId)
      .where('ticket_id', '=', ticket.id)
      .where('direction', '=', 'out');
    const row = await (
      'commentId' in what ? mails.where('comment_id', '=', what.commentId) : mails.where('kind', '=', what.kind)
    ).executeTakeFirst();
    return row !== undefined;
  }

  /** How many mails we sent to an address by ourselves since then. */
  async automaticSince(tx: AnyTransaction, address: string, since: Temporal.Instant): Promise<number> {
    const { count } = await tx
      .typed<Tables>()
      .query.selectFrom('mail_message')
      .select(sql<number>`count(*)::int`.as('count'))
      .where('address', '=', address)
      .where('direction', '=', 'out')
      .where('kind', 'in', ['acknowledgement', 'resolution'])
      .where('at', '>', since)
      .executeTakeFirstOrThrow();
    return count;
  }
}
