import { keyFingerprint, ORDER_KINDS } from '@bailiwick/agent-protocol';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import { clientIdSchema } from '#kernel/id';
import { assetIdSchema } from '#modules/assets';
import type { AgentRow } from './agent-store.ts';
import { agentIdSchema, enrolmentTokenIdSchema, orderIdSchema, type EndpointTables } from './endpoint-table.ts';
import { ORDER_STATES } from './order.ts';
import type { OrderRow } from './order-store.ts';

/** An agent as it leaves the server. */
export const agentView = z.object({
  id: agentIdSchema,
  clientId: clientIdSchema,
  assetId: assetIdSchema,
  hostname: z.string(),
  agentVersion: z.string(),
  orderPolicy: z.enum(['observe', 'allow', 'locked']),
  state: z.enum(['active', 'quarantined', 'revoked']),
  stateReason: z.string().nullable(),
  /** The first 16 hex digits of the key's SHA-256, as `npm run agent -- status` shows it on the machine. */
  keyFingerprint: z.string(),
  lastSeenAt: z.iso.datetime().nullable(),
  enrolledAt: z.iso.datetime(),
  version: z.int(),
});
export type AgentView = z.input<typeof agentView>;

export function toAgentView(row: AgentRow): AgentView {
  return {
    id: row.id,
    clientId: row.client_id,
    assetId: row.asset_id,
    hostname: row.hostname,
    agentVersion: row.agent_version,
    orderPolicy: row.order_policy,
    state: row.state,
    stateReason: row.state_reason,
    keyFingerprint: keyFingerprint(row.public_key),
    lastSeenAt: row.last_seen_at?.toString() ?? null,
    enrolledAt: row.created_at.toString(),
    version: row.version,
  };
}

const packageOutcomeView = z.object({
  name: z.string(),
  outcome: z.string(),
  versionBefore: z.string().optional(),
  versionAfter: z.string().optional(),
  message: z.string().optional(),
});

/** An order as it leaves the server. */
export const orderView = z.object({
  id: orderIdSchema,
  clientId: clientIdSchema,
  assetId: assetIdSchema,
  kind: z.enum(ORDER_KINDS),
  state: z.enum(ORDER_STATES),
  reason: z.string(),
  requestedBy: z.string(),
  exitCode: z.int().nullable(),
  message: z.string().nullable(),
  packages: z.array(packageOutcomeView).nullable(),
  outputBytes: z.int(),
  isOutputTruncated: z.boolean(),
  issuedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  version: z.int(),
});
export type OrderView = z.input<typeof orderView>;

/** One order with what it carries and what its machine wrote. */
export const orderDetailView = orderView.extend({
  payload: z.looseObject({}),
  output: z.array(z.object({ index: z.int(), channel: z.enum(['stdout', 'stderr']), text: z.string() })),
});
export type OrderDetailView = z.input<typeof orderDetailView>;

export function toOrderView(row: OrderRow): OrderView {
  return {
    id: row.id,
    clientId: row.client_id,
    assetId: row.asset_id,
    kind: row.kind,
    state: row.state,
    reason: row.reason,
    requestedBy: row.requested_by_label,
    exitCode: row.exit_code,
    message: row.message,
    packages: row.packages,
    outputBytes: row.output_bytes,
    isOutputTruncated: row.is_output_truncated,
    issuedAt: row.issued_at.toString(),
    expiresAt: row.expires_at.toString(),
    startedAt: row.started_at?.toString() ?? null,
    finishedAt: row.finished_at?.toString() ?? null,
    version: row.version,
  };
}

/** An enrolment token as it leaves the server: never its secret. */
export const tokenView = z.object({
  id: enrolmentTokenIdSchema,
  clientId: clientIdSchema,
  label: z.string(),
  maxUses: z.int(),
  uses: z.int(),
  expiresAt: z.iso.datetime(),
  revokedAt: z.iso.datetime().nullable(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
});
export type TokenView = z.input<typeof tokenView>;

export function toTokenView(row: Selectable<EndpointTables['endpoint_token']>): TokenView {
  return {
    id: row.id,
    clientId: row.client_id,
    label: row.label,
    maxUses: row.max_uses,
    uses: row.uses,
    expiresAt: row.expires_at.toString(),
    revokedAt: row.revoked_at?.toString() ?? null,
    createdBy: row.created_by,
    createdAt: row.created_at.toString(),
  };
}
