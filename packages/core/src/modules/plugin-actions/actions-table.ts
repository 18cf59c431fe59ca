import type { ActionEffect, ActionPlan, ActionResult, Json as JsonValue } from '@bailiwick/sdk';
import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import { idSchema, type ClientId, type Id, type MspId } from '#kernel/id';
import type { Actor } from '#kernel/tenant-scope';
import type { ConnectionId } from '#modules/plugin-host';
import type { RemoteScopeId } from '#modules/plugin-scopes';
import type { ActionRule, ActorKind, Verdict, WorkingHours } from './approval-rules.ts';
import type { BlastRadius } from './blast-radius.ts';

export type ActionRunId = Id<'plugin-action-run'>;
export const actionRunIdSchema = idSchema('plugin-action-run');

/**
 * `planned`: nobody has asked for it yet. `waiting`: for approval. `unknown`: the vendor was asked and nobody knows whether it did it. `stale`: what would be done now is no longer
 * what was planned. The rest say what they say.
 */
export const RUN_STATES = [
  'planned',
  'waiting',
  'approved',
  'running',
  'done',
  'partly-done',
  'failed',
  'unknown',
  'stale',
  'rejected',
  'cancelled',
  'expired',
] as const;
export type RunState = (typeof RUN_STATES)[number];
export type ActionInput = Readonly<Record<string, JsonValue>>;
type Json<Value> = JSONColumnType<Value & object, string, string>;
type NullableJson<Value> = ColumnType<Value | null, string | null | undefined, string | null>;

export interface PluginActionTables {
  plugin_action_policy: {
    msp_id: MspId;
    rules: ColumnType<ActionRule[], string, string>;
    working_hours: Json<WorkingHours>;
    version: Generated<number>;
  };
  plugin_action_run: {
    msp_id: MspId;
    id: ActionRunId;
    client_id: ClientId | null;
    connection_id: ConnectionId;
    scope_id: RemoteScopeId | null;
    undoes_id: ActionRunId | null;
    action: string;
    label: string;
    effect: ActionEffect;
    idempotency: 'natural' | 'key' | 'none';
    shown_input: Json<ActionInput>;
    sealed_input: Buffer;
    plan: Json<ActionPlan>;
    plan_hash: string;
    blast: Json<BlastRadius>;
    verdict: Verdict;
    why: string;
    state: RunState;
    asked_by: ActorKind;
    requester_kind: Actor['kind'];
    requester_id: string;
    person_id: string | null;
    requester_label: string;
    reason: Generated<string>;
    idempotency_key: string;
    is_sent: Generated<boolean>;
    attempts: Generated<number>;
    result: NullableJson<ActionResult>;
    verification: NullableJson<{ holds: boolean; detail?: string }>;
    failure: string | null;
    message: Generated<string>;
    planned_at: Temporal.Instant;
    expires_at: Temporal.Instant;
    started_at: Temporal.Instant | null;
    ended_at: Temporal.Instant | null;
    version: Generated<number>;
  };
  plugin_action_approval: {
    msp_id: MspId;
    id: Id<'plugin-action-approval'>;
    client_id: ClientId | null;
    run_id: ActionRunId;
    actor_id: string;
    actor_label: string;
    decision: 'approve' | 'reject';
    reason: string;
    at: Temporal.Instant;
  };
}
