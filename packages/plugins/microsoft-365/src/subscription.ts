import { type GraphContext, type GraphError, listAll } from './graph.ts';

interface Subscription {
  readonly id: string;
  readonly resource: string;
  readonly notificationUrl: string;
  readonly expirationDateTime: string;
}

// Subscriptions to users may last 41,760 minutes, which is under 29 days ("subscription resource type").
const lifetimeHours = 28 * 24;
const renewWithinHours = 14 * 24;

/** Has Graph tell changes to users of this tenant: makes the subscription, and renews it long before it ends. Polling goes on whether it works or not. */
export async function keepSubscription(ctx: GraphContext): Promise<void> {
  const { notificationUrl, notificationKey } = ctx.config;
  if (notificationUrl === undefined || notificationKey === undefined) return;
  const all = await listAll<Subscription>(ctx, 'subscriptions');
  const ours = all.find(
    (one) => one.resource.replace(/^\//u, '') === 'users' && one.notificationUrl === notificationUrl,
  );
  const now = Temporal.Instant.from(ctx.now);
  const expirationDateTime = now.add({ hours: lifetimeHours }).toString();
  if (ours === undefined) {
    const changeType = 'updated,deleted';
    const wanted = { changeType, resource: 'users', notificationUrl, clientState: notificationKey };
    await send(ctx, 'POST', 'subscriptions', {
      ...wanted,
      lifecycleNotificationUrl: notificationUrl,
      expirationDateTime,
    });
  } else if (Temporal.Instant.compare(ours.expirationDateTime, now.add({ hours: renewWithinHours })) < 0) {
    await send(ctx, 'PATCH', `subscriptions/${encodeURIComponent(ours.id)}`, { expirationDateTime });
  }
}

async function send(ctx: GraphContext, method: 'POST' | 'PATCH', path: string, json: unknown): Promise<void> {
  const answer = await ctx.http.request(path, { method, json, accept: [400, 403, 404, 409] });
  if (answer.status < 300) return;
  ctx.issues.raise({
    id: 'change-notifications',
    severity: 'warning',
    title: `Microsoft does not deliver changes to users: ${answer.json<GraphError>().error?.message ?? answer.status}`,
    remedy:
      'Check that the address for change notifications can be reached from the internet. Until then, changes are found by polling.',
    learnMore: 'https://learn.microsoft.com/graph/change-notifications-delivery-webhooks',
  });
}
