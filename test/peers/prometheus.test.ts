import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPeer } from '../../scripts/peer-list.ts';
import { waitFor } from '../support/peer-process.ts';
import { type PrometheusServers, startPrometheus } from '../support/prometheus.ts';
import { startWebhookListener, type WebhookListener } from '../support/webhook-listener.ts';

const peer = findPeer('prometheus');

describe.skipIf(peer.path === undefined)(
  `Prometheus and Alertmanager of the system${peer.path === undefined ? ` (${peer.reason})` : ''}`,
  () => {
    let listener: WebhookListener;
    let servers: PrometheusServers;
    beforeAll(async () => {
      listener = await startWebhookListener();
      servers = await startPrometheus({
        webhook: { url: `${listener.url}/alerts`, bearerToken: 'opensesame' },
        exporterLabels: { customer: 'harbour-dental' },
      });
    });
    afterAll(async () => {
      await servers?.[Symbol.asyncDispose]();
      await listener?.[Symbol.asyncDispose]();
    });

    it('open an alert when a service stops, report it with its token, and resolve it when the service is back', async () => {
      expect(await servers.listAlerts()).toEqual([]);

      await servers.stopExporter();
      const [alert] = await waitFor('alert', async () => {
        const alerts = await servers.listAlerts();
        return alerts.length > 0 && alerts;
      });
      const opened = await waitFor('report of the alert', async () => listener.received[0]);

      expect(alert?.labels).toMatchObject({
        alertname: 'InstanceDown',
        customer: 'harbour-dental',
        instance: servers.exporterAddress,
        severity: 'critical',
      });
      expect(opened.headers.authorization).toBe('Bearer opensesame');
      expect(opened.body).toMatchObject({
        version: '4',
        status: 'firing',
        alerts: [{ status: 'firing', fingerprint: alert?.fingerprint }],
      });

      await servers.startExporter();
      const resolved = await waitFor('report of the recovery', async () => listener.received[1]);

      expect(resolved.body).toMatchObject({
        status: 'resolved',
        alerts: [{ status: 'resolved', fingerprint: alert?.fingerprint }],
      });
    });
  },
);
