import type { ClientId, MspId } from '#kernel/id';
import type { StaffId, TicketId } from '#modules/tickets';

export interface PresenceTables {
  ticket_presence: {
    msp_id: MspId;
    client_id: ClientId;
    ticket_id: TicketId;
    staff_id: StaffId;
    window_id: string;
    is_typing: boolean;
    seen_at: Temporal.Instant;
  };
  identity_staff: { msp_id: MspId; id: StaffId; name: string };
}
