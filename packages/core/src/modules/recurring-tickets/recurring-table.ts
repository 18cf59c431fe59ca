import type { Generated, JSONColumnType } from 'kysely';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { ChecklistTemplateId } from '#modules/ticket-checklists';
import type { TicketId } from '#modules/tickets';
import type { RecurringTemplate } from './recurring-input.ts';

export type RecurringTicketId = Id<'recurring-ticket'>;

export interface RecurringTables {
  recurring_ticket: {
    msp_id: MspId;
    id: RecurringTicketId;
    client_id: ClientId;
    name: string;
    /** RFC 5545, without DTSTART: `FREQ=MONTHLY;BYDAY=1MO`. */
    rule: string;
    /** The wall clock of the first occurrence, `2026-11-23T09:00:00`. */
    starts_at: string;
    time_zone: string;
    /** Its holidays are left out; null leaves none out. */
    calendar_id: Id<'sla-calendar'> | null;
    template: JSONColumnType<RecurringTemplate, string, string>;
    checklist_template_id: ChecklistTemplateId | null;
    is_paused: Generated<boolean>;
    next_local: string | null;
    next_at: Temporal.Instant | null;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
  recurring_run: {
    msp_id: MspId;
    id: Id<'recurring-run'>;
    client_id: ClientId;
    recurring_id: RecurringTicketId;
    occurrence: string;
    outcome: 'opened' | 'skipped' | 'refused';
    reason: string;
    ticket_id: TicketId | null;
    at: Temporal.Instant;
  };
}
