import { randomUUID } from 'node:crypto';

import type { Hono } from 'hono';

import { authorize, readBody, type Graph, type GraphContext, type GraphEnv } from './graph-context.ts';
import { GraphError } from './graph-error.ts';
import type { Notifications, Subscription } from './notifications.ts';
import { rights } from './permissions.ts';

/** "Maximum length of subscription per resource type", for directory resources. */
const maxMinutes = 41_760;
const maxClientStateLength = 128;
const requiredProperties = ['changeType', 'notificationUrl', 'resource', 'expirationDateTime'] as const;

/** Change notifications on users: subscribe, look, renew, reauthorize, end. */
export function addSubscriptionRoutes(app: Hono<GraphEnv>, graph: Graph, notifications: Notifications): void {
  app.post('/v1.0/subscriptions', (context) => create(graph, notifications, context));
  app.get('/v1.0/subscriptions', (context) =>
    context.json({
      '@odata.context': `${graph.baseUrl()}/v1.0/$metadata#subscriptions`,
      value: ownSubscriptions(notifications, context).map((subscription) => present(subscription)),
    }),
  );
  app.get('/v1.0/subscriptions/:id', (context) => context.json(present(requireOwn(notifications, context))));
  app.patch('/v1.0/subscriptions/:id', async (context) => {
    const subscription = requireOwn(notifications, context);
    subscription.expiresAt = readExpiry(graph, (await readBody(context))['expirationDateTime']);
    subscription.isPaused = false;
    return context.json(present(subscription));
  });
  app.post('/v1.0/subscriptions/:id/reauthorize', (context) => {
    requireOwn(notifications, context).isPaused = false;
    return context.body(null, 204);
  });
  app.delete('/v1.0/subscriptions/:id', (context) => {
    notifications.subscriptions.delete(requireOwn(notifications, context).id);
    return context.body(null, 204);
  });
}

async function create(graph: Graph, notifications: Notifications, context: GraphContext): Promise<Response> {
  const body = await readBody(context);
  const missing = requiredProperties.filter((name) => typeof body[name] !== 'string');
  if (missing.length > 0) throw invalid(`Subscription is missing required properties: ${missing.join(', ')}.`);
  const resource = String(body['resource']);
  requireUsers(resource);
  authorize(graph, context, rights.readUsers);
  const caller = context.get('caller');
  const subscription: Subscription = {
    id: randomUUID(),
    tenantId: caller.tenantId,
    applicationId: caller.clientId,
    creatorId: caller.account?.userId ?? caller.clientId,
    resource,
    changeTypes: readChangeTypes(String(body['changeType'])),
    notificationUrl: readUrl('notificationUrl', body['notificationUrl']),
    lifecycleNotificationUrl:
      body['lifecycleNotificationUrl'] === undefined
        ? null
        : readUrl('lifecycleNotificationUrl', body['lifecycleNotificationUrl']),
    clientState: readClientState(body['clientState']),
    expiresAt: readExpiry(graph, body['expirationDateTime']),
    isPaused: false,
  };
  for (const url of [subscription.notificationUrl, subscription.lifecycleNotificationUrl]) {
    const reason = url === null ? undefined : await notifications.validate(url);
    if (reason !== undefined) throw new GraphError(400, 'ValidationError', reason);
  }
  notifications.subscriptions.set(subscription.id, subscription);
  return context.json(
    {
      '@odata.context': `${graph.baseUrl()}/v1.0/$metadata#subscriptions/$entity`,
      ...present(subscription),
      clientState: subscription.clientState,
    },
    201,
  );
}

function requireUsers(resource: string): void {
  if (/^\/?users(\/[\w-]{36})?$/i.test(resource)) return;
  throw invalid(`Resource '${resource}' is not supported.`);
}

/** "User and group change notifications support updated and deleted changeType." */
function readChangeTypes(value: string): string[] {
  const types = value.split(',').map((type) => type.trim().toLowerCase());
  if (types.some((type) => !['updated', 'deleted'].includes(type))) {
    throw invalid(`The 'changeType' value '${value}' is not supported for this resource.`);
  }
  return types;
}

/** HTTPS only; the emulator's own machine is the exception, for tests listen there without a certificate. */
function readUrl(name: string, value: unknown): string {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  const isLoopback = url !== null && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url === null || (url.protocol !== 'https:' && !(isLoopback && url.protocol === 'http:'))) {
    throw invalid(`The '${name}' must be a valid HTTPS URL.`);
  }
  return url.href;
}

function readClientState(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' && value.length <= maxClientStateLength) return value;
  throw invalid(`The 'clientState' must not be longer than ${maxClientStateLength} characters.`);
}

function readExpiry(graph: Graph, value: unknown): Temporal.Instant {
  let expiresAt: Temporal.Instant;
  try {
    expiresAt = Temporal.Instant.from(String(value));
  } catch {
    throw invalid("The 'expirationDateTime' is not a valid date and time.");
  }
  const { clock } = graph.world;
  if (clock.isPast(expiresAt)) throw invalid('Subscription expiration must be in the future.');
  if (Temporal.Instant.compare(expiresAt, clock.now().add({ minutes: maxMinutes })) > 0) {
    throw invalid(`Subscription expiration can only be ${maxMinutes} minutes in the future.`);
  }
  return expiresAt;
}

function ownSubscriptions(notifications: Notifications, context: GraphContext): Subscription[] {
  const { tenantId, clientId } = context.get('caller');
  return notifications.living().filter((one) => one.tenantId === tenantId && one.applicationId === clientId);
}

function requireOwn(notifications: Notifications, context: GraphContext): Subscription {
  const id = context.req.param('id') ?? '';
  const subscription = ownSubscriptions(notifications, context).find((one) => one.id === id);
  if (subscription === undefined) throw new GraphError(404, 'ResourceNotFound', 'The object was not found.');
  return subscription;
}

/** The client state is never sent back on reading. */
function present(subscription: Subscription) {
  return {
    id: subscription.id,
    resource: subscription.resource,
    applicationId: subscription.applicationId,
    changeType: subscription.changeTypes.join(','),
    clientState: null,
    notificationUrl: subscription.notificationUrl,
    lifecycleNotificationUrl: subscription.lifecycleNotificationUrl,
    expirationDateTime: subscription.expiresAt.toString({ smallestUnit: 'millisecond' }),
    creatorId: subscription.creatorId,
    includeResourceData: null,
    latestSupportedTlsVersion: 'v1_2',
    notificationContentType: 'application/json',
  };
}

function invalid(message: string): GraphError {
  return new GraphError(400, 'InvalidRequest', message);
}
