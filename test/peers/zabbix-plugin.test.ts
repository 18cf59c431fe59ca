import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyDelivery } from '@bailiwick/plugin-runtime';
import plugin from '../../packages/plugins/zabbix/src/plugin.ts';
import { findPeer } from '../../scripts/peer-list.ts';
import { waitFor } from '../support/peer-process.ts';
import { openPluginSession, type PluginSession } from '../support/plugin-session.ts';
import { freePort } from '../support/server-process.ts';
import { startWebhookListener, type WebhookListener } from '../support/webhook-listener.ts';
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
  type ZabbixHost,
} from '../support/zabbix-api.ts';
import { startZabbix, type ZabbixServer } from '../support/zabbix.ts';

const peer = findPeer('zabbix');
const mediaType = readFileSync(new URL('../../packages/plugins/zabbix/media-type.yaml', import.meta.url), 'utf8');
const webhookSecret = 'secret-of-the-media-type';

describe.skipIf(peer.path === undefined)(
  `the Zabbix plugin at a real server${peer.path === undefined ? ` (${peer.reason})` : ''}`,
  () => {
    let listener: WebhookListener;
    let zabbix: ZabbixServer;
    let session: PluginSession;
    let groups: { acme: string; harbour: string };
    let host: ZabbixHost;
    let service: Server;
    let port: number;
    let triggerId: string;

    beforeAll(async () => {
      listener = await startWebhookListener();
      zabbix = await startZabbix();
      const { api, agentPort } = zabbix;
      groups = {
        acme: await createZabbixGroup(api, 'Customers/Acme'),
        harbour: await createZabbixGroup(api, 'Customers/Harbour Dental'),
      };
      const linux = await createZabbixGroup(api, 'Web servers');
      const inventory = { serialno_a: 'CZC-4711', macaddress_a: '00:11:22:33:44:55', vendor: 'HPE', os: 'Debian 12' };
      host = await createZabbixHost(api, {
        name: 'files.acme.example',
        groupIds: [groups.acme, linux],
        agentPort,
        inventory,
      });
      await createZabbixHost(api, { name: 'shared', groupIds: [groups.acme, groups.harbour], agentPort });
      await createZabbixHost(api, { name: 'office', groupIds: [groups.harbour], agentPort });
      port = await freePort();
      service = await listen(port);
      const key = `net.tcp.service[tcp,127.0.0.1,${port}]`;
      await createZabbixItem(api, host, { name: 'File service', key });
      await createZabbixItem(api, host, { name: 'Free memory', key: 'vm.memory.size[available]', units: 'B' });
      triggerId = await createZabbixTrigger(api, {
        description: 'File service is down on {HOST.NAME}',
        expression: `last(/files.acme.example/${key})=0`,
        priority: 4,
        tags: [{ tag: 'service', value: 'files' }],
      });
      await createZabbixSecret(api, '{$BAILIWICK.SECRET}', webhookSecret);
      await createZabbixSecret(api, '{$BAILIWICK.URL}', `${listener.url}/hook`);
      await createZabbixAction(api, 'Bailiwick', await importZabbixMediaType(api, 'Bailiwick', mediaType));
      session = openPluginSession(plugin, {
        config: { url: zabbix.apiUrl, signIn: 'token', groupPrefix: 'Customers/' },
        secrets: { token: await createZabbixToken(api, 'bailiwick') },
      });
    });
    afterAll(async () => {
      service?.close();
      await zabbix?.[Symbol.asyncDispose]();
      await listener?.[Symbol.asyncDispose]();
    });

    it('signs in by token and by password, and says when either is wrong', async () => {
      const [connection] = plugin.connections;
      const check = (config: Record<string, string>, secrets: Record<string, string>): unknown =>
        connection?.check(openPluginSession(plugin, { config: { url: zabbix.apiUrl, ...config }, secrets }).context());
      const password = { signIn: 'password', username: 'Admin' };

      expect(await connection?.check(session.context())).toMatchObject({ account: 'API token at Zabbix 6.0.14' });
      expect(await check(password, { password: 'zabbix' })).toMatchObject({ account: 'Admin at Zabbix 6.0.14' });
      await expect(check(password, { password: 'wrong' })).rejects.toMatchObject({ name: 'AuthFailed' });
      await expect(check({ signIn: 'token' }, { token: 'f'.repeat(64) })).rejects.toMatchObject({ name: 'AuthFailed' });
    });

    it('offers the host groups of customers, with the serial numbers of their hosts', async () => {
      expect(await session.discover()).toEqual([
        { id: groups.acme, name: 'Customers/Acme', kind: 'host-group', hints: { deviceSerials: ['CZC-4711'] } },
        { id: groups.harbour, name: 'Customers/Harbour Dental', kind: 'host-group', hints: { deviceSerials: [] } },
      ]);
    });

    it('reads hosts, triggers and items, and leaves out a host that two customers claim', async () => {
      const devices = await session.read('devices');
      const metric = await waitFor('value', async () => (await session.read('metrics')).records[0]);

      expect(devices.refused).toEqual([]);
      expect(devices.records.map(({ scope, data }) => [scope, data['name']])).toEqual([
        [groups.acme, 'files.acme.example'],
        [groups.harbour, 'office'],
      ]);
      expect(devices.records[0]?.data).toMatchObject({
        serialNumber: 'CZC-4711',
        macAddresses: ['00:11:22:33:44:55'],
        vendor: 'HPE',
        fqdn: 'files.acme.example',
      });
      expect(session.issues.at(-1)).toContain('such as shared');
      expect(metric).toMatchObject({
        scope: groups.acme,
        data: { device: host.hostId, name: 'vm.memory.size[available]', unit: 'B' },
      });
      expect((await session.read('checks')).records).toMatchObject([
        { id: triggerId, data: { name: 'File service is down on files.acme.example', state: 'ok' } },
      ]);
    });

    it('follows a problem from its signed report through acknowledgement to its end', async () => {
      const [events] = plugin.webhooks ?? [];
      const [acknowledge] = plugin.actions ?? [];
      if (events === undefined || acknowledge === undefined) throw new Error('The plugin lost a contribution.');
      const deliver = async (index: number): Promise<unknown> => {
        const { headers, raw } = await waitFor('report', async () => listener.received[index]);
        const verified = verifyDelivery(
          { verify: events.verify },
          {
            headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
            rawBody: new TextEncoder().encode(raw),
            query: {},
          },
          { config: {}, secret: { webhookSecret } },
          Temporal.Now.instant(),
        );
        if (!verified.ok) throw new Error(verified.reason);
        return events.handle(session.context(), verified.delivery as never);
      };
      const alert = (state: string): unknown => ({
        scope: groups.acme,
        data: {
          title: 'File service is down on files.acme.example',
          severity: 'critical',
          state,
          labels: { service: 'files' },
        },
      });
      expect(await session.read('alerts')).toEqual({ records: [], deletes: 0, refused: [] });
      await waitFor('first value', async () => (await isUp(zabbix, host)) && true);

      service.close();
      await once(service, 'close');
      const opened = await deliver(0);
      const { records } = await session.read('alerts');
      expect(opened).toMatchObject({ batches: { alerts: { upserts: [alert('open')] } } });
      expect(records).toMatchObject([alert('open')]);

      const input = { target: records[0]?.id, message: 'We are on it.' };
      const plan = await acknowledge.plan(session.context(groups.acme), input as never);
      const run = { idempotencyKey: 'once', plan, actor: 'Ada Lovelace' };
      await acknowledge.apply(session.context(groups.acme), input as never, run as never);
      expect(await acknowledge.verify?.(session.context(groups.acme), input as never)).toEqual({ holds: true });
      expect(await listZabbixProblems(zabbix.api, triggerId)).toMatchObject([
        { acknowledged: '1', acknowledges: [{ message: expect.stringContaining('We are on it.\nAda Lovelace') }] },
      ]);
      expect((await session.read('alerts')).records).toMatchObject([alert('acknowledged')]);

      service = await listen(port);
      await waitFor('recovery', async () => (await listZabbixProblems(zabbix.api, triggerId))[0]?.r_eventid !== '0');
      expect((await session.read('alerts')).records).toMatchObject([alert('recovered')]);
      expect(await deliver(listener.received.length - 1)).toMatchObject({
        batches: { alerts: { upserts: [{ id: records[0]?.id }] } },
      });
    });

    it('closes a problem by hand, and nothing of another host group', async () => {
      const close = plugin.actions?.find(({ name }) => name === 'close');
      service.close();
      await once(service, 'close');
      const problem = await waitFor('problem', async () =>
        (await listZabbixProblems(zabbix.api, triggerId)).find((one) => one.r_eventid === '0'),
      );
      const input = { target: problem.eventid } as never;

      await expect(close?.plan(session.context(groups.harbour), input)).rejects.toMatchObject({
        name: 'PermissionMissing',
      });
      const plan = await close?.plan(session.context(groups.acme), input);
      await close?.apply(session.context(groups.acme), input, { idempotencyKey: 'once', plan, actor: 'Ada' } as never);
      await waitFor('close', async () => (await close?.verify?.(session.context(groups.acme), input))?.holds);
    });
  },
);

async function listen(port: number): Promise<Server> {
  const server = createServer((socket) => socket.end()).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function isUp({ api }: ZabbixServer, host: ZabbixHost): Promise<boolean> {
  const items = await api.call('item.get', {
    hostids: host.hostId,
    search: { key_: 'net.tcp' },
    output: ['lastvalue'],
  });
  return JSON.stringify(items).includes('"lastvalue":"1"');
}
