import type { Hono } from 'hono';
import type { TenantScope } from '#kernel/tenant-scope';
import { vendorReturnRoutes, type VendorReturn, type VendorReturnNeeds } from './vendor-return.ts';

interface Needs extends Pick<VendorReturnNeeds, 'resolveScope' | 'reportError'> {
  readonly finish: (scope: TenantScope, returned: VendorReturn) => Promise<unknown>;
}

/** Where the console shows the mailboxes. */
const LIST = '/settings?tab=mailboxes';

/** Where Microsoft and Google send people back to who consented to their mailbox being read. */
export function mailboxConsentRoutes(needs: Needs, trustedProxies: readonly string[]): Hono {
  return vendorReturnRoutes(
    {
      ...needs,
      finish: async (scope, returned) => {
        await needs.finish(scope, returned);
        return `${LIST}&consent=given`;
      },
      failed: (code) => `${LIST}&consent=${encodeURIComponent(code)}`,
    },
    trustedProxies,
  );
}
