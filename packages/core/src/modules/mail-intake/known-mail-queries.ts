import { sql } from 'kysely';
import type { ClientId } from '#kernel/id';
import type { TicketId, TicketTables } from '#modules/tickets';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { MailIntakeTables } from './mail-intake-table.ts';

/** A mail that is part of a ticket, whichever way it went. */
export interface KnownMail {
  readonly messageId: string | null;
  readonly direction: 'in' | 'out';
  readonly ticketId: TicketId;
  readonly clientId: ClientId;
  readonly number: number;
}

/** Looks up mails of tickets. */
export class KnownMails {
  /** Those with one of these ids; ours first, because a sender can write any id. */
  async of(tx: AnyTransaction, messageIds: readonly string[]): Promise<KnownMail[]> {
    if (messageIds.length === 0) return [];
    const rows = await tx
      .typed<MailIntakeTables & TicketTables>()
      .query.selectFrom('mail_message as mail')
      .innerJoin('ticket', 'ticket.id', 'mail.ticket_id')
      .select(['mail.message_id', 'mail.direction', 'mail.ticket_id', 'mail.client_id', 'ticket.number'])
      .where('mail.message_id', '=', sql<never>`any(${[...new Set(messageIds)]}::text[])`)
      .orderBy('mail.direction', 'desc')
      .orderBy('mail.id')
      .limit(200)
      .execute();
    return rows.map((row) => ({
      messageId: row.message_id,
      direction: row.direction,
      ticketId: row.ticket_id,
      clientId: row.client_id,
      number: row.number,
    }));
  }

  /** How many mails a sender sent to each of these tickets in the hour before. */
  async recent(
    tx: AnyTransaction,
    address: string,
    ticketIds: readonly TicketId[],
    at: Temporal.Instant,
  ): Promise<Map<string, number>> {
    if (ticketIds.length === 0) return new Map();
    const rows = await tx
      .typed<MailIntakeTables>()
      .query.selectFrom('mail_message')
      .select(['ticket_id', sql<number>`count(*)::int`.as('count')])
      .where('address', '=', address)
      .where('direction', '=', 'in')
      .where('at', '>', at.subtract({ hours: 1 }))
      .where('ticket_id', '=', sql<never>`any(${[...ticketIds]}::uuid[])`)
      .groupBy('ticket_id')
      .execute();
    return new Map(rows.map((row) => [row.ticket_id, row.count]));
  }
}
