import type { Delivery } from '@bailiwick/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import plugin from '../../packages/plugins/alertmanager/src/plugin.ts';
import { findPeer } from '../../scripts/peer-list.ts';
import { waitFor } from '../support/peer-process.ts';
import { openPluginSession, type PluginSession } from '../support/plugin-session.ts';
import { type PrometheusServers, startPrometheus } from '../support/prometheus.ts';
import { freePort } from '../support/server-process.ts';
import { startWebhookListener, type WebhookListener } from '../support/webhook-listener.ts';

const peer = findPeer('prometheus');
const customer = 'harbour-dental';

describe.skipIf(peer.path === undefined)(
  `the Alertmanager plugin at a real server${peer.path === undefined ? ` (${peer.reason})` : ''}`,
  () => {
    let listener: WebhookListener;
    let servers: PrometheusServers;
    let session: PluginSession;

    beforeAll(async () => {
      listener = await startWebhookListener();
      // Nothing listens there: an alert of another customer, from the start.
      const dead = { address: `127.0.0.1:${await freePort()}`, labels: { customer: 'acme' } };
      const nobody = { address: `127.0.0.1:${await freePort()}`, labels: {} };
      servers = await startPrometheus({
        webhook: { url: `${listener.url}/hook` },
        exporterLabels: { customer },
        targets: [dead, nobody],
      });
      session = openPluginSession(plugin, {
        config: { url: `${servers.alertmanagerUrl}/`, signIn: 'none', scopeLabel: 'customer', customers: [customer] },
        secrets: {},
      });
      await waitFor('alerts', async () => (await servers.listAlerts()).length === 2);
    });
    afterAll(async () => {
      await servers?.[Symbol.asyncDispose]();
      await listener?.[Symbol.asyncDispose]();
    });

    it('says what it is connected to', async () => {
      const host = new URL(servers.alertmanagerUrl).host;
      expect(await plugin.connections[0]?.check(session.context())).toMatchObject({
        account: expect.stringMatching(new RegExp(`^Alertmanager [\\d.]+\\S* at ${host}$`, 'u')),
      });
    });

    it('offers the customers that are configured and those that alerts name', async () => {
      expect((await session.discover()).map(({ id, kind }) => [id, kind])).toEqual([
        ['acme', 'customer'],
        [customer, 'customer'],
      ]);
    });

    it('follows an alert by poll and by webhook to its end, and silences it meanwhile', async () => {
      const [silence, endSilence] = plugin.actions ?? [];
      const [webhook] = plugin.webhooks ?? [];
      if (silence === undefined || endSilence === undefined || webhook === undefined)
        throw new Error('Not all is there.');
      const own = async () => (await session.read('alerts')).records.find(({ scope }) => scope === customer);
      const context = session.context(customer);
      expect(await own()).toBeUndefined();
      expect(session.issues.at(-1)).toContain('1 alerts have no label "customer"');

      await servers.stopExporter();
      const opened = await waitFor('alert', own);
      expect(opened.data).toMatchObject({
        title: `Instance ${servers.exporterAddress} is down`,
        severity: 'critical',
        state: 'open',
        labels: { alertname: 'InstanceDown', instance: servers.exporterAddress },
      });

      const input = { target: opened.id, hours: 2 } as never;
      const plan = await silence.plan(context, input);
      expect(plan).toMatchObject({ summary: `Silence InstanceDown on ${servers.exporterAddress} for 2 h` });
      await expect(silence.plan(session.context('acme'), input)).rejects.toMatchObject({ name: 'PermissionMissing' });
      const run = { idempotencyKey: 'key-1', plan, actor: 'Ada Lovelace' } as never;
      const first = await silence.apply(context, input, run);
      expect(await silence.apply(context, input, run)).toMatchObject({ output: first.output });
      expect(await silence.verify?.(context, input)).toEqual({ holds: true });
      expect((await servers.listAlerts()).filter(({ status }) => status.silencedBy.length > 0)).toMatchObject([
        { fingerprint: opened.id },
      ]);

      const ending = await endSilence.plan(context, input);
      await endSilence.apply(context, input, { idempotencyKey: 'key-2', plan: ending, actor: 'Ada Lovelace' } as never);
      await waitFor('end of the silence', async () => (await endSilence.verify?.(context, input))?.holds);

      const states = async (): Promise<unknown[]> =>
        (
          await Promise.all(
            listener.received.map(({ body }) => webhook.handle(session.context(), { json: body } as Delivery as never)),
          )
        ).flatMap((outcome) =>
          (outcome.batches?.['alerts']?.upserts ?? [])
            .filter(({ id }) => id === opened.id)
            .map(({ data }) => data['state']),
        );
      // Of an alert that it never told of, the server does not tell the end.
      await waitFor('report of the beginning', async () => (await states())[0] === 'open');
      await servers.startExporter();
      await waitFor('report of the end', async () => (await states()).at(-1) === 'recovered');

      // It was started a moment ago and may not know all yet: the poll ends nothing by absence.
      expect(await own()).toBeUndefined();
      expect(session.state.get('open-0')).toEqual(expect.arrayContaining([expect.objectContaining({ id: opened.id })]));
    });
  },
);
