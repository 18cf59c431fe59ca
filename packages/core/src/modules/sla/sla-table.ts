import type { Generated, JSONColumnType } from 'kysely';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { AgreementId } from '#modules/agreements';
import type { TeamId } from '#modules/teams';
import type { Verdict } from './clock-outcomes.ts';
import type { ChosenBy } from './policy-finder.ts';
import type { CalendarInput, StoredPolicy } from './definition-input.ts';
import type { Measure } from './sla-policy.ts';
import type { Warned } from './warning-schedule.ts';

export type SlaCalendarId = Id<'sla-calendar'>;
export type SlaCalendarVersionId = Id<'sla-calendar-version'>;
export type SlaPolicyId = Id<'sla-policy'>;
export type SlaPolicyVersionId = Id<'sla-policy-version'>;

type Json<Value> = JSONColumnType<Value & object, string, string>;

interface Named {
  msp_id: MspId;
  name: string;
  version: number;
  created_at: Temporal.Instant;
  retired_at: Generated<Temporal.Instant | null>;
}

export interface SlaTables {
  sla_calendar: Named & { id: SlaCalendarId; version_id: SlaCalendarVersionId };
  sla_calendar_version: {
    msp_id: MspId;
    id: SlaCalendarVersionId;
    calendar_id: SlaCalendarId;
    number: number;
    definition: Json<CalendarInput>;
    created_at: Temporal.Instant;
  };
  sla_policy: Named & { id: SlaPolicyId; version_id: SlaPolicyVersionId; kind: Generated<'sla' | 'ola'> };
  sla_policy_version: {
    msp_id: MspId;
    id: SlaPolicyVersionId;
    policy_id: SlaPolicyId;
    number: number;
    definition: Json<StoredPolicy>;
    created_at: Temporal.Instant;
  };
  sla_choice: {
    msp_id: MspId;
    id: Id<'sla-choice'>;
    ticket_type: string | null;
    policy_id: SlaPolicyId | null;
  };
  sla_client_choice: {
    msp_id: MspId;
    id: Id<'sla-client-choice'>;
    client_id: ClientId;
    ticket_type: string | null;
    policy_id: SlaPolicyId | null;
  };
  sla_agreement_choice: {
    msp_id: MspId;
    id: Id<'sla-agreement-choice'>;
    /** Who made the agreement. */
    client_id: ClientId;
    agreement_id: AgreementId;
    ticket_type: string | null;
    policy_id: SlaPolicyId | null;
  };
  sla_team_choice: {
    msp_id: MspId;
    id: Id<'sla-team-choice'>;
    /** Null for every team that has no choice of its own. */
    team_id: TeamId | null;
    /** Null for "no OLA". */
    policy_id: SlaPolicyId | null;
    /** What was with a team before is not held to it. */
    chosen_at: Temporal.Instant;
  };
  sla_ticket: {
    msp_id: MspId;
    client_id: ClientId;
    ticket_id: Id<'ticket'>;
    /** The version that the ticket's rules were last brought in line with; null where none was chosen. */
    policy_version_id: SlaPolicyVersionId | null;
    /** Which choice that was. */
    chosen_by: ChosenBy;
    clocks: Json<object>;
    /** How many events it has. */
    events: number;
    warned: JSONColumnType<Warned, string, string>;
    /** When a clock comes to the next percentage of which its policy warns; null where none does. */
    next_warning_at: Temporal.Instant | null;
    response_verdict: Verdict;
    response_due_at: Temporal.Instant | null;
    response_ended_at: Temporal.Instant | null;
    /** Counted time. */
    response_seconds: number;
    resolution_verdict: Verdict;
    resolution_due_at: Temporal.Instant | null;
    resolution_ended_at: Temporal.Instant | null;
    resolution_seconds: number;
    /** The worst of all cycles. */
    update_verdict: Verdict;
    update_due_at: Temporal.Instant | null;
    update_cycles: number;
    update_breaches: number;
    /** True for what is from before verdicts were columns. */
    needs_outcomes: Generated<boolean>;
  };
  sla_warning: {
    msp_id: MspId;
    id: Id<'sla-warning'>;
    client_id: ClientId;
    ticket_id: Id<'ticket'>;
    measure: Measure;
    /** When the clock began that it is of. */
    clock_from: Temporal.Instant;
    percent: number;
    due_at: Temporal.Instant | null;
    policy_version_id: SlaPolicyVersionId;
    warned_at: Temporal.Instant;
  };
  sla_event: {
    msp_id: MspId;
    id: Id<'sla-event'>;
    client_id: ClientId;
    ticket_id: Id<'ticket'>;
    /** 1, 2, 3: the order of events, also of those of one instant. */
    place: number;
    at: Temporal.Instant;
    type: string;
    value: JSONColumnType<object, string | null, string | null>;
  };
}
