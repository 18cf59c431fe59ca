import { defineWebhook, type Delivery } from '@bailiwick/sdk';
import { partner } from './connection.ts';

/** Change notifications and lifecycle notifications of Graph. Neither says what changed: the delta query does. */
export const changes = defineWebhook(partner, {
  name: 'changes',
  label: 'Changes to users',
  setUp:
    'Copy {url} into “Address for change notifications” of this connection and make up a key. At the next read, a subscription is made in each customer’s tenant; it is renewed by itself.',
  verify: { kind: 'body', pointer: '/value/*/clientState', value: '{config.notificationKey}' },
  handshake: { query: 'validationToken' },
  route: (delivery) => {
    const tenants = new Set(notificationsOf(delivery).map(({ tenantId }) => tenantId));
    const [only] = tenants;
    return tenants.size === 1 && typeof only === 'string' ? only.toLowerCase() : null;
  },
  handle: async () => ({ nudge: ['users'] }),
});

function notificationsOf({ json }: Delivery): readonly { readonly tenantId?: unknown }[] {
  const value: unknown = typeof json === 'object' && json !== null && 'value' in json ? json.value : undefined;
  if (!Array.isArray(value)) return [];
  const members: readonly unknown[] = value;
  return members.filter((one): one is { tenantId?: unknown } => typeof one === 'object' && one !== null);
}
