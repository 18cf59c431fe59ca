import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, InvalidInputError } from '#kernel/errors';
import { idSchema, newId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import { LINK_KINDS } from './ticket.ts';
import type { TicketChanger } from './ticket-changer.ts';
import type { TicketStore } from './ticket-store.ts';
import type { TicketLinkId, TicketTables } from './ticket-table.ts';

export const linkTicketsInput = z.object({
  ticketId: idSchema('ticket'),
  toTicketId: idSchema('ticket'),
  kind: z.enum(LINK_KINDS),
});

interface Deps {
  readonly db: ScopedDb;
  readonly store: TicketStore;
  readonly changer: TicketChanger;
  readonly clock: Clock;
}

/** Links one ticket with another, of whichever client in reach. */
export class LinkTickets {
  readonly #db: ScopedDb<TicketTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TicketTables>();
    this.#deps = deps;
  }

  /** Throws `tickets.ticket-not-found` for either, `tickets.linked-with-itself`, `tickets.already-linked`. */
  async run(scope: TenantScope, input: z.output<typeof linkTicketsInput>): Promise<{ linkId: TicketLinkId }> {
    const { store, changer, clock } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      if (input.ticketId === input.toTicketId)
        throw new InvalidInputError('tickets.linked-with-itself', 'A ticket cannot be linked with itself.', {
          fields: [{ path: ['toTicketId'], message: 'must be another ticket' }],
        });
      // One order for everybody: two people who link the same two tickets must not wait for each other.
      const isFirst = input.ticketId < input.toTicketId;
      const low = await store.forChange(tx, isFirst ? input.ticketId : input.toTicketId);
      const high = await store.forChange(tx, isFirst ? input.toTicketId : input.ticketId);
      const [from, to] = isFirst ? [low, high] : [high, low];
      const id = newId<'ticket-link'>();
      const made = await tx.query
        .insertInto('ticket_link')
        .values({
          msp_id: scope.mspId,
          id,
          client_id: from.client_id,
          ticket_id: from.id,
          to_client_id: to.client_id,
          to_ticket_id: to.id,
          kind: input.kind,
          created_at: clock.now(),
        })
        .onConflict((conflict) => conflict.doNothing())
        .returning('id')
        .executeTakeFirst();
      if (made === undefined) throw new ConflictError('tickets.already-linked', 'These tickets are linked so already.');
      await changer.apply(tx, from, {}, [{ kind: 'linked', to: `${input.kind} T-${to.number}` }]);
      return { linkId: id };
    });
  }
}
