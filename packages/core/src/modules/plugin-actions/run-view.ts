import { z } from 'zod';
import { clientIdSchema, idSchema } from '#kernel/id';
import { connectionIdSchema } from '#modules/plugin-host';
import { remoteScopeIdSchema } from '#modules/plugin-scopes';
import { actionRunIdSchema, RUN_STATES } from './actions-table.ts';
import { ACTOR_KINDS, approvalsFor, VERDICTS } from './approval-rules.ts';
import { blastInWords } from './blast-radius.ts';
import type { ApprovalRow, RunRow } from './run-store.ts';

const effect = z.enum(['read', 'create', 'update', 'delete', 'execute']);

/** What an action would do, as it is shown before anybody agrees. */
const planView = z.object({
  summary: z.string(),
  changes: z.array(z.object({ what: z.string(), from: z.string().optional(), to: z.string().optional() })),
  affected: z.array(z.object({ entity: z.string(), id: z.string() })),
  isReversible: z.boolean(),
  disruption: z.enum(['none', 'brief', 'outage']),
});

/** A planned or finished action as it leaves the server. */
export const runView = z.object({
  id: actionRunIdSchema,
  connectionId: connectionIdSchema,
  scopeId: remoteScopeIdSchema.nullable(),
  clientId: clientIdSchema.nullable(),
  undoesId: actionRunIdSchema.nullable(),
  action: z.string(),
  label: z.string(),
  effect,
  /** Secrets are hidden in it. */
  input: z.record(z.string(), z.unknown()),
  plan: planView,
  planHash: z.string(),
  blast: z.object({
    devices: z.int(),
    users: z.int(),
    others: z.int(),
    scopes: z.int(),
    clients: z.int(),
    unknown: z.int(),
    inWords: z.string(),
  }),
  verdict: z.enum(VERDICTS),
  why: z.string(),
  approvalsNeeded: z.int(),
  state: z.enum(RUN_STATES),
  requester: z.object({ id: z.uuid(), name: z.string() }),
  /** A person in the console, a program with a key, or an AI with a person's or a program's key: the policy's words. */
  askedBy: z.enum(ACTOR_KINDS),
  reason: z.string(),
  result: z
    .object({
      summary: z.string(),
      output: z.record(z.string(), z.unknown()).optional(),
      failures: z.array(z.string()).optional(),
    })
    .nullable(),
  verification: z.object({ holds: z.boolean(), detail: z.string().optional() }).nullable(),
  message: z.string(),
  plannedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  version: z.int(),
});
export type RunView = z.input<typeof runView>;

export const runWithApprovalsView = runView.extend({
  approvals: z.array(
    z.object({
      by: z.object({ id: z.uuid(), name: z.string() }),
      decision: z.enum(['approve', 'reject']),
      reason: z.string(),
      at: z.iso.datetime(),
    }),
  ),
});

/** An action that can be asked for. `fields` describe its form, in the SDK's own words. */
export const actionView = z.object({
  connectionId: connectionIdSchema,
  scopeId: remoteScopeIdSchema.nullable(),
  name: z.string(),
  label: z.string(),
  help: z.string().nullable(),
  effect,
  grain: z.enum(['connection', 'scope']),
  /** The type of record that it is offered on; the record's id goes into the field `target`. */
  target: z.string().nullable(),
  fields: z.record(z.string(), z.looseObject({ kind: z.string() })),
  canUndo: z.boolean(),
  /** Why it cannot be asked for now; null where it can. */
  unavailable: z.string().nullable(),
});
export type ActionView = z.input<typeof actionView>;
export const listActionsView = z.array(actionView);
export const runIdView = z.object({ runId: idSchema('plugin-action-run') });

export function toRunView(row: Omit<RunRow, 'sealed_input'>): RunView {
  return {
    id: row.id,
    connectionId: row.connection_id,
    scopeId: row.scope_id,
    clientId: row.client_id,
    undoesId: row.undoes_id,
    action: row.action,
    label: row.label,
    effect: row.effect,
    input: { ...row.shown_input },
    plan: {
      ...row.plan,
      changes: row.plan.changes.map((change) => ({ ...change })),
      affected: row.plan.affected.map((item) => ({ ...item })),
    },
    planHash: row.plan_hash,
    blast: { ...row.blast, inWords: blastInWords(row.blast) },
    verdict: row.verdict,
    why: row.why,
    approvalsNeeded: approvalsFor(row.verdict),
    state: row.state,
    requester: { id: row.requester_id, name: row.requester_label },
    askedBy: row.asked_by,
    reason: row.reason,
    result: toResult(row.result),
    verification: row.verification,
    message: row.message,
    plannedAt: row.planned_at.toString(),
    expiresAt: row.expires_at.toString(),
    startedAt: row.started_at?.toString() ?? null,
    endedAt: row.ended_at?.toString() ?? null,
    version: row.version,
  };
}

export function toApproval(row: ApprovalRow) {
  return {
    by: { id: row.actor_id, name: row.actor_label },
    decision: row.decision,
    reason: row.reason,
    at: row.at.toString(),
  };
}

function toResult(result: RunRow['result']): RunView['result'] {
  if (result === null) return null;
  return {
    summary: result.summary,
    ...(result.output === undefined ? {} : { output: { ...result.output } }),
    ...(result.failures === undefined ? {} : { failures: [...result.failures] }),
  };
}
