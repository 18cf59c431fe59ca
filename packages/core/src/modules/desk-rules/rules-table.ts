import type { Generated, JSONColumnType } from 'kysely';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { ActionOutcome } from '#modules/rule-actions';
import type { TicketId } from '#modules/tickets';
import type { Check } from '#modules/rule-conditions';
import type { RuleDefinition } from './rule-input.ts';

export type DeskRuleId = Id<'desk-rule'>;
export type DeskRuleRunId = Id<'desk-rule-run'>;
export type DeskDryRunId = Id<'desk-dry-run'>;

type Json<Value> = JSONColumnType<Value & object, string, string>;

/** `ran`: its actions were tried. `refused`: loop protection kept it from them. */
export type RunState = 'ran' | 'refused';

export const DRY_RUN_STATES = ['waiting', 'running', 'done', 'cancelled'] as const;
export type DryRunState = (typeof DRY_RUN_STATES)[number];

export interface DeskRuleTables {
  /** One row an MSP: what caches compare. Rises with each change of any rule. */
  desk_rule_set: { msp_id: MspId; version: number };
  desk_rule: {
    msp_id: MspId;
    id: DeskRuleId;
    name: string;
    place: number;
    is_active: boolean;
    stops: boolean;
    definition: Json<RuleDefinition>;
    /** Why the platform switched it off; null where a person did, or it is on. */
    off_reason: string | null;
    /** When a rule with a schedule runs next. */
    next_at: Temporal.Instant | null;
    version: Generated<number>;
    created_at: Temporal.Instant;
    updated_at: Temporal.Instant;
  };
  desk_rule_run: {
    msp_id: MspId;
    id: DeskRuleRunId;
    client_id: ClientId;
    ticket_id: TicketId;
    rule_id: DeskRuleId;
    rule_version: number;
    rule_name: string;
    /** What it ran for; each occurrence at most once for a rule and a ticket. */
    occurrence: string;
    event: string;
    state: RunState;
    reason: string;
    checks: Json<readonly Check[]>;
    actions: Json<readonly ActionOutcome[]>;
    chain_id: string;
    depth: number;
    from_version: number;
    to_version: number;
    at: Temporal.Instant;
  };
  /** When the time rules are to look at an open ticket again. */
  desk_rule_timer: { msp_id: MspId; client_id: ClientId; ticket_id: TicketId; due_at: Temporal.Instant };
  desk_dry_run: {
    msp_id: MspId;
    id: DeskDryRunId;
    rule_id: DeskRuleId | null;
    definition: Json<RuleDefinition>;
    state: DryRunState;
    from_at: Temporal.Instant;
    until_at: Temporal.Instant;
    total: number;
    looked_at: number;
    runs: number;
    tickets: number;
    last_ticket_id: TicketId | null;
    created_at: Temporal.Instant;
    ended_at: Temporal.Instant | null;
  };
  desk_dry_run_hit: {
    msp_id: MspId;
    id: Id<'desk-dry-run-hit'>;
    client_id: ClientId;
    ticket_id: TicketId;
    dry_run_id: DeskDryRunId;
    runs: number;
    first_at: Temporal.Instant;
    changes: Json<readonly DryChange[]>;
  };
}

/** What a rule would have changed on a ticket. */
export interface DryChange {
  readonly field: string;
  readonly from: string | null;
  readonly to: string | null;
  /** Why nothing would have come of it; absent where something would. */
  readonly why?: string;
}
