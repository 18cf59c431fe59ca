import { sql, type Insertable, type Selectable } from 'kysely';
import { ConflictError, NotFoundError } from '#kernel/errors';
import { newId, type ClientId } from '#kernel/id';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { CommentWords } from './comment-words.ts';
import { authorOf, isOpen, ticketLabel, type Visibility } from './ticket.ts';
import type { TicketCommentId, TicketId, TicketTables } from './ticket-table.ts';

/** A ticket as the database has it, without its search vector. */
export type TicketRow = Omit<Selectable<TicketTables['ticket']>, 'search'>;
export type TicketChange = Partial<
  Omit<
    TicketRow,
    'msp_id' | 'id' | 'number' | 'version' | 'is_open' | 'is_snoozed' | 'breach_order' | 'opened_at' | 'source'
  >
>;
type Tx = ScopedTransaction<TicketTables>;

/** The columns of a ticket that a reader gets: all but the search vector. */
export const TICKET_COLUMNS = [
  'msp_id',
  'id',
  'client_id',
  'number',
  'type',
  'status',
  'impact',
  'urgency',
  'priority',
  'source',
  'subject',
  'queue_id',
  'assignee_id',
  'site_id',
  'contact_id',
  'asset_id',
  'category_id',
  'team_id',
  'is_vip',
  'is_priority_set',
  'priority_reason',
  'snoozed_until',
  'is_snoozed_until_reply',
  'is_snoozed',
  'woken_at',
  'merged_into_id',
  'agreement_client_id',
  'agreement_id',
  'agreement_reason',
  'touched_by_person',
  'is_reply_awaited',
  'opened_at',
  'updated_at',
  'resolved_at',
  'closed_at',
  'version',
  'is_open',
  'next_breach_at',
  'breach_order',
] as const satisfies readonly (keyof TicketTables['ticket'])[];

/** The only writer of `ticket` and `ticket_comment`. */
export class TicketStore {
  /**
   * Numbers and inserts a ticket. The counter's row stays locked until the transaction ends, and with it every other opening of this MSP: call
   * this as the last thing that takes time. References from comments to the ticket are deferred, so that they can go before it.
   */
  async insert(tx: Tx, ticket: Omit<Insertable<TicketTables['ticket']>, 'number' | 'msp_id'>): Promise<number> {
    const counter = await tx.query
      .insertInto('ticket_counter')
      .values({ msp_id: tx.scope.mspId, last_number: 1 })
      .onConflict((conflict) =>
        conflict.column('msp_id').doUpdateSet({ last_number: sql<number>`ticket_counter.last_number + 1` }),
      )
      .returning('last_number')
      .executeTakeFirstOrThrow();
    await tx.query
      .insertInto('ticket')
      .values({ ...ticket, msp_id: tx.scope.mspId, number: counter.last_number })
      .execute();
    return counter.last_number;
  }

  /**
   * The ticket, locked for a change, but not against rows that only refer to it: a warning, say, is noted while somebody answers, and each would wait for the other. Throws
   * `tickets.ticket-not-found`, also for another tenant's.
   */
  async forChange(tx: Tx, id: TicketId): Promise<TicketRow> {
    const row = await tx.query
      .selectFrom('ticket')
      .select(TICKET_COLUMNS)
      .where('id', '=', id)
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (row === undefined) throw ticketNotFound();
    return row;
  }

  /** The ticket that goes on in the place of this one, or this one, locked for a change: whoever was merged twice is followed to the end. */
  async survivorForChange(tx: Tx, id: TicketId): Promise<TicketRow> {
    let row = await this.forChange(tx, id);
    // Merging never closes a circle: what was merged takes nothing.
    while (row.merged_into_id !== null) row = await this.forChange(tx, row.merged_into_id);
    return row;
  }

  /**
   * Changes a ticket that the caller holds locked, as it was at `version`. Throws `tickets.ticket-changed` when somebody else was first, and `tickets.is-merged` for one that goes on as
   * another. Moments of being resolved and closed follow the status.
   */
  async update(tx: Tx, before: TicketRow, version: number, at: Temporal.Instant, change: TicketChange): Promise<void> {
    if (before.version !== version)
      throw new ConflictError(
        'tickets.ticket-changed',
        'Somebody else changed this ticket meanwhile. Look at it again, then repeat your change.',
      );
    if (before.merged_into_id !== null && change.merged_into_id === undefined)
      throw new ConflictError(
        'tickets.is-merged',
        `${ticketLabel(before.number)} was merged into another ticket. Go on there, or take the merge back.`,
      );
    const person = authorOf(tx.scope).kind === 'system' ? {} : { touched_by_person: true };
    await tx.query
      .updateTable('ticket')
      .set({ ...person, ...change, ...momentsOf(before, at, change), updated_at: at, version: version + 1 })
      .where('id', '=', before.id)
      .where('version', '=', version)
      .execute();
  }

  /** The next open tickets by id, locked for a change. */
  async openForChange(tx: Tx, after: TicketId | null, limit: number) {
    const next = tx.query
      .selectFrom('ticket')
      .select(['id', 'client_id', 'agreement_id', 'type', 'team_id', 'version'])
      .where('is_open', '=', true);
    return (after === null ? next : next.where('id', '>', after)).orderBy('id').limit(limit).forNoKeyUpdate().execute();
  }

  /** Says when locked tickets' next promise is due. What follows from the clocks alone is no change of the ticket: its version stays. */
  async setNextBreach(tx: Tx, next: ReadonlyMap<string, Temporal.Instant | null>): Promise<void> {
    if (next.size === 0) return;
    await tx.sql(
      `update ticket t set next_breach_at = n.at from unnest($2::uuid[], $3::timestamptz[]) n(id, at)
       where t.msp_id = $1 and t.id = n.id`,
      [tx.scope.mspId, [...next.keys()], [...next.values()].map((at) => at?.toString() ?? null)],
    );
  }

  async insertComment(
    tx: Tx,
    comment: {
      ticketId: TicketId;
      clientId: ClientId;
      visibility: Visibility;
      words: CommentWords;
      at: Temporal.Instant;
    },
  ): Promise<TicketCommentId> {
    const id = newId<'ticket-comment'>();
    const author = authorOf(tx.scope);
    await tx.query
      .insertInto('ticket_comment')
      .values({
        msp_id: tx.scope.mspId,
        id,
        client_id: comment.clientId,
        ticket_id: comment.ticketId,
        visibility: comment.visibility,
        author_kind: author.kind,
        author_id: author.id,
        author_label: author.label,
        body: comment.words.body,
        html: comment.words.html,
        folded_html: comment.words.foldedHtml,
        folded_text: comment.words.foldedText,
        created_at: comment.at,
      })
      .execute();
    return id;
  }
}

/** There is none of this id in reach. */
export function ticketNotFound(): NotFoundError {
  return new NotFoundError('tickets.ticket-not-found', 'There is no such ticket.');
}

function momentsOf(before: TicketRow, at: Temporal.Instant, { status }: TicketChange): TicketChange {
  if (status === undefined) return {};
  if (isOpen(status)) return { resolved_at: null, closed_at: null };
  return { resolved_at: before.resolved_at ?? at, closed_at: status === 'closed' ? (before.closed_at ?? at) : null };
}
