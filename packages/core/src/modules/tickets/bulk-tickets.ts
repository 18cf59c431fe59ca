import { z } from 'zod';
import { ConflictError, DomainError } from '#kernel/errors';
import { idSchema } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import { TICKET_STATUSES } from './ticket.ts';
import type { TicketChanger } from './ticket-changer.ts';
import type { HistoryEntry } from './ticket-history.ts';
import { assertReferences } from './ticket-references.ts';
import type { TicketChange, TicketStore } from './ticket-store.ts';
import type { TicketTables } from './ticket-table.ts';
import type { UpdateTicket } from './update-ticket.ts';

const MAX_TICKETS = 200;

export const bulkUpdateInput = z.object({
  ticketIds: z
    .array(idSchema('ticket'))
    .min(1)
    .max(MAX_TICKETS, { error: `must be at most ${MAX_TICKETS} tickets` }),
  status: z.enum(TICKET_STATUSES).optional(),
  assigneeId: idSchema('staff').nullable().optional(),
  queueId: idSchema('ticket-queue').nullable().optional(),
});

const undoItem = z.object({
  ticketId: idSchema('ticket'),
  /** The version that the change left behind: an undo of what somebody changed since is refused. */
  version: z.int(),
  status: z.enum(TICKET_STATUSES).optional(),
  assigneeId: idSchema('staff').nullable().optional(),
  queueId: idSchema('ticket-queue').nullable().optional(),
});
export const bulkUpdateView = z.object({
  /** What to send to `undoBulk` to have all as it was. */
  undo: z.array(undoItem),
  refused: z.array(z.object({ ticketId: idSchema('ticket'), code: z.string(), message: z.string() })),
});
export const undoBulkInput = z.object({ undo: z.array(undoItem).min(1).max(MAX_TICKETS) });

export type BulkUpdateInput = z.output<typeof bulkUpdateInput>;
export type BulkUpdateResult = z.output<typeof bulkUpdateView>;

interface Deps {
  readonly db: ScopedDb;
  readonly store: TicketStore;
  readonly changer: TicketChanger;
  readonly update: UpdateTicket;
}

/** Changes many tickets at once, and takes it back. */
export class BulkTickets {
  readonly #db: ScopedDb<TicketTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TicketTables>();
    this.#deps = deps;
  }

  /** Each ticket by itself: one that refuses leaves its neighbours changed, and says why. Throws `tickets.ticket-not-found` where none of them is in reach. */
  async run(scope: TenantScope, input: BulkUpdateInput): Promise<BulkUpdateResult> {
    const undo: BulkUpdateResult['undo'] = [];
    const refused: BulkUpdateResult['refused'] = [];
    let last: DomainError | null = null;
    for (const ticketId of new Set(input.ticketIds)) {
      try {
        undo.push(await this.#one(scope, ticketId, input));
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        last = error;
        refused.push({ ticketId, code: error.code, message: error.message });
      }
    }
    if (undo.length === 0 && last !== null) throw last;
    return { undo, refused };
  }

  /** All or nothing. Throws `tickets.ticket-changed` where somebody changed one of the tickets since. */
  async undo(scope: TenantScope, input: z.output<typeof undoBulkInput>): Promise<{ restored: number }> {
    const { store, changer } = this.#deps;
    await this.#db.transaction(scope, async (tx) => {
      for (const item of input.undo) {
        const before = await store.forChange(tx, item.ticketId);
        if (item.status !== undefined && item.status !== before.status && !(await this.#cameFrom(tx, item)))
          throw new ConflictError('tickets.nothing-to-undo', 'This ticket did not have that status before.');
        await assertReferences(tx, before.client_id, item);
        const change: TicketChange = {
          ...(item.status === undefined ? {} : { status: item.status }),
          ...(item.assigneeId === undefined ? {} : { assignee_id: item.assigneeId }),
          ...(item.queueId === undefined ? {} : { queue_id: item.queueId }),
        };
        const entries: HistoryEntry[] = [];
        if (item.status !== undefined) entries.push({ kind: 'status', from: before.status, to: item.status });
        if (item.assigneeId !== undefined)
          entries.push({ kind: 'assignee', from: before.assignee_id, to: item.assigneeId });
        if (item.queueId !== undefined) entries.push({ kind: 'queue', from: before.queue_id, to: item.queueId });
        await changer.apply(tx, before, change, entries, item.version);
      }
    });
    return { restored: input.undo.length };
  }

  async #one(
    scope: TenantScope,
    ticketId: BulkUpdateInput['ticketIds'][number],
    input: BulkUpdateInput,
  ): Promise<BulkUpdateResult['undo'][number]> {
    return this.#db.transaction(scope, async (tx) => {
      const before = await this.#deps.store.forChange(tx, ticketId);
      const { ticketIds: _, ...change } = input;
      const { version } = await this.#deps.update.run(scope, { ...change, ticketId, version: before.version }, tx);
      return {
        ticketId,
        version,
        ...(input.status === undefined ? {} : { status: before.status }),
        ...(input.assigneeId === undefined ? {} : { assigneeId: before.assignee_id }),
        ...(input.queueId === undefined ? {} : { queueId: before.queue_id }),
      };
    });
  }

  /** An undo may take the way back that no ordinary change may (`closed` to `new`), but only where the ticket really came from. */
  async #cameFrom(tx: Parameters<TicketChanger['apply']>[0], item: z.output<typeof undoItem>): Promise<boolean> {
    const latest = await tx.query
      .selectFrom('ticket_event')
      .select('from_value')
      .where('ticket_id', '=', item.ticketId)
      .where('kind', '=', 'status')
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    return latest?.from_value === item.status;
  }
}
