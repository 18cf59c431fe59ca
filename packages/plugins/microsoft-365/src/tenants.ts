import type { DiscoveredScope } from '@bailiwick/sdk';
import { type GraphContext, listPages } from './graph.ts';

/** `delegatedAdminRelationship`: what a partner may do in a customer's tenant, and until when. */
interface Relationship {
  readonly status: string;
  readonly endDateTime?: string | null;
  /** Not `PT0S`: it is extended by this when it would end. */
  readonly autoExtendDuration?: string | null;
  readonly customer?: { readonly tenantId?: string; readonly displayName?: string } | null;
}

interface Access {
  readonly name: string;
  readonly isLive: boolean;
  /** Undefined: it does not end. */
  readonly endsAt: string | undefined;
}

const liveStates = ['active', 'expiring'];
const endedStates = ['expired', 'terminated', 'terminating', 'terminationRequested'];

/** The customers' tenants: one for each, however many relationships there are with it. */
export async function* discoverTenants(ctx: GraphContext): AsyncGenerator<readonly DiscoveredScope[]> {
  const tenants = new Map<string, Access>();
  const pages = listPages<Relationship>(ctx, 'tenantRelationships/delegatedAdminRelationships', { $top: 300 });
  for await (const page of pages) {
    for (const relationship of page) {
      const id = relationship.customer?.tenantId?.toLowerCase();
      const access = readAccess(relationship);
      if (id === undefined || access === undefined) continue;
      const known = tenants.get(id);
      if (known === undefined || isBetter(access, known)) tenants.set(id, access);
    }
  }
  const names = new TenantNames(ctx);
  for (const [id, { name, isLive, endsAt }] of tenants) {
    const domain = isLive ? await names.domainOf(id) : undefined;
    yield [
      {
        id,
        name,
        kind: 'tenant',
        isAccessible: isLive,
        ...(endsAt === undefined ? {} : { validUntil: endsAt }),
        hints: { tenantId: id, ...(domain === undefined ? {} : { domains: [domain] }) },
      },
    ];
  }
}

/** Undefined while the customer has not approved it. */
function readAccess({ status, endDateTime, autoExtendDuration, customer }: Relationship): Access | undefined {
  const isLive = liveStates.includes(status);
  if (!isLive && !endedStates.includes(status)) return undefined;
  const isExtended =
    autoExtendDuration !== undefined && autoExtendDuration !== null && !/^P(?:T0S|0D)$/u.test(autoExtendDuration);
  const endsAt = isLive && isExtended ? undefined : (endDateTime ?? undefined);
  return { name: customer?.displayName ?? 'Unnamed tenant', isLive, endsAt };
}

/** A relationship that is live before one that is not, then the one that lasts longer. */
function isBetter(one: Access, other: Access): boolean {
  if (one.isLive !== other.isLive) return one.isLive;
  if (other.endsAt === undefined) return false;
  return one.endsAt === undefined || Temporal.Instant.compare(one.endsAt, other.endsAt) > 0;
}

/** Asks Graph for the domain that a tenant is known by; stops asking where the application may not. */
class TenantNames {
  readonly #ctx: GraphContext;
  #isAllowed = true;

  constructor(ctx: GraphContext) {
    this.#ctx = ctx;
  }

  async domainOf(tenantId: string): Promise<string | undefined> {
    if (!this.#isAllowed) return undefined;
    const path = `tenantRelationships/findTenantInformationByTenantId(tenantId='${encodeURIComponent(tenantId)}')`;
    const answer = await this.#ctx.http.request(path, { accept: [400, 403, 404] });
    if (answer.status === 403) {
      this.#isAllowed = false;
      this.#ctx.issues.raise({
        id: 'tenant-domains',
        severity: 'info',
        title: 'The application may not read the domains of your customers, so they are matched by tenant id only.',
        remedy: 'Give it the application permission CrossTenantInformation.ReadBasic.All in your own tenant.',
      });
    }
    if (answer.status !== 200) return undefined;
    return answer.json<{ defaultDomainName?: string | null }>().defaultDomainName?.toLowerCase() ?? undefined;
  }
}
