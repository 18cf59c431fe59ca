import type { ClientId, MspId } from '#kernel/id';
import type { MovedMails } from '#modules/mail-intake';
import type { Belongings, TicketId } from '#modules/tickets';

/** All that went along with a merged ticket. */
export interface Moved extends Belongings, MovedMails {
  readonly files: readonly string[];
  readonly time: readonly string[];
  /** Absent for what was merged before checklists went along. */
  readonly checklists?: readonly string[];
}

export interface MergedTables {
  merged_ticket: {
    msp_id: MspId;
    client_id: ClientId;
    ticket_id: TicketId;
    into_ticket_id: TicketId;
    at: Temporal.Instant;
    before_status: string;
    moved: Moved;
  };
}
