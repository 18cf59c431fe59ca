import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';
import { expect } from 'vitest';
import type { OrderEnvelope, PendingUpdate, Updates } from '@bailiwick/agent-protocol';
import { agentNeeds } from '../../packages/core/src/composition/agent-needs.ts';
import { agentDoor } from '../../packages/core/src/entry/agent/agent-door.ts';
import type { ClientId } from '../../packages/core/src/kernel/id.ts';
import type { AssetId } from '../../packages/core/src/modules/assets/asset-table.ts';
import { CreateEnrolmentToken } from '../../packages/core/src/modules/endpoints/create-enrolment-token.ts';
import type { ReportSink } from '../../packages/core/src/modules/endpoints/endpoint-needs.ts';
import { ReportSinkToken } from '../../packages/core/src/modules/endpoints/report-sink-token.ts';
import { DecideUpdates, decideUpdatesInput } from '../../packages/core/src/modules/patching/decide-updates.ts';
import { FinishInstall } from '../../packages/core/src/modules/patching/finish-install.ts';
import { InstallUpdates } from '../../packages/core/src/modules/patching/install-updates.ts';
import { PatchQueries } from '../../packages/core/src/modules/patching/patch-queries.ts';
import type { PatchUpdateId } from '../../packages/core/src/modules/patching/patch-table.ts';
import { RecordUpdates } from '../../packages/core/src/modules/patching/record-updates.ts';
import { TestAgent } from './test-agent.ts';
import { buildMsp, staffScope, type TestApp } from './test-app.ts';
import { testHttpApp } from './test-http.ts';

/** An update that a machine says it waits for. */
export const waiting = (name: string, isSecurity = false, candidateVersion = '2.0'): PendingUpdate => ({
  name,
  currentVersion: '1.0',
  candidateVersion,
  isSecurity,
});
/** A machine's list of updates. */
export const report = (...updates: PendingUpdate[]): Updates => ({
  manager: 'apt',
  checkedAt: '2026-11-20T08:59:00Z',
  updates,
  isRebootRequired: false,
  rebootReasons: [],
});

/** A machine with an agent, which takes real orders. */
export class Machine {
  readonly agent: TestAgent;
  #sequence = 0;

  constructor(agent: TestAgent) {
    this.agent = agent;
  }

  get assetId(): AssetId {
    return this.agent.identity.assetId as AssetId;
  }

  async says(stream: string, data: unknown): Promise<void> {
    this.#sequence += 1;
    const response = await this.agent.report([this.agent.entry(stream, this.#sequence, data)]);
    expect(await response.json()).toMatchObject({ refused: [] });
  }

  async orders(): Promise<{ envelope: OrderEnvelope; payload: { packages: { name: string; version: string }[] } }[]> {
    return ((await (await this.agent.orders()).json()) as { orders: never[] }).orders;
  }
}

/** An MSP with two clients and what tests of patching do with it. */
export async function patchingWorld(app: TestApp, http: Hono) {
  const { mspId, clientIds } = await buildMsp(app, { clients: 2 });
  const [first, second] = clientIds as [ClientId, ClientId];
  const staff = staffScope(mspId);
  const machine = async (clientId: ClientId, orderPolicy: 'allow' | 'observe' = 'allow') => {
    const { token } = await app.container
      .resolve(CreateEnrolmentToken)
      .run(staff, { clientId, label: 'test', maxUses: 1, expiresInHours: 1 });
    const agent = new TestAgent(http, app.clock);
    expect((await agent.enrol(token, { orderPolicy, hostname: `m-${randomUUID().slice(0, 8)}` })).status).toBe(201);
    const hello = { protocolVersions: [1], agentVersion: '0.1.0', previousRunIds: [], hostname: 'm', orderPolicy };
    expect((await agent.signed('POST', '/agent/v1/hello', hello)).status).toBe(200);
    return new Machine(agent);
  };
  const pending = async (scope = staff) =>
    (await app.container.resolve(PatchQueries).pendingUpdates(scope, { limit: 100 })).items;
  const idOf = async (name: string): Promise<PatchUpdateId> => {
    const found = (await pending()).find((update) => update.name === name);
    if (found === undefined) throw new Error(`${name} is pending`);
    return found.id as PatchUpdateId;
  };
  const decide = (input: object, scope = staff) =>
    app.container.resolve(DecideUpdates).run(scope, decideUpdatesInput.parse(input));
  return {
    mspId,
    first,
    second,
    staff,
    machine,
    pending,
    idOf,
    decide,
    install: app.container.resolve(InstallUpdates),
  };
}

/** The door of agents, with what they say of updates and installations going to patching. */
export function patchingDoor(app: TestApp): Hono {
  const { container } = app;
  const sink: ReportSink = {
    metrics: async () => [],
    updates: (scope, { assetId, clientId }, updates, observedAt, tx) =>
      container.resolve(RecordUpdates).run(scope, { assetId, clientId, updates, observedAt }, tx),
    orderEnded: (scope, _origin, order, tx) => container.resolve(FinishInstall).run(scope, order, tx),
  };
  container.register(ReportSinkToken, { useValue: sink });
  const door = agentDoor({
    needs: agentNeeds(container),
    clock: app.clock,
    addressOf: () => '127.0.0.1',
    limitEnrolment: () => {},
    reportError: () => {},
  });
  return testHttpApp(app, new Map(), { doors: { '/agent/v1': door } });
}
