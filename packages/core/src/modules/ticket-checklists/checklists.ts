import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, NotFoundError } from '#kernel/errors';
import { idSchema, newId, type ClientId, type MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { TicketForWork, TicketGate, TicketId, TicketTables } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import type { TemplateItem } from './checklist-template.ts';
import type { ChecklistTemplates } from './checklist-templates.ts';
import type { ChecklistId, ChecklistTables, ChecklistTemplateId } from './checklist-table.ts';

export const applyChecklistInput = z.object({
  ticketId: idSchema('ticket'),
  templateId: idSchema('checklist-template'),
});
export const tickItemInput = z.object({ itemId: idSchema('checklist-item'), version: z.int(), isDone: z.boolean() });
export const removeChecklistInput = z.object({ checklistId: idSchema('checklist') });

interface Deps {
  readonly db: ScopedDb;
  readonly templates: ChecklistTemplates;
  readonly tickets: TicketForWork;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Checklists on tickets: brought there by hand, by a rule or at opening, ticked off item by item, and what of them keeps a ticket from being resolved. */
export class Checklists implements TicketGate {
  readonly #db: ScopedDb<ChecklistTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<ChecklistTables>();
    this.#deps = deps;
  }

  /**
   * Copies a template to a ticket; one that the ticket has already stays as it is. Throws `tickets.ticket-not-found`, `ticket-checklists.template-not-found`,
   * `ticket-checklists.template-inactive`.
   */
  async apply(
    scope: TenantScope,
    input: z.output<typeof applyChecklistInput>,
    within?: AnyTransaction,
  ): Promise<{ checklistId: ChecklistId; isNew: boolean }> {
    const { templates, tickets, audit, live, clock } = this.#deps;
    return this.#db.transaction(
      scope,
      async (tx) => {
        const ticket = await tickets.read(tx, input.ticketId);
        const template = await templates.read(tx, input.templateId);
        if (!template.is_active)
          throw new ConflictError(
            'ticket-checklists.template-inactive',
            `The template ${template.name} is out of use.`,
          );
        const now = clock.now();
        const id = newId<'checklist'>();
        const of = { msp_id: scope.mspId, client_id: ticket.client_id, ticket_id: ticket.id };
        const added = await tx.query
          .insertInto('checklist')
          .values({
            ...of,
            id,
            template_id: template.id,
            name: template.name,
            added_by: scope.actor.label,
            created_at: now,
          })
          .onConflict((conflict) => conflict.columns(['msp_id', 'ticket_id', 'template_id']).doNothing())
          .returning('id')
          .executeTakeFirst();
        if (added === undefined) return { checklistId: await existing(tx, input), isNew: false };
        await insertItems(tx, { ...of, checklist_id: id }, template.items, now);
        await audit.record(tx, {
          action: 'ticket-checklists.apply-checklist',
          subject: { kind: 'ticket', id: ticket.id, clientId: ticket.client_id },
          summary: `Added the checklist ${template.name} to the ticket T-${ticket.number}`,
        });
        live.touch(tx, { clientId: ticket.client_id, topic: 'checklist', id: ticket.id, version: 0 });
        return { checklistId: id, isNew: true };
      },
      within,
    );
  }

  /** Brings a ticket that was just opened its templates. Running it twice changes nothing. */
  async applyAutomatic(scope: TenantScope, ticketId: TicketId): Promise<void> {
    await this.#db.typed<Pick<TicketTables, 'ticket'>>().transaction(scope, async (tx) => {
      const ticket = await tx.query
        .selectFrom('ticket')
        .select(['type', 'category_id'])
        .where('id', '=', ticketId)
        .executeTakeFirst();
      if (ticket === undefined) return;
      for (const { id } of await this.#deps.templates.automaticFor(tx, ticket.type, ticket.category_id))
        await this.apply(scope, { ticketId, templateId: id }, tx);
    });
  }

  /** Throws `ticket-checklists.item-not-found`, `ticket-checklists.item-changed` where somebody else ticked it meanwhile. */
  async tick(scope: TenantScope, input: z.output<typeof tickItemInput>): Promise<{ version: number }> {
    const { audit, live, tickets, clock } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const item = await tx.query
        .selectFrom('checklist_item')
        .selectAll()
        .where('id', '=', input.itemId)
        .forUpdate()
        .executeTakeFirst();
      if (item === undefined)
        throw new NotFoundError('ticket-checklists.item-not-found', 'There is no such item of a checklist.');
      if (item.version !== input.version)
        throw new ConflictError(
          'ticket-checklists.item-changed',
          'Somebody else ticked this meanwhile. Look at it again, then repeat your change.',
        );
      const version = item.version + 1;
      const done = input.isDone
        ? { done_at: clock.now(), done_by: scope.actor.label }
        : { done_at: null, done_by: null };
      await tx.query
        .updateTable('checklist_item')
        .set({ ...done, version })
        .where('id', '=', item.id)
        .execute();
      await tickets.touch(tx, item.ticket_id);
      await audit.record(tx, {
        action: 'ticket-checklists.tick-item',
        subject: { kind: 'ticket', id: item.ticket_id, clientId: item.client_id },
        summary: `${input.isDone ? 'Ticked' : 'Unticked'} “${item.title}”`,
        before: { doneBy: item.done_by },
        after: { doneBy: done.done_by },
      });
      live.touch(tx, { clientId: item.client_id, topic: 'checklist', id: item.ticket_id, version });
      return { version };
    });
  }

  /** Takes a list off its ticket, with what was ticked. Throws `ticket-checklists.checklist-not-found`. */
  async remove(scope: TenantScope, input: z.output<typeof removeChecklistInput>): Promise<{ removed: true }> {
    return this.#db.transaction(scope, async (tx) => {
      const removed = await tx.query
        .deleteFrom('checklist')
        .where('id', '=', input.checklistId)
        .returning(['client_id', 'ticket_id', 'name'])
        .executeTakeFirst();
      if (removed === undefined)
        throw new NotFoundError('ticket-checklists.checklist-not-found', 'There is no such checklist.');
      await this.#deps.audit.record(tx, {
        action: 'ticket-checklists.remove-checklist',
        subject: { kind: 'ticket', id: removed.ticket_id, clientId: removed.client_id },
        summary: `Took the checklist ${removed.name} off the ticket`,
      });
      this.#deps.live.touch(tx, { clientId: removed.client_id, topic: 'checklist', id: removed.ticket_id, version: 0 });
      return { removed: true };
    });
  }

  /** Throws `ticket-checklists.required-open`, naming what is to be done before staff may call the ticket resolved. */
  async assertMayResolve(tx: AnyTransaction, ticketId: TicketId): Promise<void> {
    const open = await tx
      .typed<ChecklistTables>()
      .query.selectFrom('checklist_item')
      .select((item) => ['title', item.fn.countAll<string>().over().as('count')])
      .where('ticket_id', '=', ticketId)
      .where('is_required', '=', true)
      .where('done_at', 'is', null)
      .orderBy('checklist_id')
      .orderBy('place')
      .limit(3)
      .execute();
    const count = Number(open[0]?.count ?? 0);
    if (count === 0) return;
    const named = open.map(({ title }) => `“${title}”`).join(', ');
    const message = `To be done first: ${named}${count > open.length ? ` and ${count - open.length} more` : ''}.`;
    throw new ConflictError('ticket-checklists.required-open', message, {
      fields: [{ path: ['status'], message: `must wait for ${count} required ${count === 1 ? 'item' : 'items'}` }],
    });
  }
}

async function existing(
  tx: AnyTransaction,
  { ticketId, templateId }: { ticketId: TicketId; templateId: ChecklistTemplateId },
): Promise<ChecklistId> {
  const row = await tx
    .typed<ChecklistTables>()
    .query.selectFrom('checklist')
    .select('id')
    .where('ticket_id', '=', ticketId)
    .where('template_id', '=', templateId)
    .executeTakeFirstOrThrow();
  return row.id;
}

async function insertItems(
  tx: ScopedTransaction<ChecklistTables>,
  of: { msp_id: MspId; client_id: ClientId; ticket_id: TicketId; checklist_id: ChecklistId },
  items: readonly TemplateItem[],
  now: Temporal.Instant,
): Promise<void> {
  await tx.query
    .insertInto('checklist_item')
    .values(
      items.map((item, place) => ({
        ...of,
        id: newId<'checklist-item'>(),
        place,
        title: item.title,
        role: item.role,
        is_required: item.isRequired,
        due_at: item.dueMinutes === null ? null : now.add({ minutes: item.dueMinutes }),
        done_at: null,
        done_by: null,
      })),
    )
    .execute();
}
