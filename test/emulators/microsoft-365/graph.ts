import { randomUUID } from 'node:crypto';

import { Hono } from 'hono';

import { addBatchRoute } from './batch-route.ts';
import type { Faults } from './faults.ts';
import type { Graph, GraphContext, GraphEnv } from './graph-context.ts';
import { GraphError } from './graph-error.ts';
import { addGroupRoutes } from './group-routes.ts';
import { addLicenceRoutes } from './licence-routes.ts';
import { addMailboxRoutes } from './mailbox-routes.ts';
import type { Notifications } from './notifications.ts';
import { addPartnerRoutes } from './partner-routes.ts';
import { addSubscriptionRoutes } from './subscription-routes.ts';
import { addTenantRoutes } from './tenant-routes.ts';
import { addUserDeltaRoute } from './user-delta.ts';
import { addUserRoutes } from './user-routes.ts';

/** A request that reached Graph, for tests that count or look. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  /** Null when the token was not good. */
  readonly tenantId: string | null;
}

interface GraphParts {
  readonly graph: Graph;
  readonly notifications: Notifications;
  readonly faults: Faults;
  readonly requests: RecordedRequest[];
}

/** Graph v1.0 as one application; every answer carries a request id, every refusal the error envelope. */
export function createGraph(parts: GraphParts): Hono<GraphEnv> {
  const { graph } = parts;
  const app = new Hono<GraphEnv>();
  app.use(async (context, next) => {
    const requestId = randomUUID();
    context.set('requestId', requestId);
    await next();
    context.header('request-id', requestId);
    context.header('client-request-id', context.req.header('client-request-id') ?? requestId);
    context.header('OData-Version', '4.0');
  });
  app.use('/v1.0/*', async (context, next) => {
    authenticate(parts, context);
    await next();
  });
  addBatchRoute(app);
  addUserDeltaRoute(app, graph);
  addUserRoutes(app, graph);
  addLicenceRoutes(app, graph);
  addMailboxRoutes(app, graph);
  addGroupRoutes(app, graph);
  addTenantRoutes(app, graph);
  addPartnerRoutes(app, graph);
  addSubscriptionRoutes(app, graph, parts.notifications);
  app.notFound((context) => {
    const segment = context.req.path.split('/').at(-1) ?? '';
    const error = new GraphError(400, 'BadRequest', `Resource not found for the segment '${segment}'.`);
    return sendError(graph, context, error);
  });
  app.onError((error, context) => {
    if (error instanceof GraphError) return sendError(graph, context, error);
    throw error;
  });
  return app;
}

function authenticate(parts: GraphParts, context: GraphContext): void {
  const { graph, faults, requests } = parts;
  const { method, path } = context.req;
  const header = context.req.header('Authorization') ?? '';
  const caller = header.startsWith('Bearer ') ? graph.tokens.find(header.slice('Bearer '.length)) : undefined;
  const isExpired = caller !== undefined && graph.world.clock.isPast(caller.expiresAt);
  requests.push({ method, path, tenantId: caller === undefined || isExpired ? null : caller.tenantId });
  if (header === '') throw unauthenticated('Access token is empty.');
  if (caller === undefined) throw unauthenticated('IDX14100: JWT is not well formed.');
  if (isExpired) throw unauthenticated('Lifetime validation failed, the token is expired.');
  context.set('caller', caller);
  context.set('tenant', graph.world.tenant(caller.tenantId));
  faults.meet(path, caller.tenantId);
}

function unauthenticated(message: string): GraphError {
  return new GraphError(401, 'InvalidAuthenticationToken', message, {
    'WWW-Authenticate':
      'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"',
  });
}

function sendError(graph: Graph, context: GraphContext, error: GraphError): Response {
  for (const [name, value] of Object.entries(error.headers)) context.header(name, value);
  const requestId = context.get('requestId');
  return context.json(
    {
      error: {
        code: error.code,
        message: error.message,
        innerError: {
          date: graph.world.clock.now().toString({ smallestUnit: 'second' }).replace('Z', ''),
          'request-id': requestId,
          'client-request-id': context.req.header('client-request-id') ?? requestId,
        },
      },
    },
    error.status,
  );
}
