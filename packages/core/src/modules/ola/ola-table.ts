import type { JSONColumnType } from 'kysely';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { SlaPolicyVersionId, Verdict, Warned } from '#modules/sla';
import type { TeamId } from '#modules/teams';
import type { TicketId } from '#modules/tickets';

export type OlaStayId = Id<'ola-stay'>;

interface OfTicket {
  msp_id: MspId;
  client_id: ClientId;
  ticket_id: TicketId;
}

export interface OlaTables {
  ola_ticket: OfTicket & {
    /** Until which version of the ticket its history was taken in. */
    seen_version: number;
    events: number;
    stays: number;
    work: JSONColumnType<object, string, string>;
  };
  ola_event: OfTicket & {
    id: Id<'ola-event'>;
    /** 1, 2, 3: the order of events, also of those of one instant. */
    place: number;
    at: Temporal.Instant;
    type: string;
    value: JSONColumnType<object, string | null, string | null>;
  };
  ola_stay: OfTicket & {
    id: OlaStayId;
    /** 1 for the first of its ticket. */
    number: number;
    team_id: TeamId;
    /** The version that the stay was last brought in line with; null for "no OLA". */
    policy_version_id: SlaPolicyVersionId | null;
    clocks: JSONColumnType<object, string, string>;
    started_at: Temporal.Instant;
    /** Null while the ticket is with the team. */
    ended_at: Temporal.Instant | null;
    verdict: Verdict;
    due_at: Temporal.Instant | null;
    /** Counted time. */
    seconds: number;
    warned: JSONColumnType<Warned, string, string>;
    next_warning_at: Temporal.Instant | null;
  };
  ola_warning: OfTicket & {
    id: Id<'ola-warning'>;
    stay_id: OlaStayId;
    percent: number;
    due_at: Temporal.Instant | null;
    policy_version_id: SlaPolicyVersionId;
    warned_at: Temporal.Instant;
  };
}
