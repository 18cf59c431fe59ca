import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectActionPlugin, type ActionPlugin } from '../../../../../../test/support/action-plugin.ts';
import { buildMsp, staffScope, startTestApp, type TestApp } from '../../../../../../test/support/test-app.ts';
import { testHttpApp } from '../../../../../../test/support/test-http.ts';
import { startFakeVendor, type FakeVendor } from '../../../../../../test/support/test-plugin.ts';
import { addStaff, loginScope } from '../../../../../../test/support/world-identity.ts';
import { mcpDoor } from '../../../composition/mcp.ts';
import { modules } from '../../../composition/modules.ts';
import { ActionPolicies } from '../../../modules/plugin-actions/action-policies.ts';
import { actionRule } from '../../../modules/plugin-actions/approval-rules.ts';
import { ApiKeys, createApiKeyInput } from '../../../modules/identity/api-keys.ts';
import { scopeResolver } from '#entry/http/session';
import type { ClientId, MspId } from '#kernel/id';
import { IdentityDoor } from '#modules/identity';
import { makeLogger } from '#platform/log';

const READ = [
  'plugin-sync.read-records',
  'plugin-host.read-connections',
  'plugin-scopes.read-scopes',
  'plugin-actions.read-actions',
];
const ACT = [...READ, 'plugin-actions.run-actions'];
const EVERYTHING = modules
  .flatMap((module) => module.permissions)
  .filter(({ roles }) => roles.includes('administrator'))
  .map(({ name }) => name);

let app: TestApp;
let http: Hono;
let vendor: FakeVendor;
let plugin: ActionPlugin;
let mspId: MspId;
let north: ClientId;
let otherMsp: MspId;

beforeAll(async () => {
  app = await startTestApp();
  app.clock.set(Temporal.Now.instant());
  vendor = await startFakeVendor((request) => ({
    json: request.method === 'GET' ? { name: 'SRV-1', mode: 'old' } : {},
  }));
  const msp = await buildMsp(app, { clients: 2 });
  mspId = msp.mspId;
  [north] = msp.clientIds as [ClientId];
  otherMsp = (await buildMsp(app)).mspId;
  plugin = await connectActionPlugin(app, staffScope(mspId), { vendor, north });
  await plugin.addRecord(plugin.north, 'device', 'd1');
  http = doorFor(scopeResolver(app.container.resolve(IdentityDoor)));
}, 60_000);
afterAll(async () => {
  await vendor[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});
beforeEach(() => {
  vendor.requests.length = 0;
});

async function keyOf(permissions: readonly string[], options: { mspId?: MspId; onlyClients?: ClientId[] } = {}) {
  const of = { mspId: options.mspId ?? mspId };
  const { loginId } = await addStaff(app, of, { name: 'Ada', standardRoles: ['administrator'] });
  const reach =
    options.onlyClients === undefined ? { kind: 'all' } : { kind: 'only' as const, clientIds: options.onlyClients };
  const input = createApiKeyInput.parse({ name: 'agent', permissions: [...permissions], reach });
  const { secret } = await app.container.resolve(ApiKeys).createOwn(loginScope(of, loginId, EVERYTHING), input);
  return secret;
}

async function connected(secret: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const transport = new StreamableHTTPClientTransport(new URL('http://localhost/api/mcp'), {
    requestInit: { headers: { authorization: `Bearer ${secret}` } },
    fetch: async (url, init) => http.request(String(url), init),
  });
  // The library's own types do not hold under exactOptionalPropertyTypes.
  await client.connect(transport as never);
  return client;
}

async function call(client: Client, name: string, input: object) {
  const { isError = false, content } = await client.callTool({ name, arguments: { ...input } });
  const [part] = content as { text: string }[];
  return { isError, body: JSON.parse(part?.text ?? 'null') as Record<string, unknown> };
}

const toolsOf = async (client: Client) => new Map((await client.listTools()).tools.map((tool) => [tool.name, tool]));
const setMode = () => ({
  connectionId: plugin.connectionId,
  scopeId: plugin.north,
  input: { target: 'd1', mode: 'new' },
});

describe('the tools', () => {
  it('are the queries of plugins and two for each action, with hints from its effect and the fields as its input', async () => {
    const tools = await toolsOf(await connected(await keyOf(EVERYTHING)));
    expect([...tools.keys()]).toEqual(
      expect.arrayContaining([
        'plugin-sync_list-records',
        'plugin-host_list-connections',
        'plugin-sync_list-streams',
        'test_acme_set-mode_plan',
        'test_acme_wipe_request',
      ]),
    );
    expect([...tools.keys()].filter((name) => !/^[\w-]{1,64}$/.test(name))).toEqual([]);
    expect(tools.get('test_acme_set-mode_plan')).toMatchObject({
      annotations: { readOnlyHint: true, destructiveHint: false },
      inputSchema: {
        required: ['connectionId', 'scopeId', 'input'],
        properties: {
          connectionId: { enum: [plugin.connectionId] },
          input: {
            required: ['target', 'mode'],
            additionalProperties: false,
            properties: { target: { type: 'string' }, pin: { type: 'string', writeOnly: true } },
          },
        },
      },
    });
    const hints = (name: string) => tools.get(`test_acme_${name}_request`)?.annotations;
    expect(hints('set-mode')).toMatchObject({ readOnlyHint: false, destructiveHint: true, idempotentHint: true });
    expect(hints('reboot')).toMatchObject({ readOnlyHint: false, destructiveHint: true, idempotentHint: false });
    // What changes things in the console is no tool.
    expect([...tools.keys()].filter((name) => /create|update|delete|decide|remove/.test(name))).toEqual([]);
  });

  it('are only those that the key may use', async () => {
    const names = [...(await toolsOf(await connected(await keyOf(['plugin-sync.read-records'])))).keys()];
    expect(names).toContain('plugin-sync_list-records');
    expect(names.filter((name) => !name.startsWith('plugin-sync_'))).toEqual([]);
  });

  it('offer an action only while it is switched on for somebody in reach', async () => {
    const client = await connected(await keyOf(ACT, { onlyClients: [north] }));
    expect([...(await toolsOf(client)).keys()]).toContain('test_acme_set-mode_plan');
    await plugin.switchActions(plugin.north, false);
    expect([...(await toolsOf(client)).keys()]).not.toContain('test_acme_set-mode_plan');
    await expect(call(client, 'test_acme_set-mode_plan', setMode())).rejects.toThrow(/no tool/);
    await plugin.switchActions(plugin.north, true);
  });
});

describe('calling a tool', () => {
  it('reads records, and names the field that is wrong', async () => {
    const client = await connected(await keyOf(READ));
    const { body } = await call(client, 'plugin-sync_list-records', { entity: 'device' });
    expect(body['items']).toMatchObject([{ externalId: 'd1', clientId: north }]);
    expect(await call(client, 'plugin-sync_list-records', { entity: 'device', limit: 5000 })).toMatchObject({
      isError: true,
      body: { code: 'input.invalid', fields: [{ path: ['limit'] }] },
    });
  });

  it('is refused without the permission, whatever was listed', async () => {
    const client = await connected(await keyOf(['plugin-sync.read-records']));
    expect(await call(client, 'plugin-host_list-connections', {})).toMatchObject({
      isError: true,
      body: { code: 'permission.missing' },
    });
    await expect(call(client, 'test_acme_set-mode_plan', setMode())).rejects.toThrow(/no tool/);
    await expect(call(client, 'tenancy_list-clients', {})).rejects.toThrow(/no tool/);
  });

  it('sees nothing of another tenant', async () => {
    const client = await connected(await keyOf(EVERYTHING, { mspId: otherMsp }));
    expect((await call(client, 'plugin-host_list-connections', {})).body).toEqual({ items: [] });
    expect(await call(client, 'plugin-host_get-connection', { connectionId: plugin.connectionId })).toMatchObject({
      isError: true,
      body: { code: 'plugin-host.connection-not-found' },
    });
    expect([...(await toolsOf(client)).keys()].filter((name) => name.startsWith('test_'))).toEqual([]);
  });

  it('plans, and asks for what was planned, which the policy of an AI has a person approve', async () => {
    const client = await connected(await keyOf(ACT));
    const { body: plan } = await call(client, 'test_acme_set-mode_plan', setMode());
    expect(plan).toMatchObject({ plan: { summary: 'new SRV-1' }, next: expect.stringContaining('_request') as string });
    const { body } = await call(client, 'test_acme_set-mode_request', {
      runId: plan['runId'],
      planHash: plan['planHash'],
    });
    expect(body).toMatchObject({ state: 'waiting', why: expect.stringContaining('What an AI asks for') as string });
    expect(vendor.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('waits for people where approval is needed, and does nothing before', async () => {
    const client = await connected(await keyOf(ACT));
    const { body: plan } = await call(client, 'test_acme_reboot_plan', { ...setMode(), input: { target: 'd1' } });
    const asked = { runId: plan['runId'], planHash: plan['planHash'], reason: 'It hangs' };
    const { isError, body } = await call(client, 'test_acme_reboot_request', asked);
    expect({ isError, body }).toMatchObject({
      isError: false,
      body: { state: 'waiting', message: expect.stringContaining('Nothing is done yet') as string },
    });
    expect(await call(client, 'plugin-actions_get-run', { runId: plan['runId'] })).toMatchObject({
      body: { state: 'waiting', reason: 'It hangs', requester: { name: expect.any(String) as string } },
    });
    expect(vendor.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('says so where the policy refuses', async () => {
    const policies = app.container.resolve(ActionPolicies);
    const { rules, workingHours, version } = await policies.get(staffScope(mspId));
    const none = actionRule.parse({ effects: ['delete'], verdict: 'deny', note: 'Nothing is deleted.' });
    await policies.update(staffScope(mspId), { rules: [none, ...rules], workingHours, version });
    const client = await connected(await keyOf(ACT));
    const { body: plan } = await call(client, 'test_acme_wipe_plan', { ...setMode(), input: { target: 'd1' } });
    expect(plan).toMatchObject({ verdict: 'deny', next: 'The policy refuses this.' });
    const asked = { runId: plan['runId'], planHash: plan['planHash'] };
    expect(await call(client, 'test_acme_wipe_request', asked)).toMatchObject({
      isError: true,
      body: { code: 'plugin-actions.denied' },
    });
  });

  it('plans through its own connections only', async () => {
    const client = await connected(await keyOf(ACT));
    expect(await call(client, 'test_acme_wipe_plan', { ...setMode(), connectionId: mspId })).toMatchObject({
      isError: true,
      body: { code: 'mcp.other-connection' },
    });
  });

  it('takes only the plan of its own action, and only the plan that was read', async () => {
    const client = await connected(await keyOf(ACT));
    const { body: plan } = await call(client, 'test_acme_reboot_plan', { ...setMode(), input: { target: 'd1' } });
    const asked = { runId: plan['runId'], planHash: plan['planHash'] };
    expect(await call(client, 'test_acme_set-mode_request', asked)).toMatchObject({
      isError: true,
      body: { code: 'mcp.other-action' },
    });
    expect(await call(client, 'test_acme_reboot_request', { ...asked, planHash: 'other' })).toMatchObject({
      isError: true,
      body: { code: 'plugin-actions.plan-changed' },
    });
    const other = await connected(await keyOf(ACT));
    expect(await call(other, 'test_acme_reboot_request', asked)).toMatchObject({
      isError: true,
      body: { code: 'plugin-actions.not-yours' },
    });
  });
});

/** The door of the MSP's people, whoever a request says that it is from. */
function doorFor(resolveScope: Parameters<typeof mcpDoor>[0]['resolveScope']): Hono {
  const { container } = app;
  const parts = { container, publicUrl: 'http://localhost', proxies: [], log: makeLogger('silent') };
  return testHttpApp(app, new Map(), { doors: { '/api/mcp': mcpDoor({ ...parts, resolveScope }) } });
}

describe('the door', () => {
  const post = (headers: Record<string, string>, body: unknown = { jsonrpc: '2.0', id: 1, method: 'tools/list' }) =>
    http.request('/api/mcp', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
      body: JSON.stringify(body),
    });

  it('asks for a key, takes one message, and no other site’s', async () => {
    const none = await post({});
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    const authorization = `Bearer ${await keyOf(READ)}`;
    expect((await post({ authorization })).status).toBe(200);
    expect((await post({ authorization }, [{ jsonrpc: '2.0', id: 1, method: 'tools/list' }])).status).toBe(422);
    expect((await post({ authorization, origin: 'https://elsewhere.example' })).status).toBe(403);
    expect((await http.request('/api/mcp', { headers: { authorization } })).status).toBe(405);
  });

  it('takes no person’s session', async () => {
    const door = doorFor(async () => staffScope(mspId));
    const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    expect((await door.request('/api/mcp', { method: 'POST', headers, body })).status).toBe(403);
  });

  it('answers a program in a circle that it should wait', async () => {
    const authorization = `Bearer ${await keyOf(READ)}`;
    const answers = await Promise.all(
      Array.from({ length: 125 }, () =>
        Promise.resolve(post({ authorization }, { jsonrpc: '2.0', id: 1, method: 'ping' })),
      ),
    );
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(5);
  });
});
