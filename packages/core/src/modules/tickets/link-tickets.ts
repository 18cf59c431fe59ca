import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, InvalidInputError, NotFoundError } from '#kernel/errors';
import { idSchema, newId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { LiveHub } from '#platform/live';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import { LINK_KINDS, type LinkKind } from './ticket.ts';
import type { TicketChanger } from './ticket-changer.ts';
import type { HistoryEntry, TicketHistory } from './ticket-history.ts';
import { assertMayBeChild } from './ticket-family.ts';
import type { TicketStore } from './ticket-store.ts';
import type { TicketLinkId, TicketTables } from './ticket-table.ts';

export const linkTicketsInput = z.object({
  ticketId: idSchema('ticket'),
  toTicketId: idSchema('ticket'),
  kind: z.enum(LINK_KINDS),
});

export const unlinkTicketsInput = z.object({ ticketId: idSchema('ticket'), linkId: idSchema('ticket-link') });

/** What the near ticket is to the far one. */
const BACK: Readonly<Record<LinkKind, string>> = {
  related: 'related',
  'duplicate-of': 'has-duplicate',
  'child-of': 'parent-of',
  'caused-by': 'cause-of',
  'split-from': 'split-into',
};

interface Deps {
  readonly db: ScopedDb;
  readonly store: TicketStore;
  readonly changer: TicketChanger;
  readonly history: TicketHistory;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Links one ticket with another, of whichever client in reach, and takes links away. */
export class LinkTickets {
  readonly #db: ScopedDb<TicketTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TicketTables>();
    this.#deps = deps;
  }

  /** Throws `tickets.ticket-not-found` for either, `tickets.linked-with-itself`, `tickets.already-linked`, `tickets.is-merged`, and for `child-of` what `assertMayBeChild` throws. */
  async run(
    scope: TenantScope,
    input: z.output<typeof linkTicketsInput>,
    within?: AnyTransaction,
  ): Promise<{ linkId: TicketLinkId }> {
    const { store, changer, clock } = this.#deps;
    const link = async (tx: ScopedTransaction<TicketTables>): Promise<{ linkId: TicketLinkId }> => {
      if (input.ticketId === input.toTicketId)
        throw new InvalidInputError('tickets.linked-with-itself', 'A ticket cannot be linked with itself.', {
          fields: [{ path: ['toTicketId'], message: 'must be another ticket' }],
        });
      // One order for everybody: two people who link the same two tickets must not wait for each other.
      const isFirst = input.ticketId < input.toTicketId;
      const low = await store.forChange(tx, isFirst ? input.ticketId : input.toTicketId);
      const high = await store.forChange(tx, isFirst ? input.toTicketId : input.ticketId);
      const [from, to] = isFirst ? [low, high] : [high, low];
      if (to.merged_into_id !== null)
        throw new ConflictError('tickets.is-merged', `T-${to.number} was merged into another ticket. Link that one.`);
      if (input.kind === 'child-of') await assertMayBeChild(tx, from, to);
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
      await this.#note(tx, to, { kind: 'linked', to: `${BACK[input.kind]} T-${from.number}` });
      return { linkId: id };
    };
    return this.#db.transaction(scope, link, within);
  }

  /** Takes a link away, from whichever end. Throws `tickets.ticket-not-found`, `tickets.link-not-found`. */
  async remove(scope: TenantScope, input: z.output<typeof unlinkTicketsInput>): Promise<void> {
    const { store, changer } = this.#deps;
    await this.#db.transaction(scope, async (tx) => {
      const ticket = await store.forChange(tx, input.ticketId);
      const gone = await tx.query
        .deleteFrom('ticket_link')
        .where('id', '=', input.linkId)
        .where((link) => link.or([link('ticket_id', '=', ticket.id), link('to_ticket_id', '=', ticket.id)]))
        .returning(['ticket_id', 'to_ticket_id', 'kind'])
        .executeTakeFirst();
      if (gone === undefined) throw new NotFoundError('tickets.link-not-found', 'There is no such link.');
      const isFrom = gone.ticket_id === ticket.id;
      const other = await tx.query
        .selectFrom('ticket')
        .select(['id', 'client_id', 'number', 'version'])
        .where('id', '=', isFrom ? gone.to_ticket_id : gone.ticket_id)
        .executeTakeFirst();
      const [here, there] = isFrom ? [gone.kind, BACK[gone.kind]] : [BACK[gone.kind], gone.kind];
      await changer.apply(tx, ticket, {}, [{ kind: 'unlinked', to: `${here} T-${other?.number ?? '…'}` }]);
      if (other !== undefined) await this.#note(tx, other, { kind: 'unlinked', to: `${there} T-${ticket.number}` });
    });
  }

  /** The far end's history tells it too. Its version stays: whoever is changing that ticket has nothing to look at again. */
  async #note(
    tx: ScopedTransaction<TicketTables>,
    ticket: Pick<TicketTables['ticket'], 'id' | 'client_id'> & { version: number },
    entry: HistoryEntry,
  ): Promise<void> {
    const { id, client_id: clientId, version } = ticket;
    await this.#deps.history.append(tx, { id, client_id: clientId, version }, this.#deps.clock.now(), [entry]);
    this.#deps.live.touch(tx, { clientId, topic: 'ticket', id, version });
  }
}
