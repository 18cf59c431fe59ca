import { definePlugin, defineWebhook } from '@bailiwick/sdk';
import { reboot, runScript } from './actions.ts';
import { alerts } from './alerts.ts';
import { row, text } from './api.ts';
import { instance } from './connection.ts';
import { devices, patches, software } from './inventory.ts';

const activities = defineWebhook(instance, {
  name: 'activities',
  label: 'Conditions and devices as they change',
  setUp:
    'As system administrator send PUT /v2/webhook with the address {url}, the activities CONDITION and SYSTEM, and a header x-bailiwick-token with the token of this connection. An instance has one webhook only.',
  verify: { kind: 'header', name: 'x-bailiwick-token', value: '{secret.webhookToken}' },
  // The delivery tells what happened, the lists tell what is.
  async handle(_ctx, { json }) {
    const isCondition = text(row(json)['activityType'])?.startsWith('CONDITION') === true;
    return { nudge: isCondition ? ['alerts'] : ['devices', 'alerts'] };
  },
});

const streams = [devices, software, patches, alerts];
export default definePlugin({ connections: [instance], streams, actions: [runScript, reboot], webhooks: [activities] });
