import type { Hono } from 'hono';
import { makeAppRouter } from '../../packages/core/src/composition/app-router.ts';
import { modules } from '../../packages/core/src/composition/modules.ts';
import { makeHttpApp } from '../../packages/core/src/entry/http/app.ts';
import { DatabaseIdempotency } from '../../packages/core/src/entry/http/idempotency.ts';
import { RequestMetrics } from '../../packages/core/src/entry/http/request-metrics.ts';
import { WindowLimiter } from '../../packages/core/src/entry/http/request-limiter.ts';
import type { RestOperation } from '../../packages/core/src/entry/http/rest.ts';
import { UnauthenticatedError } from '../../packages/core/src/kernel/errors.ts';
import { ClockToken } from '../../packages/core/src/kernel/tokens.ts';
import type { TenantScope } from '../../packages/core/src/kernel/tenant-scope.ts';
import { ScopedDb } from '../../packages/core/src/platform/db/scoped-db.ts';
import { LiveHub } from '../../packages/core/src/platform/live.ts';
import { makeLogger } from '../../packages/core/src/platform/log.ts';
import type { TestApp } from './test-app.ts';

/**
 * The HTTP surface with its sign-in replaced: the header `x-test-scope` names one of `scopes`. Everything after that (routes, schemas, permissions,
 * errors, policies) is the real thing.
 */
export function testHttpApp(
  app: TestApp,
  scopes: ReadonlyMap<string, TenantScope>,
  options: { requestsPerMinute?: number; doors?: Record<string, Hono> } = {},
): Hono {
  const { container } = app;
  return makeHttpApp({
    router: makeAppRouter(container),
    operations: modules.flatMap((module) => Object.values(module.operations(container)) as RestOperation[]),
    resolveScope: async (request) => {
      const scope = scopes.get(decodeURIComponent(request.headers.get('x-test-scope') ?? ''));
      if (scope === undefined) throw new UnauthenticatedError('session.none', 'Sign in first.');
      return scope;
    },
    doors: options.doors ?? {},
    idempotency: new DatabaseIdempotency({ db: container.resolve(ScopedDb) }),
    limiter: new WindowLimiter({ limit: options.requestsPerMinute ?? 1_000_000, clock: container.resolve(ClockToken) }),
    live: container.resolve(LiveHub),
    log: makeLogger('silent'),
    metrics: new RequestMetrics(),
    publicUrl: 'http://localhost',
    version: '0.0.0-test',
    webFolder: '/nowhere',
    trustedProxies: [],
    notReady: async () => null,
  });
}
