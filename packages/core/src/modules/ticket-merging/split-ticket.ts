import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import { TICKET_TYPES } from '#modules/desk-catalogue';
import type {
  CopyComment,
  LinkTickets,
  OpenTicket,
  TicketChanger,
  TicketId,
  TicketRow,
  TicketStore,
  TicketTables,
} from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';

export const splitTicketInput = z.object({
  ticketId: idSchema('ticket'),
  /** What the new ticket begins with. */
  commentId: idSchema('ticket-comment'),
  subject: text({ max: 200 }),
  /** Left out, that of the ticket it comes from. */
  type: z.enum(TICKET_TYPES).optional(),
});

interface Deps {
  readonly db: ScopedDb;
  readonly store: TicketStore;
  readonly changer: TicketChanger;
  readonly open: OpenTicket;
  readonly copy: CopyComment;
  readonly links: LinkTickets;
}

/** Makes a ticket of its own out of something that was said on another. */
export class SplitTicket {
  readonly #db: ScopedDb<TicketTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TicketTables>();
    this.#deps = deps;
  }

  /**
   * The comment begins the new ticket and stays where it was said; the new ticket is for the same people and place, and names the one it comes from. Files stay there. Throws
   * `tickets.ticket-not-found`, `tickets.comment-not-found`, `tickets.is-merged`, and what `OpenTicket` throws.
   */
  async run(
    scope: TenantScope,
    input: z.output<typeof splitTicketInput>,
  ): Promise<{ ticketId: TicketId; number: number }> {
    const { store, changer, open, copy, links } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const from = await store.forChange(tx, input.ticketId);
      const opened = await open.run(tx.scope, asOpened(from, input), tx);
      await copy.run(tx, from, input.commentId, opened.ticketId);
      await changer.apply(tx, from, {}, [{ kind: 'split-off', to: `T-${opened.number}` }]);
      await links.run(tx.scope, { ticketId: opened.ticketId, toTicketId: from.id, kind: 'split-from' }, tx);
      return opened;
    });
  }
}

function asOpened(from: TicketRow, input: z.output<typeof splitTicketInput>): Parameters<OpenTicket['run']>[1] {
  const given = {
    siteId: from.site_id ?? undefined,
    contactId: from.contact_id ?? undefined,
    assetId: from.asset_id ?? undefined,
    queueId: from.queue_id ?? undefined,
    assigneeId: from.assignee_id ?? undefined,
    teamId: from.team_id ?? undefined,
  };
  return {
    clientId: from.client_id,
    type: input.type ?? from.type,
    subject: input.subject,
    impact: from.impact,
    urgency: from.urgency,
    ...given,
  };
}
