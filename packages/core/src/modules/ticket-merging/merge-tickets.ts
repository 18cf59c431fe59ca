import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, InvalidInputError, NotFoundError } from '#kernel/errors';
import { idSchema } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import {
  ticketMerged,
  type TicketChanger,
  type TicketId,
  type TicketRow,
  type TicketStore,
  type TicketTables,
} from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { MergedTables } from './merged-table.ts';
import type { OpenApprovals } from './merging-needs.ts';
import type { MoveBelongings } from './move-belongings.ts';

/** How long a merge can be taken back: after that, people have gone on with the one ticket. */
const UNDO_WITHIN = Temporal.Duration.from({ minutes: 10 });

export const mergeTicketsInput = z.object({
  ticketIds: z.array(idSchema('ticket')).min(1).max(20, { error: 'must be at most 20 tickets' }),
  intoTicketId: idSchema('ticket'),
});
export const unmergeTicketInput = z.object({ ticketId: idSchema('ticket') });

interface Deps {
  readonly db: ScopedDb;
  readonly store: TicketStore;
  readonly changer: TicketChanger;
  readonly belongings: MoveBelongings;
  readonly approvals: OpenApprovals;
  readonly audit: AuditTrail;
  readonly jobs: JobQueue;
  readonly clock: Clock;
}
type Tx = ScopedTransaction<TicketTables & MergedTables>;

/** Merges tickets of one client: the others’ words, files and time go to the one, and they are closed and point there. What they ask approval of is withdrawn. */
export class MergeTickets {
  readonly #db: ScopedDb<TicketTables & MergedTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TicketTables & MergedTables>();
    this.#deps = deps;
  }

  /**
   * All or none. Time that is on an invoice stays where it was billed. Throws `tickets.ticket-not-found`, `ticket-merging.into-itself`, `ticket-merging.other-client`, `ticket-merging.into-done`,
   * `tickets.is-merged`.
   */
  async run(scope: TenantScope, input: z.output<typeof mergeTicketsInput>): Promise<{ version: number }> {
    const sources = [...new Set(input.ticketIds)];
    if (sources.includes(input.intoTicketId))
      throw wrong('ticket-merging.into-itself', 'A ticket cannot be merged into itself.', 'must be another ticket');
    return this.#db.transaction(scope, async (tx) => {
      const locked = await this.#lock(tx, [...sources, input.intoTicketId]);
      const into = locked.get(input.intoTicketId);
      if (into === undefined) throw new Error('the ticket was locked');
      assertMayTake(into, locked);
      const merged: TicketRow[] = [];
      for (const id of sources) merged.push(await this.#mergeOne(tx, locked.get(id) ?? into, into));
      const isReplyAwaited = [into, ...merged].some((ticket) => ticket.is_reply_awaited);
      const version = await this.#deps.changer.apply(
        tx.typed<TicketTables>(),
        into,
        { is_reply_awaited: isReplyAwaited },
        merged.map(({ number }) => ({ kind: 'merged-in' as const, to: `T-${number}` })),
      );
      return { version };
    });
  }

  /** Takes a merge back: what came from the ticket returns to it, and it has the status that it had. Throws `ticket-merging.not-merged`, `ticket-merging.too-late`. */
  async undo(scope: TenantScope, { ticketId }: z.output<typeof unmergeTicketInput>): Promise<{ version: number }> {
    const { belongings, changer, clock } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const known = await tx.query
        .selectFrom('merged_ticket')
        .selectAll()
        .where('ticket_id', '=', ticketId)
        .executeTakeFirst();
      if (known === undefined) {
        await this.#deps.store.forChange(tx.typed<TicketTables>(), ticketId);
        throw new NotFoundError('ticket-merging.not-merged', 'This ticket was not merged.');
      }
      if (Temporal.Instant.compare(known.at.add(UNDO_WITHIN), clock.now()) < 0)
        throw new ConflictError('ticket-merging.too-late', 'A merge can be taken back for ten minutes. Split instead.');
      const locked = await this.#lock(tx, [ticketId, known.into_ticket_id]);
      const [ticket, into] = [locked.get(ticketId), locked.get(known.into_ticket_id)];
      if (ticket === undefined || into === undefined) throw new Error('both were locked');
      if (into.merged_into_id !== null)
        throw new ConflictError('tickets.is-merged', `T-${into.number} was merged on. Take that back first.`);
      await belongings.back(tx, into.id, ticketId, known.moved);
      await tx.query.deleteFrom('merged_ticket').where('ticket_id', '=', ticketId).execute();
      const status = known.before_status as TicketRow['status'];
      const version = await changer.apply(tx.typed<TicketTables>(), ticket, { status, merged_into_id: null }, [
        // Before the status: clocks go on from where they were when it was merged.
        { kind: 'unmerged', to: `T-${into.number}` },
        ...(status === ticket.status ? [] : [{ kind: 'status' as const, from: ticket.status, to: status }]),
      ]);
      await changer.apply(tx.typed<TicketTables>(), into, {}, [{ kind: 'given-back', to: `T-${ticket.number}` }]);
      await this.#announce(tx, ticket, into, { isUndone: true, version });
      return { version };
    });
  }

  async #mergeOne(tx: Tx, locked: TicketRow, into: TicketRow): Promise<TicketRow> {
    const { approvals, belongings, changer, clock, store } = this.#deps;
    assertMayGo(locked, into);
    const withdrawn = await approvals.withdrawMerged(tx, locked, into);
    // It does not wait for its client any more, and has a note of why.
    const source = withdrawn === 0 ? locked : await store.forChange(tx.typed<TicketTables>(), locked.id);
    const moved = await belongings.all(tx, source.id, into.id);
    await tx.query
      .insertInto('merged_ticket')
      .values({
        msp_id: tx.scope.mspId,
        client_id: source.client_id,
        ticket_id: source.id,
        into_ticket_id: into.id,
        at: clock.now(),
        before_status: source.status,
        moved: JSON.stringify(moved) as never,
      })
      .execute();
    const version = await changer.apply(
      tx.typed<TicketTables>(),
      source,
      { status: 'closed', merged_into_id: into.id, is_reply_awaited: false },
      [
        // Before the status: clocks end as none, and not as met.
        { kind: 'merged', to: `T-${into.number}` },
        ...(source.status === 'closed' ? [] : [{ kind: 'status' as const, from: source.status, to: 'closed' }]),
      ],
    );
    await this.#announce(tx, source, into, { isUndone: false, version });
    return source;
  }

  async #announce(
    tx: Tx,
    source: TicketRow,
    into: TicketRow,
    { isUndone, version }: { isUndone: boolean; version: number },
  ): Promise<void> {
    const { audit, jobs } = this.#deps;
    await audit.record(tx, {
      action: isUndone ? 'ticket-merging.unmerge-ticket' : 'ticket-merging.merge-tickets',
      subject: { kind: 'ticket', id: source.id, clientId: source.client_id },
      summary: isUndone
        ? `Took back that T-${source.number} was merged into T-${into.number}`
        : `Merged the ticket T-${source.number} into T-${into.number}`,
      after: { intoTicketId: into.id },
    });
    await jobs.publish(
      tx,
      ticketMerged,
      { aggregateId: source.id, version },
      { ticketId: source.id, clientId: source.client_id, intoTicketId: into.id, isUndone },
    );
  }

  /** In one order for everybody, so that two merges of the same tickets do not wait for each other. */
  async #lock(tx: Tx, ids: readonly TicketId[]): Promise<Map<string, TicketRow>> {
    const locked = new Map<string, TicketRow>();
    for (const id of ids.toSorted()) locked.set(id, await this.#deps.store.forChange(tx.typed<TicketTables>(), id));
    return locked;
  }
}

function assertMayGo(source: TicketRow, into: TicketRow): void {
  if (source.merged_into_id !== null)
    throw new ConflictError('tickets.is-merged', `T-${source.number} was merged into another ticket already.`);
  if (source.client_id !== into.client_id)
    throw wrong(
      'ticket-merging.other-client',
      `T-${source.number} and T-${into.number} belong to different clients. Link them instead.`,
      'is another client’s',
    );
}

function assertMayTake(into: TicketRow, locked: ReadonlyMap<string, TicketRow>): void {
  if (into.merged_into_id !== null)
    throw new ConflictError(
      'tickets.is-merged',
      `T-${into.number} was merged into another ticket. Merge into that one.`,
    );
  const isAnyOpen = [...locked.values()].some((ticket) => ticket.id !== into.id && ticket.is_open);
  if (!into.is_open && isAnyOpen)
    throw new ConflictError(
      'ticket-merging.into-done',
      `T-${into.number} is done, and what is merged into it would be too. Reopen it first.`,
    );
}

function wrong(code: string, message: string, field: string): InvalidInputError {
  return new InvalidInputError(code, message, { fields: [{ path: ['intoTicketId'], message: field }] });
}
