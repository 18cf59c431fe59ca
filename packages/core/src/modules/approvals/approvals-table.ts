import type { Generated } from 'kysely';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { ContactId } from '#modules/tenancy';
import type { StaffId, TicketId } from '#modules/tickets';
import type { Answer, ApprovalMode, ApprovalState } from './approval.ts';

export type ApprovalId = Id<'approval'>;
export type ApprovalStepId = Id<'approval-step'>;

interface OfApproval {
  msp_id: MspId;
  client_id: ClientId;
  approval_id: ApprovalId;
}

export interface ApprovalTables {
  approval: {
    msp_id: MspId;
    id: ApprovalId;
    client_id: ClientId;
    ticket_id: TicketId;
    subject: string;
    body: string;
    amount_minor: number | null;
    currency: string | null;
    mode: ApprovalMode;
    state: ApprovalState;
    /** Whose turn it is, by the steps' places; counts in a sequence only. */
    turn: number;
    due_at: Temporal.Instant | null;
    reminded_at: Temporal.Instant | null;
    requested_by_id: StaffId | null;
    requested_by_label: string;
    created_at: Temporal.Instant;
    ended_at: Temporal.Instant | null;
    version: Generated<number>;
  };
  approval_step: OfApproval & {
    id: ApprovalStepId;
    place: number;
    contact_id: ContactId | null;
    staff_id: StaffId | null;
    name: string;
  };
  /** Never changed: who answered what, once. */
  approval_decision: OfApproval & {
    step_id: ApprovalStepId;
    answer: Answer;
    comment: string;
    by_label: string;
    at: Temporal.Instant;
  };
}
