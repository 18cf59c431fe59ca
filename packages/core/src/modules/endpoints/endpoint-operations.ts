import { scriptPayloadSchema } from '@bailiwick/agent-protocol';
import { z } from 'zod';
import { defineCommand, defineQuery } from '#kernel/operation';
import { pageOf } from '#kernel/page';
import { text } from '#kernel/text';
import { assetIdSchema } from '#modules/assets';
import { cancelOrderInput, type CancelOrder } from './cancel-order.ts';
import { changeAgentInput, type ChangeAgent } from './change-agent.ts';
import { createEnrolmentTokenInput, type CreateEnrolmentToken } from './create-enrolment-token.ts';
import {
  agentOfAssetInput,
  getOrderInput,
  listOrdersInput,
  listTokensInput,
  type EndpointQueries,
} from './endpoint-queries.ts';
import { enrolmentTokenIdSchema, orderIdSchema } from './endpoint-table.ts';
import { agentView, orderDetailView, orderView, tokenView } from './endpoint-view.ts';
import type { QueueOrder } from './queue-order.ts';
import { revokeEnrolmentTokenInput, type RevokeEnrolmentToken } from './revoke-enrolment-token.ts';

interface Needs {
  readonly queries: EndpointQueries;
  readonly createToken: CreateEnrolmentToken;
  readonly revokeToken: RevokeEnrolmentToken;
  readonly changeAgent: ChangeAgent;
  readonly queueOrder: QueueOrder;
  readonly cancelOrder: CancelOrder;
}

const queued = z.object({ orderId: orderIdSchema });
const done = z.object({});

/** What the outside may ask of this module. */
export function endpointOperations(needs: Needs) {
  return { ...agentOperations(needs), ...orderOperations(needs) };
}

function agentOperations({ queries, createToken, revokeToken, changeAgent }: Needs) {
  return {
    getAgentOfAsset: defineQuery({
      name: 'endpoints.get-agent-of-asset',
      permission: 'endpoints.read-agents',
      input: agentOfAssetInput,
      output: z.object({ agent: agentView.nullable() }),
      rest: { method: 'GET', path: '/assets/{assetId}/agent', summary: 'The agent that runs on an asset' },
      run: async (scope, input) => ({ agent: await queries.agentOfAsset(scope, input.assetId) }),
    }),
    changeAgent: defineCommand({
      name: 'endpoints.change-agent',
      permission: 'endpoints.manage-agents',
      input: changeAgentInput,
      output: z.object({ state: z.enum(['active', 'revoked']) }),
      rest: {
        method: 'POST',
        path: '/agents/{agentId}/decision',
        summary: 'Release an agent from quarantine, or revoke it',
      },
      run: (scope, input) => changeAgent.run(scope, input),
    }),
    listEnrolmentTokens: defineQuery({
      name: 'endpoints.list-enrolment-tokens',
      permission: 'endpoints.manage-tokens',
      input: listTokensInput,
      output: pageOf(tokenView),
      rest: { method: 'GET', path: '/enrolment-tokens', summary: 'Enrolment tokens, newest first' },
      run: (scope, input) => queries.listTokens(scope, input),
    }),
    createEnrolmentToken: defineCommand({
      name: 'endpoints.create-enrolment-token',
      permission: 'endpoints.manage-tokens',
      input: createEnrolmentTokenInput,
      output: z.object({ tokenId: enrolmentTokenIdSchema, token: z.string(), expiresAt: z.iso.datetime() }),
      rest: { method: 'POST', path: '/enrolment-tokens', summary: 'Make an enrolment token; its secret is shown once' },
      run: async (scope, input) => {
        const made = await createToken.run(scope, input);
        return { ...made, expiresAt: made.expiresAt.toString() };
      },
    }),
    revokeEnrolmentToken: defineCommand({
      name: 'endpoints.revoke-enrolment-token',
      permission: 'endpoints.manage-tokens',
      input: revokeEnrolmentTokenInput,
      output: done,
      rest: { method: 'DELETE', path: '/enrolment-tokens/{tokenId}', summary: 'Revoke an enrolment token' },
      run: async (scope, input) => {
        await revokeToken.run(scope, input);
        return {};
      },
    }),
  };
}

function orderOperations({ queries, queueOrder, cancelOrder }: Needs) {
  return {
    listOrders: defineQuery({
      name: 'endpoints.list-orders',
      permission: 'endpoints.read-agents',
      input: listOrdersInput,
      output: pageOf(orderView),
      rest: { method: 'GET', path: '/assets/{assetId}/orders', summary: 'Orders of an asset, newest first' },
      run: (scope, input) => queries.listOrders(scope, input),
    }),
    getOrder: defineQuery({
      name: 'endpoints.get-order',
      permission: 'endpoints.read-agents',
      input: getOrderInput,
      output: orderDetailView,
      rest: { method: 'GET', path: '/orders/{orderId}', summary: 'One order with its output' },
      run: (scope, input) => queries.getOrder(scope, input),
    }),
    runScript: defineCommand({
      name: 'endpoints.run-script',
      permission: 'endpoints.run-script',
      input: scriptPayloadSchema.extend({
        assetId: assetIdSchema,
        reason: text({ max: 300 }),
        args: scriptPayloadSchema.shape.args.default([]),
      }),
      output: queued,
      rest: { method: 'POST', path: '/assets/{assetId}/scripts', summary: 'Run a script on an asset' },
      run: (scope, { assetId, reason, ...payload }) =>
        queueOrder.run(scope, { assetId, reason, kind: 'script', payload }),
    }),
    refreshInventory: defineCommand({
      name: 'endpoints.refresh-inventory',
      permission: 'endpoints.read-agents',
      input: agentOfAssetInput,
      output: queued,
      rest: { method: 'POST', path: '/assets/{assetId}/refresh', summary: 'Ask an asset’s agent for a new inventory' },
      run: (scope, input) =>
        queueOrder.run(scope, {
          assetId: input.assetId,
          reason: 'Refresh the inventory',
          kind: 'refresh-inventory',
          payload: {},
        }),
    }),
    setOrderPolicy: defineCommand({
      name: 'endpoints.set-order-policy',
      permission: 'endpoints.manage-agents',
      input: agentOfAssetInput.extend({ orderPolicy: z.enum(['observe', 'allow']) }),
      output: queued,
      rest: {
        method: 'POST',
        path: '/assets/{assetId}/order-policy',
        summary: 'Allow orders that change an asset, or stop them',
      },
      run: (scope, { assetId, orderPolicy }) =>
        queueOrder.run(scope, {
          assetId,
          reason: orderPolicy === 'allow' ? 'Allow orders to this machine' : 'Only observe this machine',
          kind: 'set-order-policy',
          payload: { orderPolicy },
        }),
    }),
    cancelOrder: defineCommand({
      name: 'endpoints.cancel-order',
      permission: 'endpoints.run-script',
      input: cancelOrderInput,
      output: done,
      rest: {
        method: 'POST',
        path: '/orders/{orderId}/cancel',
        summary: 'Take an order back before its machine has it',
      },
      run: async (scope, input) => {
        await cancelOrder.run(scope, input);
        return {};
      },
    }),
  };
}
