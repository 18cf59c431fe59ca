import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError } from '#kernel/errors';
import { idSchema } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import { ticketLabel, type TicketForWork, type TicketId } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import type { MailIntakeStore } from './mail-intake-store.ts';
import type { MailIntakeTables } from './mail-intake-table.ts';
import { contactsAmong, MAX_WATCHERS } from './watcher-queries.ts';

const address = z.email({ error: 'must be an e-mail address' }).max(254).toLowerCase();

export const addWatcherInput = z.object({
  ticketId: idSchema('ticket'),
  address,
  name: text({ max: 120 }).optional(),
});
export const watcherInput = z.object({ ticketId: idSchema('ticket'), address });

interface Deps {
  readonly db: ScopedDb;
  readonly store: MailIntakeStore;
  readonly tickets: TicketForWork;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Who reads along on a ticket: gets by mail what staff answer. */
export class ChooseWatchers {
  readonly #db: ScopedDb<MailIntakeTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<MailIntakeTables>();
    this.#deps = deps;
  }

  /** Also lets somebody read along who was only listed. Throws `tickets.ticket-not-found`, `mail-intake.too-many-watchers`. */
  async add(
    scope: TenantScope,
    input: z.output<typeof addWatcherInput>,
    within?: AnyTransaction,
  ): Promise<{ ticketId: TicketId }> {
    const { store, clock } = this.#deps;
    return this.#change(
      scope,
      input.ticketId,
      `Let ${input.address} read along on`,
      async (tx, ticket) => {
        const contacts = await contactsAmong(tx, ticket.client_id, [input.address]);
        const others = await tx
          .typed<MailIntakeTables>()
          .query.selectFrom('mail_watcher')
          .select('id')
          .where('ticket_id', '=', ticket.id)
          .where('address', '<>', input.address)
          .where('is_mailed', '=', true)
          .limit(MAX_WATCHERS)
          .execute();
        if (others.length >= MAX_WATCHERS)
          throw new ConflictError(
            'mail-intake.too-many-watchers',
            `At most ${MAX_WATCHERS} people can read along on a ticket.`,
          );
        await store.removeWatcher(tx, ticket.id, input.address);
        await store.addWatchers(tx, [
          {
            client_id: ticket.client_id,
            ticket_id: ticket.id,
            contact_id: contacts.get(input.address) ?? null,
            address: input.address,
            name: input.name ?? null,
            is_mailed: true,
            added_by: scope.actor.label,
            created_at: clock.now(),
          },
        ]);
      },
      within,
    );
  }

  /** Whether an address reads along on a ticket already. */
  async reads(within: AnyTransaction, ticketId: TicketId, address: string): Promise<boolean> {
    const row = await within
      .typed<MailIntakeTables>()
      .query.selectFrom('mail_watcher')
      .select('id')
      .where('ticket_id', '=', ticketId)
      .where('address', '=', address)
      .where('is_mailed', '=', true)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** Nothing happens where the address is not there. Throws `tickets.ticket-not-found`. */
  async remove(scope: TenantScope, input: z.output<typeof watcherInput>): Promise<{ ticketId: TicketId }> {
    return this.#change(scope, input.ticketId, `Let ${input.address} no longer read along on`, (tx, ticket) =>
      this.#deps.store.removeWatcher(tx, ticket.id, input.address),
    );
  }

  /** Sends to an address again that mail did not reach. Throws `tickets.ticket-not-found`. */
  async tryAddressAgain(scope: TenantScope, input: z.output<typeof watcherInput>): Promise<{ ticketId: TicketId }> {
    return this.#change(scope, input.ticketId, `Mail to ${input.address} is tried again, by`, async (tx, ticket) => {
      await this.#deps.store.clearUndeliverable(tx, ticket.client_id, input.address);
    });
  }

  async #change(
    scope: TenantScope,
    ticketId: TicketId,
    what: string,
    work: (tx: AnyTransaction, ticket: Awaited<ReturnType<TicketForWork['read']>>) => Promise<void>,
    within?: AnyTransaction,
  ): Promise<{ ticketId: TicketId }> {
    return this.#db.transaction(
      scope,
      async (tx) => {
        const ticket = await this.#deps.tickets.read(tx, ticketId);
        await work(tx, ticket);
        await this.#deps.audit.record(tx, {
          action: 'mail-intake.choose-watchers',
          subject: { kind: 'ticket', id: ticketId, clientId: ticket.client_id },
          summary: `${what} ${ticketLabel(ticket.number)}`,
        });
        this.#deps.live.touch(tx, { clientId: ticket.client_id, topic: 'mail', id: ticketId, version: 1 });
        return { ticketId };
      },
      within,
    );
  }
}
