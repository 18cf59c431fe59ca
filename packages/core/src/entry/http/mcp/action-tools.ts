import { z } from 'zod';
import { InvalidInputError } from '#kernel/errors';
import type { AnyOperation } from '#kernel/operation';
import type { TenantScope } from '#kernel/tenant-scope';
import { invalidInput } from '../error-mapping.ts';
import type { McpTool, ObjectSchema } from './mcp-tool.ts';
import { runOperation } from './operation-tools.ts';

/** An action of a plugin that somebody may plan; the module of tools gives it. */
export interface OfferedAction {
  readonly name: string;
  readonly action: string;
  readonly label: string;
  readonly description: string;
  readonly grain: 'connection' | 'scope';
  readonly connectionIds: ReadonlySet<string>;
  readonly inputSchema: ObjectSchema;
  readonly hints: McpTool['annotations'];
}

/** The operations that the console itself plans and asks with. */
export interface ActionOperations {
  readonly planAction: AnyOperation;
  readonly requestRun: AnyOperation;
  readonly getRun: AnyOperation;
}

const planned = z.object({ runId: z.string() });
const asked = z.object({ state: z.string() });
const run = z.looseObject({
  id: z.string(),
  action: z.string(),
  connectionId: z.string(),
  planHash: z.string(),
  plan: z.unknown(),
  blast: z.unknown(),
  verdict: z.string(),
  why: z.string(),
  approvalsNeeded: z.int(),
  state: z.string(),
  expiresAt: z.string(),
});
const requestInput = z.strictObject({
  runId: z.uuid(),
  planHash: z.string().max(100),
  reason: z.string().max(500).default(''),
});

/** Two tools for each action: one that plans it, and one that asks for the plan to be done. What the policy says of the plan holds for programs as for people. */
export function actionTools(offers: readonly OfferedAction[], operations: ActionOperations): McpTool[] {
  return offers.flatMap((offer) => [planTool(offer, operations), requestTool(offer, operations)]);
}

function planTool(offer: OfferedAction, { planAction, getRun }: ActionOperations): McpTool {
  return {
    name: `${offer.name}_plan`,
    title: `Plan: ${offer.label}`,
    description: `${offer.description} Says what it would do, whom it reaches and what the policy asks for. Nothing is done at the vendor.`,
    inputSchema: planSchema(offer),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
    permission: planAction.permission,
    async run(scope, input) {
      const given = z.looseObject({ connectionId: z.string() }).safeParse(input);
      if (given.success) assertOwn(offer, given.data.connectionId);
      const wanted = { ...(given.success ? given.data : {}), action: offer.action };
      const { runId } = planned.parse(await runOperation(planAction, scope, wanted));
      const made = run.parse(await runOperation(getRun, scope, { runId }));
      const { planHash, plan, blast, verdict, why, approvalsNeeded, expiresAt } = made;
      const next =
        verdict === 'deny'
          ? 'The policy refuses this.'
          : `To have it done, call ${offer.name}_request with this runId and planHash.`;
      return { runId, planHash, plan, blast, verdict, why, approvalsNeeded, expiresAt, next };
    },
  };
}

function planSchema(offer: OfferedAction): ObjectSchema {
  const isScoped = offer.grain === 'scope';
  const scopeId = {
    type: 'string',
    format: 'uuid',
    description: 'Of plugin-scopes_list-scopes: whose data it is about',
  };
  return {
    type: 'object',
    properties: {
      connectionId: { type: 'string', format: 'uuid', enum: [...offer.connectionIds] },
      ...(isScoped ? { scopeId } : {}),
      input: offer.inputSchema,
    },
    required: ['connectionId', ...(isScoped ? ['scopeId'] : []), 'input'],
    additionalProperties: false,
  };
}

function requestTool(offer: OfferedAction, { requestRun, getRun }: ActionOperations): McpTool {
  return {
    name: `${offer.name}_request`,
    title: offer.label,
    description: `Has a plan of ${offer.name}_plan done. Where the policy asks for approval, it waits for people, and nothing is done before they agree.`,
    inputSchema: {
      type: 'object',
      properties: {
        runId: { type: 'string', format: 'uuid' },
        planHash: { type: 'string', description: 'As the plan said it: this plan, and no other' },
        reason: { type: 'string', maxLength: 500, description: 'Shown to whoever approves' },
      },
      required: ['runId', 'planHash'],
      additionalProperties: false,
    },
    annotations: offer.hints,
    permission: requestRun.permission,
    async run(scope, input) {
      const given = requestInput.safeParse(input);
      if (!given.success) throw invalidInput(given.error);
      const { runId } = given.data;
      await assertPlanOf(offer, getRun, scope, runId);
      const { state } = asked.parse(await runOperation(requestRun, scope, given.data));
      const after = run.parse(await runOperation(getRun, scope, { runId }));
      return { runId, state, approvalsNeeded: after.approvalsNeeded, why: after.why, message: messageOf(state, after) };
    },
  };
}

/** A tool that calls itself harmless must not be the way to another action's plan. */
async function assertPlanOf(
  offer: OfferedAction,
  getRun: AnyOperation,
  scope: TenantScope,
  runId: string,
): Promise<void> {
  const found = run.parse(await runOperation(getRun, scope, { runId }));
  if (found.action === offer.action && offer.connectionIds.has(found.connectionId)) return;
  throw new InvalidInputError('mcp.other-action', 'This is the plan of another action.', {
    fields: [{ path: ['runId'], message: `is no plan of ${offer.name}_plan` }],
  });
}

function assertOwn(offer: OfferedAction, connectionId: string): void {
  if (offer.connectionIds.has(connectionId)) return;
  throw new InvalidInputError('mcp.other-connection', 'This action is not offered through that connection.', {
    fields: [{ path: ['connectionId'], message: 'must be one of those that the tool names' }],
  });
}

function messageOf(state: string, { approvalsNeeded }: z.output<typeof run>): string {
  if (state === 'waiting')
    return `Nothing is done yet: ${approvalsNeeded === 1 ? 'one person has' : `${approvalsNeeded} people have`} to approve it in the console.`;
  return 'It is being done. plugin-actions_get-run says how it ended.';
}
