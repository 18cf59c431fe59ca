import { z } from 'zod';
import { clientIdSchema, idSchema } from '#kernel/id';
import { WORK_TYPES } from '#modules/agreements';
import { spansOf } from './rate-time.ts';
import type { TimeEntryRow } from './time-store.ts';

/** A part of an entry that fell into one kind of hours. */
export const ratedPartView = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  hours: z.enum(['any', 'business-hours', 'after-hours', 'holiday']),
  /** The price of this part in percent of the line's. */
  percent: z.int(),
  workedMinutes: z.int(),
  billableMinutes: z.int(),
  reason: z.string(),
});

/** A time entry as staff see it. Its three numbers of minutes each have a reason. */
export const timeEntryView = z.object({
  id: idSchema('time-entry'),
  clientId: clientIdSchema,
  /** Null for work for the client that is on no ticket. */
  ticketId: idSchema('ticket').nullable(),
  staffId: idSchema('staff'),
  staffName: z.string(),
  workType: z.enum(WORK_TYPES),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  workedMinutes: z.int(),
  workedReason: z.string(),
  billableMinutes: z.int(),
  billableReason: z.string(),
  /** True where a person said how much is billable. */
  isBillableSet: z.boolean(),
  invoicedMinutes: z.int().nullable(),
  invoicedReason: z.string().nullable(),
  isInvoiced: z.boolean(),
  note: z.string(),
  visibility: z.enum(['public', 'internal']),
  coverage: z.enum(['included', 'billable', 'not-covered']),
  agreementId: idSchema('agreement').nullable(),
  agreementReason: z.string(),
  parts: z.array(ratedPartView),
  distanceMeters: z.int().nullable(),
  /** Set on a reversal: the entry that it takes back. */
  reversesEntryId: idSchema('time-entry').nullable(),
  reversalReason: z.string(),
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
    endedAt: (row.ended_at ?? spansOf(row).at(-1)?.to ?? row.started_at).toString(),
    workedMinutes: row.worked_minutes,
    workedReason: row.worked_reason,
    billableMinutes: row.billable_minutes,
    billableReason: row.billable_reason,
    isBillableSet: row.is_billable_set,
    invoicedMinutes: row.invoiced_minutes,
    invoicedReason: row.invoiced_reason,
    isInvoiced: row.invoice_id !== null,
    note: row.note,
    visibility: row.visibility,
    coverage: row.coverage,
    agreementId: row.agreement_id,
    agreementReason: row.agreement_reason,
    parts: row.parts,
    distanceMeters: row.distance_meters,
    reversesEntryId: row.reverses_entry_id,
    reversalReason: row.reversal_reason,
    version: row.version,
  };
}
