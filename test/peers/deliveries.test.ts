import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listen as serve, type HttpServer } from '../../packages/core/src/composition/http-server.ts';
import type { ClientId } from '../../packages/core/src/kernel/id.ts';
import type { TenantScope } from '../../packages/core/src/kernel/tenant-scope.ts';
import { AcknowledgeAlert } from '../../packages/core/src/modules/alerts/acknowledge-alert.ts';
import { AlertQueries, listAlertsInput } from '../../packages/core/src/modules/alerts/alert-queries.ts';
import type { AlertView } from '../../packages/core/src/modules/alerts/alert-view.ts';
import {
  DeliveryQueries,
  listDeliveriesInput,
} from '../../packages/core/src/modules/plugin-events/delivery-queries.ts';
import type { DeliveryView } from '../../packages/core/src/modules/plugin-events/events-view.ts';
import type { ConnectionId } from '../../packages/core/src/modules/plugin-host/index.ts';
import { ChangeStream } from '../../packages/core/src/modules/plugin-sync/change-stream.ts';
import { listStreamsInput, StreamQueries } from '../../packages/core/src/modules/plugin-sync/stream-queries.ts';
import { findPeer } from '../../scripts/peer-list.ts';
import { hookHttpApp } from '../support/hook-plugin.ts';
import { connectPeerPlugin, mapPeerScopes } from '../support/peer-plugin.ts';
import { waitFor } from '../support/peer-process.ts';
import { startPrometheus } from '../support/prometheus.ts';
import { freePort } from '../support/server-process.ts';
import { buildMsp, staffScope, startTestApp, type TestApp } from '../support/test-app.ts';
import {
  createZabbixAction,
  createZabbixGroup,
  createZabbixHost,
  createZabbixItem,
  createZabbixSecret,
  createZabbixToken,
  createZabbixTrigger,
  importZabbixMediaType,
  listZabbixProblems,
} from '../support/zabbix-api.ts';
import { startZabbix } from '../support/zabbix.ts';

const zabbix = findPeer('zabbix');
const prometheus = findPeer('prometheus');
const mediaType = readFileSync(new URL('../../packages/plugins/zabbix/media-type.yaml', import.meta.url), 'utf8');

let app: TestApp;
let server: HttpServer;
let scope: TenantScope;
let clientIds: ClientId[];

beforeEach(async () => {
  // With workers: from the vendor's request to the alert nothing is done by the test.
  app = await startTestApp({ workers: true });
  // The servers of the test live in our time.
  app.clock.set(Temporal.Now.instant());
  server = await serve(hookHttpApp(app), { port: 0, host: '127.0.0.1' });
  const msp = await buildMsp(app, { clients: 2 });
  clientIds = msp.clientIds;
  scope = staffScope(msp.mspId);
});
afterEach(async () => {
  await server.stop();
  await app[Symbol.asyncDispose]();
});

describe.skipIf(prometheus.path === undefined)(
  `a real Alertmanager that is switched to Bailiwick by URL${prometheus.path === undefined ? ` (${prometheus.reason})` : ''}`,
  () => {
    it.each([['alerts'], ['alerts-with-token']])('opens and ends an alert through %s', async (webhook) => {
      const token = 'a-token-of-this-webhook';
      await using servers = await startPrometheus({ exporterLabels: { customer: 'acme' } });
      const connectionId = await connectPeerPlugin(app, scope, 'alertmanager', {
        url: new URL(servers.alertmanagerUrl),
        type: 'server',
        config: { customers: ['acme', 'harbour'] },
        secrets: { webhookToken: token },
      });
      const scopes = await mapPeerScopes(app, scope, connectionId, clientIds);
      await pausePolling(connectionId);
      const url = await addressOf(connectionId, webhook);
      await servers.setWebhook(webhook === 'alerts' ? { url } : { url, bearerToken: token });

      await servers.stopExporter();
      const delivered = await waitFor('delivery', async () =>
        (await deliveries(connectionId)).find(({ state, added }) => state === 'done' && added === 1),
      );
      expect(delivered).toMatchObject({ refused: 0, message: '' });
      const raised = await waitFor('alert', async () => (await alerts())[0]);
      expect(raised).toMatchObject({
        clientId: clientIds[scopes.findIndex(({ name }) => name === 'acme')],
        title: `Instance ${servers.exporterAddress} is down`,
        severity: 'critical',
        state: 'open',
      });

      await servers.startExporter();
      await waitFor('recovery', async () => (await alerts())[0]?.state === 'recovered');
      expect(await deliveries(connectionId)).toContainEqual(expect.objectContaining({ state: 'done', changed: 1 }));
      expect(await alerts()).toHaveLength(1);
    });
  },
);

describe.skipIf(zabbix.path === undefined)(
  `a real Zabbix with the media type of the plugin${zabbix.path === undefined ? ` (${zabbix.reason})` : ''}`,
  () => {
    it('opens an alert, which is acknowledged there when it is acknowledged here, and ends it', async () => {
      await using peer = await startZabbix();
      const { api, agentPort } = peer;
      const port = await freePort();
      let service = await listenOn(port);
      const groupIds = [await createZabbixGroup(api, 'Customers/Acme')];
      await createZabbixGroup(api, 'Customers/Harbour Dental');
      const host = await createZabbixHost(api, { name: 'files.acme.example', groupIds, agentPort, inventory: {} });
      const key = `net.tcp.service[tcp,127.0.0.1,${port}]`;
      await createZabbixItem(api, host, { name: 'File service', key });
      const triggerId = await createZabbixTrigger(api, {
        description: 'File service is down on {HOST.NAME}',
        expression: `last(/files.acme.example/${key})=0`,
        priority: 4,
      });
      const secret = 'secret-of-the-media-type';
      const connectionId = await connectPeerPlugin(app, scope, 'zabbix', {
        url: new URL(peer.apiUrl),
        type: 'server',
        config: { signIn: 'token', groupPrefix: 'Customers/' },
        secrets: { token: await createZabbixToken(api, 'bailiwick'), webhookSecret: secret },
      });
      await mapPeerScopes(app, scope, connectionId, clientIds);
      await pausePolling(connectionId);
      await createZabbixSecret(api, '{$BAILIWICK.SECRET}', secret);
      await createZabbixSecret(api, '{$BAILIWICK.URL}', await addressOf(connectionId, 'events'));
      await createZabbixAction(api, 'Bailiwick', await importZabbixMediaType(api, 'Bailiwick', mediaType));

      service.close();
      await once(service, 'close');
      const alert = await waitFor('alert', async () => (await alerts())[0]);
      expect(alert).toMatchObject({ clientId: clientIds[0], state: 'open', severity: 'critical' });
      expect(await deliveries(connectionId)).toContainEqual(expect.objectContaining({ state: 'done', added: 1 }));

      await app.container.resolve(AcknowledgeAlert).run(scope, { alertId: alert.id as never });
      const acknowledged = await waitFor('acknowledgement', async () =>
        (await listZabbixProblems(api, triggerId)).find((problem) => problem.acknowledged === '1'),
      );
      expect(acknowledged.acknowledges).toMatchObject([{ message: 'Acknowledged in Bailiwick.' }]);

      service = await listenOn(port);
      await waitFor('recovery', async () => (await alerts())[0]?.state === 'recovered');
      service.close();
      // Zabbix tells of our own acknowledgement too, and that changes nothing here.
      expect(await alerts()).toMatchObject([{ state: 'recovered', acknowledgedBy: 'Test Technician' }]);
    });
  },
);

async function alerts(): Promise<AlertView[]> {
  const input = listAlertsInput.parse({ states: ['open', 'acknowledged', 'recovered'] });
  return (await app.container.resolve(AlertQueries).list(scope, input)).items;
}

async function deliveries(connectionId: ConnectionId): Promise<DeliveryView[]> {
  const input = listDeliveriesInput.parse({ connectionId });
  return (await app.container.resolve(DeliveryQueries).deliveries(scope, input)).items;
}

/** What comes from now on was delivered, not read. */
async function pausePolling(connectionId: ConnectionId): Promise<void> {
  const input = listStreamsInput.parse({ connectionId });
  await waitFor('pause', async () => {
    const { items } = await app.container.resolve(StreamQueries).list(scope, input);
    const on = items.filter(({ isPaused }) => !isPaused);
    const change = app.container.resolve(ChangeStream);
    for (const { id, version } of on) await change.update(scope, { streamId: id as never, version, isPaused: true });
    return items.length > 0 && on.length === 0;
  });
}

/** What an administrator copies from the connection's page, at the port where the test's server listens. */
async function addressOf(connectionId: ConnectionId, name: string): Promise<string> {
  const address = await waitFor('webhook', async () => {
    const { items } = await app.container.resolve(DeliveryQueries).webhooks(scope, { connectionId });
    return items.find((webhook) => webhook.name === name)?.address ?? undefined;
  });
  return Object.assign(new URL(address), { protocol: 'http:', hostname: '127.0.0.1', port: server.port }).href;
}

async function listenOn(port: number): Promise<Server> {
  const made = createServer((socket) => socket.end()).listen(port, '127.0.0.1');
  await once(made, 'listening');
  return made;
}
