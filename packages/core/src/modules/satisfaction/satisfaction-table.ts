import type { Generated } from 'kysely';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { ContactId } from '#modules/tenancy';
import type { StaffId, TicketId } from '#modules/tickets';

export type RatingId = Id<'satisfaction-rating'>;

export interface SatisfactionTables {
  satisfaction_setting: { msp_id: MspId; is_on: boolean; pause_days: number; version: Generated<number> };
  satisfaction_rating: {
    msp_id: MspId;
    id: RatingId;
    client_id: ClientId;
    ticket_id: TicketId;
    resolved_at: Temporal.Instant;
    /** Not a reference: who was asked stays known when the contact is gone. */
    contact_id: ContactId | null;
    contact_label: string;
    /** Whose ticket it was when it was resolved. */
    assignee_id: StaffId | null;
    asked_at: Temporal.Instant;
    score: number | null;
    comment: Generated<string>;
    rated_at: Temporal.Instant | null;
    version: Generated<number>;
  };
}
