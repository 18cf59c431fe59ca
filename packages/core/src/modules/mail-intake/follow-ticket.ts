import type { ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { SettleInbound } from '#modules/mail-inbox';
import type { TicketId } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { MailIntakeTables } from './mail-intake-table.ts';

/** Lets raw mails go with their ticket when its client is corrected; what this module keeps of them goes by its keys. */
export class FollowTicket {
  readonly #db: ScopedDb<MailIntakeTables>;
  readonly #settle: SettleInbound;

  constructor(deps: { db: ScopedDb; settle: SettleInbound }) {
    this.#db = deps.db.typed<MailIntakeTables>();
    this.#settle = deps.settle;
  }

  async moved(scope: TenantScope, { ticketId, clientId }: { ticketId: TicketId; clientId: ClientId }): Promise<void> {
    await this.#db.transaction(scope, async (tx) => {
      const rows = await tx.query
        .selectFrom('mail_message')
        .select('inbound_id')
        .where('client_id', '=', clientId)
        .where('ticket_id', '=', ticketId)
        .where('inbound_id', 'is not', null)
        .execute();
      const mailIds = rows.flatMap(({ inbound_id: id }) => (id === null ? [] : [id]));
      await this.#settle.giveTo(tx, mailIds, clientId);
    });
  }
}
