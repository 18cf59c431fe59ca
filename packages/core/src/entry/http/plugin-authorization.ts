import type { Hono } from 'hono';
import type { TenantScope } from '#kernel/tenant-scope';
import { vendorReturnRoutes, type VendorReturn, type VendorReturnNeeds } from './vendor-return.ts';

interface Needs extends Pick<VendorReturnNeeds, 'resolveScope' | 'reportError'> {
  readonly finish: (scope: TenantScope, returned: VendorReturn) => Promise<{ connectionId: string }>;
}

/** Where the console shows a connection, and all of them. */
const PAGE = '/connections';
const LIST = '/plugins';

/** Where vendors send people back to who consented to a connection of a plugin. */
export function pluginAuthorizationRoutes(needs: Needs, trustedProxies: readonly string[]): Hono {
  return vendorReturnRoutes(
    {
      ...needs,
      finish: async (scope, returned) => {
        const { connectionId } = await needs.finish(scope, returned);
        return `${PAGE}/${encodeURIComponent(connectionId)}?authorized=yes`;
      },
      failed: (code) => `${LIST}?authorized=no&reason=${encodeURIComponent(code)}`,
    },
    trustedProxies,
  );
}
