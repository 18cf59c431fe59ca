import { z } from 'zod';
import { clientIdSchema, idSchema } from '#kernel/id';
import { WORK_TYPES } from '#modules/agreements';
import type { TimeEntryRow } from './time-store.ts';

/** A time entry as staff see it. Its three numbers of minutes each have a reason. */
export const timeEntryView = z.object({
  id: idSchema('time-entry'),
  clientId: clientIdSchema,
  ticketId: idSchema('ticket'),
  staffId: idSchema('staff'),
  staffName: z.string(),
  workType: z.enum(WORK_TYPES),
  startedAt: z.iso.datetime(),
  workedMinutes: z.int(),
  workedReason: z.string(),
  billableMinutes: z.int(),
  billableReason: z.string(),
  invoicedMinutes: z.int().nullable(),
  invoicedReason: z.string().nullable(),
  isInvoiced: z.boolean(),
  note: z.string(),
  visibility: z.enum(['public', 'internal']),
  coverage: z.enum(['included', 'billable', 'not-covered']),
  agreementId: idSchema('agreement').nullable(),
  agreementReason: z.string(),
  version: z.int(),
});
export type TimeEntryView = z.input<typeof timeEntryView>;

export function toTimeEntryView(row: TimeEntryRow): TimeEntryView {
  return {
    id: row.id,
    clientId: row.client_id,
    ticketId: row.ticket_id,
    staffId: row.staff_id,
    staffName: row.staff_label,
    workType: row.work_type,
    startedAt: row.started_at.toString(),
    workedMinutes: row.worked_minutes,
    workedReason: row.worked_reason,
    billableMinutes: row.billable_minutes,
    billableReason: row.billable_reason,
    invoicedMinutes: row.invoiced_minutes,
    invoicedReason: row.invoiced_reason,
    isInvoiced: row.invoice_id !== null,
    note: row.note,
    visibility: row.visibility,
    coverage: row.coverage,
    agreementId: row.agreement_id,
    agreementReason: row.agreement_reason,
    version: row.version,
  };
}
