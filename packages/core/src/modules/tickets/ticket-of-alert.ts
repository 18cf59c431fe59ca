import { z } from 'zod';
import { idSchema } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { alertIdSchema, type AlertId, type AlertQueries } from '#modules/alerts';
import type { ScopedDb } from '#platform/db/scoped-db';
import { TICKET_STATUSES } from './ticket.ts';
import type { TicketTables } from './ticket-table.ts';

export const getTicketOfAlertInput = z.object({ alertId: alertIdSchema });
export const ticketOfAlertView = z.object({
  ticket: z
    .object({ id: idSchema('ticket'), number: z.int(), subject: z.string(), status: z.enum(TICKET_STATUSES) })
    .nullable(),
});

/** Which ticket an alert became, or joined. */
export class TicketOfAlert {
  readonly #db: ScopedDb<TicketTables>;
  readonly #alerts: AlertQueries;

  constructor(deps: { db: ScopedDb; alerts: AlertQueries }) {
    this.#db = deps.db.typed<TicketTables>();
    this.#alerts = deps.alerts;
  }

  /** Null where no rule wanted a ticket, or it moved out of reach. Throws `alerts.alert-not-found`, also for another tenant's. */
  async get(scope: TenantScope, alertId: AlertId): Promise<z.input<typeof ticketOfAlertView>> {
    await this.#alerts.get(scope, alertId);
    const ticket = await this.#db.readFirst(scope, (query) =>
      query
        .selectFrom('ticket_alert')
        .innerJoin('ticket', 'ticket.id', 'ticket_alert.ticket_id')
        .select(['ticket.id', 'ticket.number', 'ticket.subject', 'ticket.status'])
        .where('ticket_alert.alert_id', '=', alertId),
    );
    return { ticket: ticket ?? null };
  }
}
