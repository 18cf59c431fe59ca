import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientId } from '../../packages/core/src/kernel/id.ts';
import { makeTenantScope, type TenantScope } from '../../packages/core/src/kernel/tenant-scope.ts';
import { AlertQueries, listAlertsInput } from '../../packages/core/src/modules/alerts/alert-queries.ts';
import type { AlertView } from '../../packages/core/src/modules/alerts/alert-view.ts';
import { DecideRun } from '../../packages/core/src/modules/plugin-actions/decide-run.ts';
import { ExecuteRun } from '../../packages/core/src/modules/plugin-actions/execute-run.ts';
import { PlanAction } from '../../packages/core/src/modules/plugin-actions/plan-action.ts';
import { RunQueries } from '../../packages/core/src/modules/plugin-actions/run-queries.ts';
import type { ConnectionId } from '../../packages/core/src/modules/plugin-host/index.ts';
import type { RemoteScopeId } from '../../packages/core/src/modules/plugin-scopes/index.ts';
import { LandRecords } from '../../packages/core/src/modules/plugin-sync/land-records.ts';
import { RunStream } from '../../packages/core/src/modules/plugin-sync/run-stream.ts';
import { StartStreams } from '../../packages/core/src/modules/plugin-sync/start-streams.ts';
import { listStreamsInput, StreamQueries } from '../../packages/core/src/modules/plugin-sync/stream-queries.ts';
import { findPeer } from '../../scripts/peer-list.ts';
import { waitFor } from '../support/peer-process.ts';
import { connectPeerPlugin, mapPeerScopes } from '../support/peer-plugin.ts';
import { startPrometheus } from '../support/prometheus.ts';
import { freePort } from '../support/server-process.ts';
import { buildMsp, staffScope, startTestApp, systemScope, type TestApp } from '../support/test-app.ts';
import {
  createZabbixGroup,
  createZabbixHost,
  createZabbixItem,
  createZabbixToken,
  createZabbixTrigger,
  listZabbixProblems,
} from '../support/zabbix-api.ts';
import { startZabbix } from '../support/zabbix.ts';

const zabbix = findPeer('zabbix');
const prometheus = findPeer('prometheus');

let app: TestApp;
let scope: TenantScope;
let clientIds: ClientId[];

beforeEach(async () => {
  app = await startTestApp();
  // The servers of the test live in our time.
  app.clock.set(Temporal.Now.instant());
  const msp = await buildMsp(app, { clients: 2 });
  clientIds = msp.clientIds;
  // A program with all permissions: what it does by itself has to be small, as the policy says.
  const staff = staffScope(msp.mspId);
  scope = makeTenantScope({ ...staff, actor: { ...staff.actor, kind: 'command-line' } });
});
afterEach(() => app[Symbol.asyncDispose]());

describe.skipIf(zabbix.path === undefined)(
  `a problem at a real Zabbix, in Bailiwick${zabbix.path === undefined ? ` (${zabbix.reason})` : ''}`,
  () => {
    it('opens at the client that its host group is mapped to, is acknowledged from here at Zabbix, and recovers', async () => {
      await using server = await startZabbix();
      const { api, agentPort } = server;
      const port = await freePort();
      let service = await listen(port);
      const groupIds = [await createZabbixGroup(api, 'Customers/Acme')];
      await createZabbixGroup(api, 'Customers/Harbour Dental');
      const inventory = { serialno_a: 'CZC-4711', macaddress_a: '00:11:22:33:44:55' };
      const host = await createZabbixHost(api, { name: 'files.acme.example', groupIds, agentPort, inventory });
      const key = `net.tcp.service[tcp,127.0.0.1,${port}]`;
      await createZabbixItem(api, host, { name: 'File service', key });
      const triggerId = await createZabbixTrigger(api, {
        description: 'File service is down on {HOST.NAME}',
        expression: `last(/files.acme.example/${key})=0`,
        priority: 4,
      });
      const connectionId = await connectPeerPlugin(app, scope, 'zabbix', {
        url: new URL(server.apiUrl),
        type: 'server',
        config: { signIn: 'token', groupPrefix: 'Customers/' },
        secrets: { token: await createZabbixToken(api, 'bailiwick') },
      });
      const scopes = await mapPeerScopes(app, scope, connectionId, clientIds);
      await readAll(connectionId);
      expect(await alerts()).toEqual([]);

      service.close();
      await once(service, 'close');
      await waitFor('problem', async () => (await listZabbixProblems(api, triggerId))[0]);
      await readAll(connectionId);
      const [problem] = await listZabbixProblems(api, triggerId);
      expect(await alerts()).toMatchObject([
        {
          clientId: clientIds[scopes.findIndex(({ name }) => name === 'Customers/Acme')],
          assetName: 'files.acme.example',
          title: 'File service is down on files.acme.example',
          severity: 'critical',
          state: 'open',
        },
      ]);

      const acme = scopes.find(({ name }) => name === 'Customers/Acme');
      await act(connectionId, acme?.id, 'acknowledge', { target: problem?.eventid ?? '', message: 'We are on it.' });
      expect(await listZabbixProblems(api, triggerId)).toMatchObject([
        { acknowledged: '1', acknowledges: [{ message: expect.stringContaining('We are on it.') }] },
      ]);

      service = await listen(port);
      await waitFor('recovery', async () => (await listZabbixProblems(api, triggerId))[0]?.r_eventid !== '0');
      await readAll(connectionId);
      service.close();
      expect(await alerts()).toMatchObject([{ state: 'recovered' }]);
    });
  },
);

describe.skipIf(prometheus.path === undefined)(
  `an alert at a real Alertmanager, in Bailiwick${prometheus.path === undefined ? ` (${prometheus.reason})` : ''}`,
  () => {
    it('opens at the client that its label is mapped to, and is silenced from here', async () => {
      await using servers = await startPrometheus({ exporterLabels: { customer: 'acme' } });
      const connectionId = await connectPeerPlugin(app, scope, 'alertmanager', {
        url: new URL(servers.alertmanagerUrl),
        type: 'server',
        config: { customers: ['acme', 'harbour'] },
        secrets: {},
      });
      const scopes = await mapPeerScopes(app, scope, connectionId, clientIds);
      await readAll(connectionId);
      expect(await alerts()).toEqual([]);

      await servers.stopExporter();
      const [alert] = await waitFor('alert', async () => {
        const found = await servers.listAlerts();
        return found.length > 0 && found;
      });
      await readAll(connectionId);
      expect(await alerts()).toMatchObject([
        {
          clientId: clientIds[scopes.findIndex(({ name }) => name === 'acme')],
          title: `Instance ${servers.exporterAddress} is down`,
          severity: 'critical',
          state: 'open',
        },
      ]);

      const acme = scopes.find(({ name }) => name === 'acme');
      await act(connectionId, acme?.id, 'silence', { target: alert?.fingerprint ?? '', hours: 1 });
      expect(await servers.listAlerts()).toMatchObject([{ status: { state: 'suppressed' } }]);

      await servers.startExporter();
      await waitFor('recovery', async () => (await servers.listAlerts()).length === 0);
      // For five minutes after its start, what Alertmanager does not list has not ended.
      await readAll(connectionId);
      expect(await alerts()).toMatchObject([{ state: 'open' }]);
      app.clock.advance({ minutes: 6 });
      await readAll(connectionId);
      expect(await alerts()).toMatchObject([{ state: 'recovered' }]);
    });
  },
);

/** Reads every stream and applies what came, as the jobs do. */
async function readAll(connectionId: ConnectionId): Promise<void> {
  const job = systemScope(scope.mspId);
  await app.container.resolve(StartStreams).plan(job, connectionId);
  await app.container.resolve(StartStreams).nudge(job, { connectionId });
  const { items } = await app.container
    .resolve(StreamQueries)
    .list(scope, listStreamsInput.parse({ connectionId, limit: 50 }));
  for (const { id } of items) {
    const report = await app.container.resolve(RunStream).run(job, id as never);
    expect(report).toMatchObject({ failure: null, refusedCount: 0 });
  }
  await app.container.resolve(LandRecords).run(job, connectionId);
}

async function alerts(): Promise<AlertView[]> {
  const input = listAlertsInput.parse({ states: ['open', 'acknowledged', 'recovered'] });
  return (await app.container.resolve(AlertQueries).list(scope, input)).items;
}

/** Plans an action, asks for it and does it; the policy lets it run. */
async function act(
  connectionId: ConnectionId,
  scopeId: RemoteScopeId | undefined,
  action: string,
  input: Record<string, string | number>,
): Promise<void> {
  const { runId } = await app.container.resolve(PlanAction).run(scope, { connectionId, scopeId, action, input });
  const { planHash } = await app.container.resolve(RunQueries).get(scope, runId);
  await app.container.resolve(DecideRun).request(scope, { runId, planHash, reason: '' });
  await app.container.resolve(ExecuteRun).run(systemScope(scope.mspId), runId);
  expect(await app.container.resolve(RunQueries).get(scope, runId)).toMatchObject({ verification: { holds: true } });
}

async function listen(port: number): Promise<Server> {
  const server = createServer((socket) => socket.end()).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
