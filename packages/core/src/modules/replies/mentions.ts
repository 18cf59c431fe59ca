import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { idSchema, newId, type ClientId, type Id } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { StaffId, StaffIdentity, TicketForWork, TicketId, TicketTables } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { LiveHub } from '#platform/live';
import { makeRichText } from '#platform/rich-text/rich-text';
import type { ReplyTables } from './reply-table.ts';

export const mentionsView = z.object({
  items: z.array(
    z.object({
      id: idSchema('reply-mention'),
      ticketId: idSchema('ticket'),
      number: z.int(),
      subject: z.string(),
      byName: z.string(),
      at: z.iso.datetime(),
    }),
  ),
});
export const seeMentionsInput = z.object({ ticketId: idSchema('ticket') });

/** Whoever names more people at once wants to be heard by nobody. */
const MAX_NAMED = 50;
const MAX_LISTED = 100;

interface Deps {
  readonly db: ScopedDb;
  readonly staff: StaffIdentity;
  readonly tickets: TicketForWork;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Who was named in what was written, until they have seen it. */
export class Mentions {
  readonly #db: ScopedDb<ReplyTables & TicketTables & { identity_staff: StaffRow }>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<ReplyTables & TicketTables & { identity_staff: StaffRow }>();
    this.#deps = deps;
  }

  /** Notes who is named in what staff wrote; of people who work here no more, and of the writer, nothing. A contact's words name nobody. */
  async noteThoseIn(
    scope: TenantScope,
    { ticketId, clientId, commentId }: { ticketId: TicketId; clientId: ClientId; commentId: Id<'ticket-comment'> },
  ): Promise<void> {
    await this.#db.transaction(scope, async (tx) => {
      const comment = await tx.query
        .selectFrom('ticket_comment')
        .select(['html', 'author_id', 'author_label', 'created_at'])
        .where('id', '=', commentId)
        .where('author_kind', '=', 'staff')
        .executeTakeFirst();
      const named = makeRichText(comment?.html ?? '').mentionIds.slice(0, MAX_NAMED);
      if (comment === undefined || named.length === 0) return;
      const people = await tx.query
        .selectFrom('identity_staff')
        .select('id')
        .where('id', 'in', named as StaffId[])
        .where('login_id', '<>', comment.author_id)
        .where('removed_at', 'is', null)
        .execute();
      if (people.length === 0) return;
      await tx.query
        .insertInto('reply_mention')
        .values(
          people.map(({ id }) => ({
            msp_id: scope.mspId,
            id: newId<'reply-mention'>(),
            client_id: clientId,
            ticket_id: ticketId,
            comment_id: commentId,
            staff_id: id,
            by_label: comment.author_label,
            created_at: comment.created_at,
            seen_at: null,
          })),
        )
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      this.#deps.live.touch(tx, { clientId, topic: 'reply-mention', id: ticketId, version: 1 });
    });
  }

  /** Where the caller is named and has not looked yet, the newest first. */
  async unseen(scope: TenantScope): Promise<z.input<typeof mentionsView>['items']> {
    const me = await this.#deps.staff.of(scope);
    if (me === null) return [];
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('reply_mention as mention')
        .innerJoin('ticket', (join) =>
          join.onRef('ticket.id', '=', 'mention.ticket_id').onRef('ticket.client_id', '=', 'mention.client_id'),
        )
        .select([
          'mention.id',
          'mention.ticket_id',
          'ticket.number',
          'ticket.subject',
          'mention.by_label',
          'mention.created_at',
        ])
        .where('mention.staff_id', '=', me)
        .where('mention.seen_at', 'is', null)
        .orderBy('mention.id', 'desc')
        .limit(MAX_LISTED),
    );
    return rows.map((row) => ({
      id: row.id,
      ticketId: row.ticket_id,
      number: row.number,
      subject: row.subject,
      byName: row.by_label,
      at: row.created_at.toString(),
    }));
  }

  /** The caller has looked at a ticket: nothing there waits for them any more. Throws `tickets.ticket-not-found`. */
  async see(scope: TenantScope, ticketId: TicketId): Promise<{ seen: number }> {
    const me = await this.#deps.staff.of(scope);
    return this.#db.transaction(scope, async (tx) => {
      await this.#deps.tickets.read(tx, ticketId);
      if (me === null) return { seen: 0 };
      const { numUpdatedRows } = await tx.query
        .updateTable('reply_mention')
        .set({ seen_at: this.#deps.clock.now() })
        .where('staff_id', '=', me)
        .where('ticket_id', '=', ticketId)
        .where('seen_at', 'is', null)
        .executeTakeFirst();
      return { seen: Number(numUpdatedRows) };
    });
  }
}

interface StaffRow {
  id: StaffId;
  login_id: string;
  removed_at: Temporal.Instant | null;
}
