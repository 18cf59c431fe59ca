import { readFileSync } from 'node:fs';
import type { Hono } from 'hono';
import type { DependencyContainer } from 'tsyringe';
import type { RequestOrigin } from '#entry/http/app';
import { mcpRoutes } from '#entry/http/mcp/mcp-door';
import { WindowLimiter } from '#entry/http/request-limiter';
import type { AnyOperation, OperationMap } from '#kernel/operation';
import { ClockToken } from '#kernel/tokens';
import type { TenantScope } from '#kernel/tenant-scope';
import { ActionTools } from '#modules/plugin-tools';
import type { Logger } from '#platform/log';
import { modules } from './modules.ts';

/** Calls a minute that one key may make: a program in a circle must not become a load on vendors. */
const CALLS_PER_MINUTE = 120;

/** The door for programs that use tools. */
export function mcpDoor(parts: {
  container: DependencyContainer;
  resolveScope: (request: Request, origin: RequestOrigin) => Promise<TenantScope>;
  publicUrl: string;
  proxies: readonly string[];
  log: Logger;
}): Hono {
  const { container, resolveScope, publicUrl, log } = parts;
  const operations = modules
    .flatMap((module) => Object.values(module.operations(container) as OperationMap))
    .filter((operation): operation is AnyOperation => operation.kind === 'query' || operation.kind === 'command');
  const named = (name: string): AnyOperation => {
    const found = operations.find((operation) => operation.name === name);
    if (found === undefined) throw new Error(`There is no operation ${name}.`);
    return found;
  };
  const tools = container.resolve(ActionTools);
  return mcpRoutes(
    {
      resolveScope,
      operations,
      actions: {
        planAction: named('plugin-actions.plan-action'),
        requestRun: named('plugin-actions.request-run'),
        getRun: named('plugin-actions.get-run'),
      },
      offers: (scope) => tools.list(scope),
      limiter: new WindowLimiter({ limit: CALLS_PER_MINUTE, clock: container.resolve(ClockToken) }),
      publicUrl,
      version: (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string })
        .version,
      reportError: (error) => log.error({ err: error }, 'a tool failed'),
    },
    parts.proxies,
  );
}
