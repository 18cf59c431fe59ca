import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectActionPlugin, type ActionPlugin } from '../../../../../test/support/action-plugin.ts';
import { buildMsp, staffScope, startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import { startFakeVendor, type FakeVendor, type VendorAnswer } from '../../../../../test/support/test-plugin.ts';
import { addStaff, loginScope } from '../../../../../test/support/world-identity.ts';
import type { ClientId, MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { ScopedDb } from '#platform/db/scoped-db';
import { DecideRun } from './decide-run.ts';
import { ExecuteRun } from './execute-run.ts';
import { PlanAction } from './plan-action.ts';
import { RunQueries } from './run-queries.ts';
import { SettleRun } from './settle-run.ts';

const PERMISSIONS = ['plugin-actions.run-actions', 'plugin-actions.approve-actions', 'plugin-actions.read-actions'];

let app: TestApp;
let vendor: FakeVendor;
let mspId: MspId;
let clients: readonly ClientId[];
let plugin: ActionPlugin;
let ada: TenantScope;
let grace: TenantScope;
/** What the vendor holds of its one device, and how it answers what changes it. */
let mode = 'old';
let onChange: () => VendorAnswer = () => ({ json: {} });

beforeAll(async () => {
  app = await startTestApp();
  vendor = await startFakeVendor((request) => {
    if (request.method === 'GET') return { json: { name: 'SRV-1', mode } };
    const answer = onChange();
    const asked = JSON.parse(request.body) as { mode?: string };
    if ((answer.status ?? 200) < 300 && asked.mode !== undefined) mode = asked.mode;
    return answer;
  });
  const msp = await buildMsp(app, { clients: 2 });
  mspId = msp.mspId;
  clients = msp.clientIds;
  const [north, south] = clients as [ClientId, ClientId];
  plugin = await connectActionPlugin(app, staffScope(mspId), { vendor, north, south });
  await plugin.addRecord(plugin.north, 'device', 'd1');
  await plugin.addRecord(plugin.south, 'device', 'd2');
  ada = await person('Ada', [north]);
  grace = await person('Grace');
}, 60_000);
afterAll(async () => {
  await vendor[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});
beforeEach(() => {
  mode = 'old';
  onChange = () => ({ json: {} });
  vendor.requests.length = 0;
});

async function person(name: string, onlyClients?: ClientId[]): Promise<TenantScope> {
  const standardRoles = ['manager'];
  const { loginId } = await addStaff(app, { mspId }, { name, standardRoles, ...(onlyClients ? { onlyClients } : {}) });
  const scope = loginScope({ mspId }, loginId, PERMISSIONS);
  return onlyClients === undefined ? scope : { ...scope, reach: { kind: 'only', clientIds: onlyClients } };
}

const changes = () => vendor.requests.filter((request) => request.method !== 'GET');
const get = (runId: string) => app.container.resolve(RunQueries).get(grace, runId as never);
const execute = (runId: string) => app.container.resolve(ExecuteRun).run(systemScope(mspId), runId as never);

async function planned(by: TenantScope, action: string, input: Record<string, string> = {}) {
  const { runId } = await app.container.resolve(PlanAction).run(by, {
    connectionId: plugin.connectionId,
    scopeId: plugin.north,
    action,
    input: { target: 'd1', ...input },
  });
  return { runId, planHash: (await get(runId)).planHash };
}

async function requested(by: TenantScope, action: string, input: Record<string, string> = {}) {
  const run = await planned(by, action, input);
  const { state } = await app.container.resolve(DecideRun).request(by, { ...run, reason: '' });
  return { ...run, state };
}

describe('an action', () => {
  it('is planned without a change, done once asked for, read back, and taken back', async () => {
    const run = await requested(ada, 'set-mode', { mode: 'eco', pin: '4711-secret' });
    expect(run.state).toBe('approved');
    expect(changes()).toEqual([]);
    expect(await get(run.runId)).toMatchObject({
      verdict: 'run',
      blast: { devices: 1, clients: 1, unknown: 0 },
      plan: { changes: [{ what: 'SRV-1', from: 'old', to: 'eco' }] },
      input: { target: 'd1', mode: 'eco', pin: '[hidden]' },
      clientId: clients[0],
    });
    await execute(run.runId);
    expect(await get(run.runId)).toMatchObject({ state: 'done', verification: { holds: true }, message: 'Set.' });
    expect(JSON.parse(changes()[0]?.body ?? '')).toMatchObject({ mode: 'eco', pin: '4711-secret', by: 'Ada' });
    await execute(run.runId);
    expect(changes()).toHaveLength(1);
    const undo = await app.container.resolve(SettleRun).planUndo(ada, { runId: run.runId });
    const { planHash, plan } = await get(undo.runId);
    expect(plan.changes).toEqual([{ what: 'SRV-1', from: 'eco', to: 'old' }]);
    await app.container.resolve(DecideRun).request(ada, { runId: undo.runId, planHash, reason: '' });
    await execute(undo.runId);
    expect(mode).toBe('old');
    expect(await get(undo.runId)).toMatchObject({ state: 'done', undoesId: run.runId });
  });

  it('never shows a secret of its input, in no table', async () => {
    await requested(ada, 'set-mode', { mode: 'eco', pin: '0815-secret' });
    const tables = await app.container.resolve(ScopedDb).transaction(systemScope(mspId), (tx) =>
      tx.sql<{ found: string }>(
        `select 'run' as found from plugin_action_run r where r::text like '%0815-secret%' union all select 'audit' from audit_pending a where a::text like '%0815-secret%'
           union all select 'audit' from audit_entry a where a::text like '%0815-secret%'`,
      ),
    );
    expect(tables).toEqual([]);
  });

  it('is refused where the plan has changed since it was read', async () => {
    const run = await requested(ada, 'set-mode', { mode: 'eco' });
    mode = 'somebody-else-was-here';
    await execute(run.runId);
    expect(await get(run.runId)).toMatchObject({ state: 'stale' });
    expect(changes()).toEqual([]);
    await expect(
      app.container
        .resolve(DecideRun)
        .request(ada, { ...(await planned(ada, 'reboot')), planHash: 'another', reason: '' }),
    ).rejects.toMatchObject({ code: 'plugin-actions.plan-changed' });
  });

  it('cannot write while it plans', async () => {
    await expect(planned(ada, 'sly')).rejects.toMatchObject({ code: 'plugin-actions.plan-failed' });
    expect(changes()).toEqual([]);
  });

  it('takes no record of another client, however the account knows it', async () => {
    await expect(planned(grace, 'set-mode', { target: 'd2', mode: 'eco' })).rejects.toMatchObject({
      code: 'plugin-actions.record-not-found',
      fields: [{ path: ['input', 'target'] }],
    });
    expect(vendor.requests).toEqual([]);
  });

  it('is not to be had for who does not reach the client, or where actions are off', async () => {
    const wanted = {
      connectionId: plugin.connectionId,
      scopeId: plugin.south,
      action: 'reboot',
      input: { target: 'd2' },
    };
    await expect(app.container.resolve(PlanAction).run(ada, wanted)).rejects.toMatchObject({
      code: 'plugin-scopes.scope-not-found',
    });
    await plugin.switchActions(plugin.south, false);
    await expect(app.container.resolve(PlanAction).run(grace, wanted)).rejects.toMatchObject({
      code: 'plugin-actions.actions-off',
    });
  });
});

describe('approval', () => {
  it('is another person’s, and then it is done', async () => {
    const run = await requested(ada, 'wipe');
    expect(run.state).toBe('waiting');
    const decide = app.container.resolve(DecideRun);
    const approve = { runId: run.runId, planHash: run.planHash, decision: 'approve' as const, reason: '' };
    await expect(decide.decide(ada, approve)).rejects.toMatchObject({ code: 'plugin-actions.own-request' });
    const key = { ...grace, actor: { kind: 'api-key' as const, id: grace.actor.id, label: 'key' } };
    await expect(decide.decide(key, approve)).rejects.toMatchObject({ code: 'plugin-actions.not-a-person' });
    await execute(run.runId);
    expect(changes()).toEqual([]);
    expect((await decide.decide(grace, approve)).state).toBe('approved');
    await execute(run.runId);
    expect(changes().map((request) => request.path)).toEqual(['/devices/d1/wipe']);
    expect((await get(run.runId)).approvals).toMatchObject([{ by: { id: grace.actor.id }, decision: 'approve' }]);
  });

  it('ends after a day', async () => {
    const run = await requested(ada, 'wipe');
    const at = app.clock.now();
    app.clock.set(at.add({ hours: 25 }));
    const approve = { runId: run.runId, planHash: run.planHash, decision: 'approve' as const, reason: '' };
    await expect(app.container.resolve(DecideRun).decide(grace, approve)).rejects.toMatchObject({
      code: 'plugin-actions.expired',
    });
    app.clock.set(at);
  });

  it('does not outlast what allowed it: the switch, or the requester’s right', async () => {
    const off = await requested(ada, 'set-mode', { mode: 'eco' });
    await plugin.switchActions(plugin.north, false);
    await execute(off.runId);
    expect((await get(off.runId)).state).toBe('failed');
    await plugin.switchActions(plugin.north, true);
    const eve = await person('Eve');
    const gone = await requested(eve, 'set-mode', { mode: 'eco' });
    await app.container
      .resolve(ScopedDb)
      .transaction(systemScope(mspId), (tx) =>
        tx.sql('update identity_staff set removed_at = now() where login_id = $1', [eve.actor.id]),
      );
    await execute(gone.runId);
    expect(await get(gone.runId)).toMatchObject({ state: 'failed', message: 'Ada may no longer do this.' });
    expect(changes()).toEqual([]);
  });
});

describe('an action that may not be repeated', () => {
  it('is unknown where the vendor gave no answer, is not tried again, and is settled by a person', async () => {
    const run = await requested(ada, 'reboot');
    onChange = () => ({ status: 503 });
    await execute(run.runId);
    expect(await get(run.runId)).toMatchObject({ state: 'unknown' });
    const asked = changes().length;
    onChange = () => ({ json: {} });
    await execute(run.runId);
    expect(changes()).toHaveLength(asked);
    expect(await openIssues()).toContain(`unknown-action-${run.runId}`);
    await app.container.resolve(SettleRun).settle(ada, { runId: run.runId, wasDone: true, reason: 'It came back up.' });
    expect(await openIssues()).not.toContain(`unknown-action-${run.runId}`);
  });

  it('is unknown where a worker died after the vendor was asked', async () => {
    const run = await requested(ada, 'reboot');
    await app.container
      .resolve(ScopedDb)
      .transaction(systemScope(mspId), (tx) =>
        tx.sql(`update plugin_action_run set state = 'running', is_sent = true, attempts = 1 where id = $1`, [
          run.runId,
        ]),
      );
    await execute(run.runId);
    expect(await get(run.runId)).toMatchObject({ state: 'unknown' });
    expect(changes()).toEqual([]);
  });
});

async function openIssues(): Promise<string[]> {
  const rows = await app.container
    .resolve(ScopedDb)
    .transaction(systemScope(mspId), (tx) =>
      tx.sql<{ key: string }>('select key from plugin_issue where closed_at is null'),
    );
  return rows.map((row) => row.key);
}
