import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { idSchema, newId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { StaffId, StaffIdentity, TicketForWork, TicketId } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import { makeRichText, richHtmlSchema } from '#platform/rich-text/rich-text';
import { staffOf } from './reply-owner.ts';
import type { ReplyTables } from './reply-table.ts';

const kind = z.enum(['reply', 'note']);
export const ticketDraftsInput = z.object({ ticketId: idSchema('ticket') });
export const saveDraftInput = z.object({ ticketId: idSchema('ticket'), kind, html: richHtmlSchema });
export const draftView = z.object({
  kind,
  html: z.string(),
  version: z.int(),
  updatedAt: z.iso.datetime(),
});
export const draftsView = z.object({ items: z.array(draftView) });
export const draftMarksView = z.object({
  items: z.array(z.object({ ticketId: idSchema('ticket'), kind, updatedAt: z.iso.datetime() })),
});

interface Deps {
  readonly db: ScopedDb;
  readonly staff: StaffIdentity;
  readonly tickets: TicketForWork;
  readonly clock: Clock;
}

/** More begun and not sent than this, nobody looks through. */
const MAX_MARKS = 500;

/** What somebody has begun to write on a ticket: one reply and one note each, theirs alone. */
export class Drafts {
  readonly #db: ScopedDb<ReplyTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<ReplyTables>();
    this.#deps = deps;
  }

  /** The caller's drafts on a ticket; none for who is not staff. */
  async ofTicket(scope: TenantScope, ticketId: TicketId): Promise<z.input<typeof draftView>[]> {
    const me = await this.#deps.staff.of(scope);
    if (me === null) return [];
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('reply_draft')
        .select(['kind', 'html', 'version', 'updated_at'])
        .where('staff_id', '=', me)
        .where('ticket_id', '=', ticketId),
    );
    return rows.map(({ updated_at: updatedAt, ...row }) => ({ ...row, updatedAt: updatedAt.toString() }));
  }

  /** On which tickets the caller has begun to write, the newest first. */
  async mine(scope: TenantScope): Promise<z.input<typeof draftMarksView>['items']> {
    const me = await this.#deps.staff.of(scope);
    if (me === null) return [];
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('reply_draft')
        .select(['ticket_id', 'kind', 'updated_at'])
        .where('staff_id', '=', me)
        .orderBy('updated_at', 'desc')
        .limit(MAX_MARKS),
    );
    return rows.map((row) => ({ ticketId: row.ticket_id, kind: row.kind, updatedAt: row.updated_at.toString() }));
  }

  /** Keeps what is written so far; nothing written takes the draft away. Throws `tickets.ticket-not-found`, `replies.not-staff`. */
  async save(scope: TenantScope, input: z.output<typeof saveDraftInput>): Promise<{ version: number }> {
    const me = await staffOf(this.#deps.staff, scope);
    const rich = makeRichText(input.html);
    return this.#db.transaction(scope, async (tx) => {
      const ticket = await this.#deps.tickets.read(tx, input.ticketId);
      if (rich.text === '' && !rich.html.includes('<img')) {
        await this.#remove(tx.scope, me, input);
        return { version: 0 };
      }
      const row = await tx.query
        .insertInto('reply_draft')
        .values({
          msp_id: scope.mspId,
          id: newId<'reply-draft'>(),
          client_id: ticket.client_id,
          ticket_id: ticket.id,
          staff_id: me,
          kind: input.kind,
          html: rich.html,
          updated_at: this.#deps.clock.now(),
        })
        .onConflict((conflict) =>
          conflict.columns(['msp_id', 'staff_id', 'ticket_id', 'kind']).doUpdateSet((with_) => ({
            html: rich.html,
            updated_at: this.#deps.clock.now(),
            version: with_('reply_draft.version', '+', 1),
          })),
        )
        .returning('version')
        .executeTakeFirstOrThrow();
      return { version: row.version };
    });
  }

  async #remove(scope: TenantScope, me: StaffId, draft: { ticketId: TicketId; kind: 'reply' | 'note' }): Promise<void> {
    await this.#db.transaction(scope, (tx) =>
      tx.query
        .deleteFrom('reply_draft')
        .where('staff_id', '=', me)
        .where('ticket_id', '=', draft.ticketId)
        .where('kind', '=', draft.kind)
        .execute(),
    );
  }
}
