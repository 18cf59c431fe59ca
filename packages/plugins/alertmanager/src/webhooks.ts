import { defineWebhook, type Delivery, type WebhookOutcome } from '@bailiwick/sdk';
import { type Alert, toRecord } from './alerts.ts';
import type { AlertmanagerContext } from './config.ts';
import { server } from './connection.ts';

/** An alert in a delivery of version 4. */
interface DeliveredAlert extends Alert {
  readonly status: 'firing' | 'resolved';
  readonly endsAt: string;
}

async function handle(ctx: AlertmanagerContext, { json }: Delivery): Promise<WebhookOutcome> {
  const alerts = isDelivery(json) ? json.alerts.filter(isAlert) : [];
  const upserts = alerts.flatMap((alert) =>
    toRecord(
      alert,
      ctx,
      alert.status === 'firing' ? { state: 'open' } : { state: 'recovered', recoveredAt: alert.endsAt },
    ),
  );
  // The poll remembers what it has seen open; so it has to see these soon.
  return { batches: { alerts: { upserts } }, nudge: ['alerts'] };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function isDelivery(json: unknown): json is { readonly alerts: readonly unknown[] } {
  return isObject(json) && json['version'] === '4' && Array.isArray(json['alerts']);
}

function isAlert(alert: unknown): alert is DeliveredAlert {
  if (!isObject(alert) || !isObject(alert['labels']) || !isObject(alert['annotations'])) return false;
  return typeof alert['fingerprint'] === 'string' && typeof alert['startsAt'] === 'string';
}

export const alertsByAddress = defineWebhook(server, {
  name: 'alerts',
  label: 'Alerts, by address alone',
  setUp: 'In alertmanager.yml, make {url} the url of a receiver under webhook_configs; leave send_resolved on.',
  verify: {
    kind: 'address',
    trusted: 'A delivery can only open and end alerts of this connection, and its address cannot be guessed.',
  },
  handle,
});

export const alertsWithToken = defineWebhook(server, {
  name: 'alerts-with-token',
  label: 'Alerts, with a token',
  setUp:
    'In alertmanager.yml, make {url} the url of a receiver under webhook_configs, and give it http_config: { authorization: { credentials: <the token of this connection> } }.',
  verify: { kind: 'header', name: 'authorization', value: 'Bearer {secret.webhookToken}' },
  handle,
});
