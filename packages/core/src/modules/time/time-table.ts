import type { Generated, JSONColumnType } from 'kysely';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { AgreementId, AgreementLineId, WorkType } from '#modules/agreements';
import type { StaffId, TicketId } from '#modules/tickets';

import type { RatedPart } from './rate-work.ts';

export type TimeEntryId = Id<'time-entry'>;
export type TimeSheetId = Id<'time-sheet'>;
/** What an entry said when it was corrected or removed. */
export interface KeptEntry {
  readonly startedAt: string;
  readonly workedMinutes: number;
  readonly billableMinutes: number;
  readonly workType: WorkType;
  readonly note: string;
}
export type SheetState = 'open' | 'submitted' | 'approved' | 'returned';

export interface TimeTables {
  time_entry: {
    msp_id: MspId;
    id: TimeEntryId;
    client_id: ClientId;
    /** Null for work for a client that is on no ticket. */
    ticket_id: TicketId | null;
    staff_id: StaffId;
    staff_label: string;
    work_type: WorkType;
    started_at: Temporal.Instant;
    ended_at: Temporal.Instant | null;
    worked_minutes: number;
    worked_reason: string;
    billable_minutes: number;
    billable_reason: string;
    /** True where a person said how much is billable, so that no rule changes it any more. */
    is_billable_set: Generated<boolean>;
    invoiced_minutes: number | null;
    invoiced_reason: string | null;
    invoice_id: string | null;
    note: string;
    visibility: 'public' | 'internal';
    agreement_client_id: ClientId | null;
    agreement_id: AgreementId | null;
    agreement_line_id: AgreementLineId | null;
    agreement_reason: string;
    coverage: 'included' | 'billable' | 'not-covered';
    /** The stretches that were worked, cut by the contract's hours; empty for entries of before they were kept. */
    parts: JSONColumnType<RatedPart[], string | undefined, string>;
    distance_meters: number | null;
    /** Set on a reversal: the invoiced entry that it takes back, minute by minute. */
    reverses_entry_id: TimeEntryId | null;
    reversal_reason: Generated<string>;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
  time_cost: { msp_id: MspId; client_id: ClientId; entry_id: TimeEntryId; cost_minor: number; currency: string };
  /** Never changed: how an entry was corrected, or that it was removed, and why. */
  time_change: {
    msp_id: MspId;
    id: Id<'time-change'>;
    client_id: ClientId;
    ticket_id: TicketId | null;
    entry_id: TimeEntryId;
    staff_id: StaffId;
    kind: 'corrected' | 'removed';
    reason: string;
    by_label: string;
    at: Temporal.Instant;
    /** When the work began, as it said before. */
    started_at: Temporal.Instant;
    before: JSONColumnType<KeptEntry, string, never>;
    after: JSONColumnType<KeptEntry, string, never> | null;
  };
  time_timer: {
    msp_id: MspId;
    id: Id<'time-timer'>;
    staff_id: StaffId;
    client_id: ClientId;
    ticket_id: TicketId | null;
    work_type: WorkType;
    /** Null while it is paused. */
    started_at: Temporal.Instant | null;
    /** The stretches before the one that runs. */
    spans: JSONColumnType<{ from: string; to: string }[], string | undefined, string>;
  };
  time_sheet: {
    msp_id: MspId;
    id: TimeSheetId;
    staff_id: StaffId;
    /** A Monday. */
    week_start: Temporal.PlainDate;
    /** Whose days its week has. */
    time_zone: string;
    state: SheetState;
    submitted_at: Temporal.Instant | null;
    decided_at: Temporal.Instant | null;
    decided_by: Generated<string>;
    note: Generated<string>;
    version: Generated<number>;
  };
  time_staff: { msp_id: MspId; staff_id: StaffId; time_zone: string; day_minutes: number };
}
