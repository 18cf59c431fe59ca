import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import type { AnyRouter } from '@trpc/server';
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import { InvalidInputError, NotFoundError } from '#kernel/errors';
import { newId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { LiveHub } from '#platform/live';
import type { Logger } from '#platform/log';
import { assertSameOrigin } from './cross-site.ts';
import { eventStream } from './event-stream.ts';
import { openApiDocument } from './openapi.ts';
import { clientAddress } from './client-address.ts';
import './context-variables.ts';
import type { RequestMetrics } from './request-metrics.ts';
import { isUpload } from './rest-input.ts';
import { problemResponse, restRoutes, type IdempotencyStore, type RequestLimiter, type RestOperation } from './rest.ts';
import { webDoors } from './web-doors.ts';
import type { TrpcContext } from './trpc.ts';

/** JSON larger than this is refused before it is read to the end; files have a limit of their own. */
const MAX_JSON_BYTES = 1024 * 1024;

/** Where a request came from, as the audit trail and the rate limits see it. */
export interface RequestOrigin {
  readonly ip: string;
  readonly userAgent: string;
  readonly requestId: string;
}

export interface HttpParts {
  readonly router: AnyRouter;
  readonly operations: readonly RestOperation[];
  /** The scope of whoever sent the request. Throws `UnauthenticatedError`. */
  readonly resolveScope: (request: Request, origin: RequestOrigin) => Promise<TenantScope>;
  /** Doors with an authentication of their own, by path prefix: sign-in, agents. */
  readonly doors: Readonly<Record<string, Hono>>;
  readonly idempotency: IdempotencyStore;
  readonly limiter: RequestLimiter;
  readonly live: LiveHub;
  readonly log: Logger;
  readonly metrics: RequestMetrics;
  readonly publicUrl: string;
  readonly version: string;
  readonly webFolder: string;
  readonly trustedProxies: readonly string[];
  /** Null when the process can serve; otherwise the reason why not. */
  readonly notReady: () => Promise<string | null>;
}

/** The whole HTTP surface of a process: API, event stream, sign-in, agents, probes, and the two doors of the web. */
export function makeHttpApp(parts: HttpParts): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    const requestId = newId();
    context.set('requestId', requestId);
    context.set('reportError', (error: unknown) =>
      parts.log.error({ err: error, requestId, path: context.req.path }, 'request failed'),
    );
    context.header('x-request-id', requestId);
    await next();
  });
  app.use(parts.metrics.middleware);
  app.use(
    secureHeaders({
      strictTransportSecurity: parts.publicUrl.startsWith('https:') ? 'max-age=31536000' : false,
      crossOriginOpenerPolicy: 'same-origin',
      referrerPolicy: 'same-origin',
      // A route that is stricter stays stricter.
      overwrite: false,
    }),
  );
  app.onError((error, context) => problemResponse(context, error, context.get('requestId')));
  probes(app, parts);
  app.use('/api/*', async (context, next) => {
    assertSameOrigin(context.req.raw, parts.publicUrl);
    await next();
  });
  const jsonLimit = bodyLimit({ maxSize: MAX_JSON_BYTES, onError: (context) => tooLarge(context) });
  app.use('/api/*', (context, next) => (isUpload(context) ? next() : jsonLimit(context, next)));
  for (const [prefix, door] of Object.entries(parts.doors)) app.route(prefix, door);
  api(app, parts);
  app.all('/api/*', (context) =>
    problemResponse(
      context,
      new NotFoundError('route.not-found', 'There is no such address in the API.'),
      context.get('requestId'),
    ),
  );
  app.route('/', webDoors(parts.webFolder));
  return app;
}

function probes(app: Hono, parts: HttpParts): void {
  app.get('/healthz', (context) => context.text('ok\n'));
  app.get('/readyz', async (context) => {
    const reason = await parts.notReady();
    return reason === null ? context.text('ready\n') : context.text(`${reason}\n`, 503);
  });
  app.get('/metrics', async (context) =>
    context.text(await parts.metrics.render(), 200, { 'content-type': parts.metrics.contentType }),
  );
}

function api(app: Hono, parts: HttpParts): void {
  const scopeOf = (context: Context): Promise<TenantScope> =>
    parts.resolveScope(context.req.raw, originOf(context, parts));
  app.get('/api/v1/openapi.json', (context) =>
    context.json(openApiDocument(parts.operations, { version: parts.version, serverUrl: parts.publicUrl })),
  );
  app.route(
    '/api/v1',
    restRoutes(parts.operations, { scopeOf, idempotency: parts.idempotency, limiter: parts.limiter }),
  );
  app.get('/api/events', (context) => eventStream(context, () => scopeOf(context), parts.live));
  app.all('/api/trpc/*', (context) => {
    let scope: Promise<TenantScope> | null = null;
    const trpcContext: TrpcContext = { requestId: context.get('requestId'), scope: () => (scope ??= scopeOf(context)) };
    return fetchRequestHandler({
      endpoint: '/api/trpc',
      req: context.req.raw,
      router: parts.router,
      createContext: () => trpcContext,
      onError: ({ error, path }) => {
        if (error.code === 'INTERNAL_SERVER_ERROR')
          parts.log.error({ err: error.cause ?? error, requestId: trpcContext.requestId, path }, 'procedure failed');
      },
    });
  });
}

function originOf(context: Context, parts: HttpParts): RequestOrigin {
  return {
    ip: clientAddress(context, parts.trustedProxies),
    userAgent: (context.req.header('user-agent') ?? '').slice(0, 400),
    requestId: context.get('requestId'),
  };
}

function tooLarge(context: Context): Response {
  const problem = problemResponse(
    context,
    new InvalidInputError('input.too-large', `The body is larger than ${MAX_JSON_BYTES} bytes.`),
    context.get('requestId'),
  );
  return new Response(problem.body, { status: 413, headers: problem.headers });
}
