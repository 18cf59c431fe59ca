import type { Generated, JSONColumnType } from 'kysely';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { DeskCategoryId } from '#modules/desk-catalogue';
import type { TicketId } from '#modules/tickets';
import type { TemplateItem } from './checklist-template.ts';

export type ChecklistTemplateId = Id<'checklist-template'>;
export type ChecklistId = Id<'checklist'>;
export type ChecklistItemId = Id<'checklist-item'>;

export interface ChecklistTables {
  checklist_template: {
    msp_id: MspId;
    id: ChecklistTemplateId;
    name: string;
    /** Which tickets it is meant for; null is all. */
    ticket_type: string | null;
    /** The same by category, with what lies below it; null is all. */
    category_id: DeskCategoryId | null;
    /** True where a ticket of both has it from its opening on. */
    is_automatic: boolean;
    is_active: Generated<boolean>;
    items: JSONColumnType<TemplateItem[], string, string>;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
  checklist: {
    msp_id: MspId;
    id: ChecklistId;
    client_id: ClientId;
    ticket_id: TicketId;
    template_id: ChecklistTemplateId | null;
    name: string;
    added_by: string;
    created_at: Temporal.Instant;
  };
  checklist_item: {
    msp_id: MspId;
    id: ChecklistItemId;
    client_id: ClientId;
    ticket_id: TicketId;
    checklist_id: ChecklistId;
    place: number;
    title: string;
    role: string;
    is_required: boolean;
    due_at: Temporal.Instant | null;
    done_at: Temporal.Instant | null;
    done_by: string | null;
    version: Generated<number>;
  };
}
