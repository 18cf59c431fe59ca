import { z } from 'zod';
import { idSchema } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { TicketForWork, TicketId } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ChecklistTables } from './checklist-table.ts';

export const ticketChecklistsInput = z.object({ ticketId: idSchema('ticket') });
export const checklistView = z.object({
  id: idSchema('checklist'),
  templateId: idSchema('checklist-template').nullable(),
  name: z.string(),
  addedBy: z.string(),
  items: z.array(
    z.object({
      id: idSchema('checklist-item'),
      title: z.string(),
      role: z.string(),
      isRequired: z.boolean(),
      dueAt: z.iso.datetime().nullable(),
      doneAt: z.iso.datetime().nullable(),
      doneBy: z.string().nullable(),
      version: z.int(),
    }),
  ),
});
export type ChecklistView = z.input<typeof checklistView>;
export const progressInput = z.object({ ticketIds: z.array(idSchema('ticket')).min(1).max(200) });
/** How far a ticket's checklists are. */
export const progressView = z.object({
  ticketId: idSchema('ticket'),
  doneCount: z.int(),
  itemCount: z.int(),
  /** Items that keep it from being resolved. */
  requiredOpenCount: z.int(),
});
/** How far a ticket's checklists are. */
export type ChecklistProgress = z.input<typeof progressView>;

/** Reads checklists on tickets. */
export class ChecklistQueries {
  readonly #db: ScopedDb<ChecklistTables>;
  readonly #tickets: TicketForWork;

  constructor(deps: { db: ScopedDb; tickets: TicketForWork }) {
    this.#db = deps.db.typed<ChecklistTables>();
    this.#tickets = deps.tickets;
  }

  /** A ticket's lists in the order in which they came, each item in its place. Throws `tickets.ticket-not-found`. */
  async ofTicket(scope: TenantScope, ticketId: TicketId): Promise<ChecklistView[]> {
    return this.#db.transaction(scope, async (tx) => {
      const ticket = await this.#tickets.read(tx, ticketId);
      const of = { client: ticket.client_id, ticket: ticket.id };
      const lists = await tx.query
        .selectFrom('checklist')
        .select(['id', 'template_id', 'name', 'added_by'])
        .where('client_id', '=', of.client)
        .where('ticket_id', '=', of.ticket)
        .orderBy('created_at')
        .orderBy('id')
        .limit(100)
        .execute();
      const items = await tx.query
        .selectFrom('checklist_item')
        .selectAll()
        .where('client_id', '=', of.client)
        .where('ticket_id', '=', of.ticket)
        .orderBy('checklist_id')
        .orderBy('place')
        .limit(5000)
        .execute();
      const byList = Map.groupBy(items, ({ checklist_id }) => checklist_id);
      return lists.map((list) => ({
        id: list.id,
        templateId: list.template_id,
        name: list.name,
        addedBy: list.added_by,
        items: (byList.get(list.id) ?? []).map((item) => ({
          id: item.id,
          title: item.title,
          role: item.role,
          isRequired: item.is_required,
          dueAt: item.due_at?.toString() ?? null,
          doneAt: item.done_at?.toString() ?? null,
          doneBy: item.done_by,
          version: item.version,
        })),
      }));
    });
  }

  /** For a list of tickets, in one query; tickets without a checklist are left out. */
  async progressOf(scope: TenantScope, ticketIds: readonly TicketId[]): Promise<ChecklistProgress[]> {
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('checklist_item')
        .select((item) => [
          'ticket_id',
          item.fn.countAll<string>().as('items'),
          item.fn.count<string>('done_at').as('done'),
          item.fn
            .countAll<string>()
            .filterWhere('is_required', '=', true)
            .filterWhere('done_at', 'is', null)
            .as('required'),
        ])
        .where('ticket_id', 'in', ticketIds)
        .groupBy('ticket_id'),
    );
    return rows.map((row) => ({
      ticketId: row.ticket_id,
      itemCount: Number(row.items),
      doneCount: Number(row.done),
      requiredOpenCount: Number(row.required),
    }));
  }
}
