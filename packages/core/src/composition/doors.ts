import type { Hono } from 'hono';
import type { DependencyContainer } from 'tsyringe';
import type { RequestOrigin } from '#entry/http/app';
import { agentDoor } from '#entry/agent/agent-door';
import { authRoutes } from '#entry/http/auth-routes';
import { pluginAuthorizationRoutes } from '#entry/http/plugin-authorization';
import { pluginFrameRoutes } from '#entry/http/plugin-frames';
import { clientAddress } from '#entry/http/client-address';
import { WindowLimiter } from '#entry/http/request-limiter';
import { scopeResolver } from '#entry/http/session';
import { ClockToken } from '#kernel/tokens';
import type { TenantScope } from '#kernel/tenant-scope';
import { IdentityDoor } from '#modules/identity';
import { AuthorizeConnection } from '#modules/plugin-host';
import { FramePages } from '#modules/plugin-views';
import type { Logger } from '#platform/log';
import { trustedProxies, type Settings } from '#platform/settings';
import { agentNeeds } from './agent-needs.ts';

/** Enrolment tries a minute from one address: enough for a roll-out behind one router, too few to guess 256 bits. */
const ENROLMENTS_PER_MINUTE = 300;

/** The doors that authenticate in their own way, and how every other request gets its scope. */
export async function httpDoors(parts: {
  container: DependencyContainer;
  settings: Settings;
  publicUrl: string;
  log: Logger;
}): Promise<{
  resolveScope: (request: Request, origin: RequestOrigin) => Promise<TenantScope>;
  doors: Record<string, Hono>;
}> {
  const identity = parts.container.resolve(IdentityDoor);
  const proxies = trustedProxies(parts.settings);
  const resolveScope = scopeResolver(identity);
  const authorize = parts.container.resolve(AuthorizeConnection);
  return {
    resolveScope,
    doors: {
      '/api/auth': authRoutes(identity, proxies),
      '/api/plugin-authorization': pluginAuthorizationRoutes(
        {
          resolveScope,
          finish: (scope, returned) => authorize.finish(scope, returned),
          reportError: (error) => parts.log.error({ err: error }, 'return from a vendor failed'),
        },
        proxies,
      ),
      '/api/plugin-frames': pluginFrameRoutes({ resolveScope, frames: parts.container.resolve(FramePages) }, proxies),
      '/agent/v1': agents(parts),
    },
  };
}

function agents({
  container,
  settings,
  log,
}: {
  container: DependencyContainer;
  settings: Settings;
  log: Logger;
}): Hono {
  const clock = container.resolve(ClockToken);
  const limiter = new WindowLimiter({ limit: ENROLMENTS_PER_MINUTE, clock });
  const proxies = trustedProxies(settings);
  return agentDoor({
    needs: agentNeeds(container),
    clock,
    addressOf: (context) => clientAddress(context, proxies),
    limitEnrolment: (address) => void limiter.take(address),
    reportError: (error) => log.error({ err: error }, 'agent request failed'),
  });
}
