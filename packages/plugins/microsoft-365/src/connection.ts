import { defineConnection, PermissionMissing } from '@bailiwick/sdk';
import { config } from './config.ts';
import { discoverTenants } from './tenants.ts';

interface Organization {
  readonly displayName: string;
  readonly verifiedDomains: readonly { readonly name: string; readonly isDefault: boolean }[];
}

/** An MSP's own tenant, and through it the tenants of its customers. */
export const partner = defineConnection({
  name: 'partner',
  label: 'Microsoft 365 partner tenant',
  help: 'Register a multi-tenant application in your tenant, give it the application permissions that the README lists, and consent to it in each customer’s tenant.',
  config,
  baseUrl: '{config.graphUrl}/v1.0/',
  auth: {
    kind: 'oauth2-client',
    tokenUrl: '{config.loginUrl}/{config.tenantId}/oauth2/v2.0/token',
    clientId: '{config.clientId}',
    clientSecret: '{secret.clientSecret}',
    scope: '{config.graphScope}',
    perScope: { tokenUrl: '{config.loginUrl}/{scope.id}/oauth2/v2.0/token' },
  },
  // Identity and access service limits of the smallest tenants: 3,500 resource units in 10 seconds (a page of users costs 2), 3,000 writes in 150.
  limits: [
    { per: 'scope', requests: 500, seconds: 10, concurrency: 4 },
    { per: 'scope', requests: 1000, seconds: 150, class: 'write' },
  ],
  async check(ctx) {
    const { value: [tenant] = [] } = await ctx.http.get<{ value?: readonly Organization[] }>('organization', {
      query: { $select: 'displayName,verifiedDomains' },
    });
    const listed = await ctx.http.request('tenantRelationships/delegatedAdminRelationships', {
      query: { $top: 1 },
      accept: [403],
    });
    if (listed.status === 403) {
      const permission = 'DelegatedAdminRelationship.Read.All';
      throw new PermissionMissing('The application may not list your customers.', permission);
    }
    const domain = tenant?.verifiedDomains.find(({ isDefault }) => isDefault)?.name ?? ctx.config.tenantId;
    const { value } = listed.json<{ value?: readonly unknown[] }>();
    return {
      account: `${tenant?.displayName ?? 'Tenant'} (${domain})`,
      warnings: value?.length === 0 ? ['There is no delegated admin relationship (GDAP) with any customer yet.'] : [],
    };
  },
  discoverScopes: discoverTenants,
});
