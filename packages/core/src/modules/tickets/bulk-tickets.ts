import { z } from 'zod';
import { ConflictError, DomainError } from '#kernel/errors';
import { idSchema } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { prioritySchema } from './open-ticket.ts';
import { TICKET_STATUSES } from './ticket.ts';
import type { TicketChanger } from './ticket-changer.ts';
import type { TicketStore } from './ticket-store.ts';
import type { TicketId, TicketTables } from './ticket-table.ts';
import type { UpdateTicket } from './update-ticket.ts';

const MAX_TICKETS = 200;

/** What can be changed of many tickets at once. */
export const bulkChangeInput = {
  status: z.enum(TICKET_STATUSES).optional(),
  priority: prioritySchema.optional(),
  assigneeId: idSchema('staff').nullable().optional(),
  queueId: idSchema('ticket-queue').nullable().optional(),
  teamId: idSchema('team').nullable().optional(),
  categoryId: idSchema('desk-category').nullable().optional(),
};

export const bulkUpdateInput = z.object({
  ticketIds: z
    .array(idSchema('ticket'))
    .min(1)
    .max(MAX_TICKETS, { error: `must be at most ${MAX_TICKETS} tickets` }),
  ...bulkChangeInput,
});

/** What brings one ticket back to what it was. */
export const undoItem = z.object({
  ticketId: idSchema('ticket'),
  /** The version that the change left behind: an undo of what somebody changed since is refused. */
  version: z.int(),
  ...bulkChangeInput,
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
    const { ticketIds, ...change } = input;
    for (const ticketId of new Set(ticketIds)) {
      try {
        undo.push(await this.#db.transaction(scope, (tx) => this.changeOne(tx, ticketId, change)));
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
    await this.#db.transaction(scope, async (tx) => {
      for (const item of input.undo) await this.restoreOne(tx, item);
    });
    return { restored: input.undo.length };
  }

  /** Brings one ticket back within a transaction. Throws as `undo` does. */
  async restoreOne(within: AnyTransaction, item: z.output<typeof undoItem>): Promise<void> {
    const { store, changer, update } = this.#deps;
    const tx = within.typed<TicketTables>();
    const before = await store.forChange(tx, item.ticketId);
    const { status, ...others } = item;
    let { version } = item;
    if (status !== undefined && status !== before.status) {
      if (!(await this.#cameFrom(tx, item)))
        throw new ConflictError('tickets.nothing-to-undo', 'This ticket did not have that status before.');
      const entries = [{ kind: 'status', from: before.status, to: status }] as const;
      version = await changer.apply(tx, before, { status }, entries, version);
    }
    await update.run(tx.scope, { ...others, version }, tx);
  }

  /** Changes one ticket within a transaction, as it is now. Returns what takes it back. Throws what `UpdateTicket` throws. */
  async changeOne(
    within: AnyTransaction,
    ticketId: TicketId,
    input: Omit<BulkUpdateInput, 'ticketIds'>,
  ): Promise<z.output<typeof undoItem>> {
    const before = await this.#deps.store.forChange(within.typed<TicketTables>(), ticketId);
    const change = { ...input, ticketId, version: before.version };
    const { version } = await this.#deps.update.run(within.scope, change, within);
    return {
      ticketId,
      version,
      ...(input.status === undefined ? {} : { status: before.status }),
      ...(input.assigneeId === undefined ? {} : { assigneeId: before.assignee_id }),
      ...(input.queueId === undefined ? {} : { queueId: before.queue_id }),
      ...(input.priority === undefined ? {} : { priority: before.priority }),
      ...(input.teamId === undefined ? {} : { teamId: before.team_id }),
      ...(input.categoryId === undefined ? {} : { categoryId: before.category_id }),
    };
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
