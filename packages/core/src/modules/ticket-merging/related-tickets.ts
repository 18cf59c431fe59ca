import { z } from 'zod';
import { DomainError } from '#kernel/errors';
import { idSchema } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import {
  ticketById,
  ticketNotFound,
  type CommentOnTicket,
  type TicketId,
  type TicketTables,
  type UpdateTicket,
} from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import { readRelated, readRollUp } from './related-queries.ts';

/** As many as one call works on; whoever has more calls again with `after`. */
const BATCH = 50;
const SHOWN = 100;

export const RELATIONS = ['child-of', 'caused-by'] as const;
export const rollUpInput = z.object({
  ticketId: idSchema('ticket'),
  /** `child-of`: its children. `caused-by`: the incidents of a problem. */
  relation: z.enum(RELATIONS).default('child-of'),
});
export const rollUpView = z.object({
  total: z.int(),
  open: z.int(),
  resolved: z.int(),
  /** The most pressing priority among those that are open; null where none is. */
  topPriority: z.int().nullable(),
  /** The first hundred, those that are open first. */
  items: z.array(
    z.object({
      linkId: idSchema('ticket-link'),
      ticketId: idSchema('ticket'),
      number: z.int(),
      subject: z.string(),
      status: z.string(),
      priority: z.int(),
      clientId: idSchema('client'),
      clientName: z.string().nullable(),
      assigneeName: z.string().nullable(),
    }),
  ),
});
export const answerRelatedInput = z.object({
  ticketId: idSchema('ticket'),
  relation: z.enum(RELATIONS).default('child-of'),
  /** What each of them is told, for its client to read. */
  body: text({ max: 50_000 }).optional(),
  /** Whether they are resolved. */
  resolve: z.boolean().default(false),
  /** The last ticket of the call before. */
  after: idSchema('ticket').nullable().default(null),
});
export const answeredView = z.object({
  /** How many were answered or resolved by this call. */
  done: z.int(),
  refused: z.array(z.object({ ticketId: idSchema('ticket'), number: z.int(), message: z.string() })),
  /** Where the next call goes on; null at the end. */
  next: idSchema('ticket').nullable(),
});
type Answered = {
  done: number;
  refused: { ticketId: TicketId; number: number; message: string }[];
  next: TicketId | null;
};

interface Deps {
  readonly db: ScopedDb;
  readonly comments: CommentOnTicket;
  readonly update: UpdateTicket;
}

/** A ticket’s children or a problem’s incidents, taken together. */
export class RelatedTickets {
  readonly #db: ScopedDb<TicketTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TicketTables>();
    this.#deps = deps;
  }

  /** How far they are, as far as the reader reaches. Throws `tickets.ticket-not-found`. */
  async rollUp(scope: TenantScope, input: z.output<typeof rollUpInput>): Promise<z.input<typeof rollUpView>> {
    const ticket = await this.#ticket(scope, input.ticketId);
    const [counts, items] = await Promise.all([
      readRollUp(this.#db, scope, ticket, input.relation),
      readRelated(this.#db, scope, ticket, { relation: input.relation, isOpen: false, after: null, limit: SHOWN }),
    ]);
    return { ...counts, items };
  }

  /** Tells those that are open something, resolves them, or both: each by itself, so that one that refuses leaves its neighbours answered. Throws `tickets.ticket-not-found`. */
  async answer(scope: TenantScope, input: z.output<typeof answerRelatedInput>): Promise<Answered> {
    const ticket = await this.#ticket(scope, input.ticketId);
    const related = await readRelated(this.#db, scope, ticket, {
      relation: input.relation,
      isOpen: true,
      after: input.after,
      limit: BATCH,
    });
    const answered: Answered = { done: 0, refused: [], next: null };
    for (const { ticketId, number } of related) {
      try {
        await this.#answerOne(scope, ticketId, input);
        answered.done += 1;
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        answered.refused.push({ ticketId, number, message: error.message });
      }
    }
    return { ...answered, next: related.length === BATCH ? (related.at(-1)?.ticketId ?? null) : null };
  }

  async #answerOne(
    scope: TenantScope,
    ticketId: TicketId,
    { body, resolve }: z.output<typeof answerRelatedInput>,
  ): Promise<void> {
    if (body !== undefined) {
      await this.#deps.comments.reply(scope, {
        ticketId,
        body,
        fileIds: [],
        ...(resolve ? { status: 'resolved' as const } : {}),
      });
      return;
    }
    if (!resolve) return;
    const { version } = await this.#ticket(scope, ticketId);
    await this.#deps.update.run(scope, { ticketId, version, status: 'resolved' });
  }

  async #ticket(scope: TenantScope, id: TicketId) {
    const [row] = await this.#db.run(scope, ticketById, { id });
    if (row === undefined) throw ticketNotFound();
    return row;
  }
}
