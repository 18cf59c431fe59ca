import type { TicketId } from '#modules/tickets';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { MailIntakeTables, MailMessageId, WatcherId } from './mail-intake-table.ts';

/** Mails and watchers that went from one ticket to another, by their ids. */
export interface MovedMails {
  readonly mails: readonly string[];
  readonly watchers: readonly string[];
}

/** Keeps a list from being empty, which SQL has no word for. */
const NOTHING = '00000000-0000-0000-0000-000000000000' as MailMessageId;

/** Carries a ticket's mails, so that answers to them find their way, and who reads along, to another of the same client, as when the two are merged. */
export class MoveMails {
  /** Joins the caller's transaction. All, or `only` those. Who watches both already stays on both. Answers with what was carried. */
  async move(within: AnyTransaction, from: TicketId, to: TicketId, only?: MovedMails): Promise<MovedMails> {
    const tx = within.typed<MailIntakeTables>();
    let mails = tx.query.updateTable('mail_message').set({ ticket_id: to }).where('ticket_id', '=', from);
    if (only !== undefined) mails = mails.where('id', 'in', [NOTHING, ...(only.mails as MailMessageId[])]);
    const moved = await mails.returning('id').execute();
    const watchers = await tx.sql<{ id: WatcherId }>(
      `update mail_watcher w set ticket_id = $3
       where w.msp_id = $1 and w.ticket_id = $2 and ($4::uuid[] is null or w.id = any($4))
         and not exists (select from mail_watcher o where o.msp_id = w.msp_id and o.ticket_id = $3 and o.address = w.address)
       returning w.id`,
      [tx.scope.mspId, from, to, only?.watchers ?? null],
    );
    return { mails: moved.map((row) => row.id), watchers: watchers.map((row) => row.id) };
  }
}
