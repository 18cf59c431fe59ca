import type { Hono } from 'hono';
import type { DependencyContainer } from 'tsyringe';
import type { RequestOrigin } from '#entry/http/app';
import { UnauthenticatedError } from '#kernel/errors';
import type { TenantScope } from '#kernel/tenant-scope';
import type { Logger } from '#platform/log';
import type { Settings } from '#platform/settings';

/** The doors that authenticate in their own way, and how every other request gets its scope. */
export async function httpDoors(_parts: {
  container: DependencyContainer;
  settings: Settings;
  publicUrl: string;
  log: Logger;
}): Promise<{
  resolveScope: (request: Request, origin: RequestOrigin) => Promise<TenantScope>;
  doors: Record<string, Hono>;
}> {
  return {
    resolveScope: async () => {
      throw new UnauthenticatedError('session.none', 'Sign in first.');
    },
    doors: {},
  };
}
