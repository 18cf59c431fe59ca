import { newId, type ClientId } from '#kernel/id';
import type { InboundMailId } from '#modules/mail-inbox';
import type { TicketId } from '#modules/tickets';
import type { Insertable, Updateable } from 'kysely';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { MailIntakeTables, MailMessageId } from './mail-intake-table.ts';

export type NewMessage = Omit<Insertable<MailIntakeTables['mail_message']>, 'msp_id' | 'id'>;
export type NewQuarantine = Omit<
  Insertable<MailIntakeTables['mail_quarantine']>,
  'msp_id' | 'id' | 'state' | 'ticket_id' | 'decided_by' | 'decided_at' | 'note' | 'version'
>;
export type NewWatcher = Omit<Insertable<MailIntakeTables['mail_watcher']>, 'msp_id' | 'id'>;

/** The only writer of what this module owns. */
export class MailIntakeStore {
  /** False where the same mail came before, as another one. */
  async markSeen(tx: AnyTransaction, digest: Buffer, inboundId: InboundMailId, at: Temporal.Instant): Promise<boolean> {
    const { query, scope } = tx.typed<MailIntakeTables>();
    const { numInsertedOrUpdatedRows } = await query
      .insertInto('mail_seen')
      .values({ msp_id: scope.mspId, digest, inbound_id: inboundId, seen_at: at })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows !== 0n) return true;
    const known = await query
      .selectFrom('mail_seen')
      .select('inbound_id')
      .where('digest', '=', digest)
      .executeTakeFirst();
    return known?.inbound_id === inboundId;
  }

  async insertMessage(tx: AnyTransaction, message: NewMessage): Promise<MailMessageId> {
    const { query, scope } = tx.typed<MailIntakeTables>();
    const id: MailMessageId = newId();
    await query
      .insertInto('mail_message')
      .values({ msp_id: scope.mspId, id, ...message })
      .execute();
    return id;
  }

  /** Adds who is not there yet. */
  async addWatchers(tx: AnyTransaction, watchers: readonly NewWatcher[]): Promise<void> {
    if (watchers.length === 0) return;
    const { query, scope } = tx.typed<MailIntakeTables>();
    await query
      .insertInto('mail_watcher')
      .values(watchers.map((watcher) => ({ msp_id: scope.mspId, id: newId<'mail-watcher'>(), ...watcher })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async quarantine(tx: AnyTransaction, mail: NewQuarantine): Promise<void> {
    const { query, scope } = tx.typed<MailIntakeTables>();
    await query
      .insertInto('mail_quarantine')
      .values({
        msp_id: scope.mspId,
        id: newId<'mail-quarantine'>(),
        ...mail,
        state: 'waiting',
        ticket_id: null,
        decided_by: null,
        decided_at: null,
        note: null,
      })
      .onConflict((conflict) => conflict.columns(['msp_id', 'inbound_id']).doNothing())
      .execute();
  }

  /** Keeps what somebody decided about a mail. */
  async decide(
    tx: AnyTransaction,
    inboundId: InboundMailId,
    decision: Pick<
      Updateable<MailIntakeTables['mail_quarantine']>,
      'state' | 'client_id' | 'ticket_id' | 'decided_by' | 'decided_at' | 'note'
    >,
  ): Promise<void> {
    await tx
      .typed<MailIntakeTables>()
      .query.updateTable('mail_quarantine')
      .set((eb) => ({ ...decision, version: eb('version', '+', 1) }))
      .where('inbound_id', '=', inboundId)
      .execute();
  }

  /** Notes that mail does not reach an address of a client. */
  async markUndeliverable(
    tx: AnyTransaction,
    mail: {
      clientId: ClientId;
      address: string;
      status: string | null;
      diagnostic: string | null;
      at: Temporal.Instant;
    },
  ): Promise<void> {
    const { query, scope } = tx.typed<MailIntakeTables>();
    const { status, diagnostic } = mail;
    await query
      .insertInto('mail_undeliverable')
      .values({
        msp_id: scope.mspId,
        id: newId<'mail-undeliverable'>(),
        client_id: mail.clientId,
        address: mail.address,
        status,
        diagnostic,
        since: mail.at,
      })
      .onConflict((conflict) =>
        conflict.columns(['msp_id', 'client_id', 'address']).doUpdateSet({ status, diagnostic, since: mail.at }),
      )
      .execute();
  }

  /** Says on a mail of ours that it came back. */
  async markReturned(tx: AnyTransaction, messageId: string, why: string): Promise<void> {
    await tx
      .typed<MailIntakeTables>()
      .query.updateTable('mail_message')
      .set({ warnings: [why] })
      .where('message_id', '=', messageId)
      .where('direction', '=', 'out')
      .execute();
  }

  /** Whoever writes from an address can be reached at it again. Returns whether it was marked. */
  async clearUndeliverable(tx: AnyTransaction, clientId: ClientId, address: string): Promise<boolean> {
    const { numDeletedRows } = await tx
      .typed<MailIntakeTables>()
      .query.deleteFrom('mail_undeliverable')
      .where('client_id', '=', clientId)
      .where('address', '=', address)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }

  async removeWatcher(tx: AnyTransaction, ticketId: TicketId, address: string): Promise<void> {
    await tx
      .typed<MailIntakeTables>()
      .query.deleteFrom('mail_watcher')
      .where('ticket_id', '=', ticketId)
      .where('address', '=', address)
      .execute();
  }
}
