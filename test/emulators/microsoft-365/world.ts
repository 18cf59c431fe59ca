import { EmulatorClock } from './clock.ts';
import type { Tenant } from './tenant.ts';

/** A multi-tenant application, registered in the partner's tenant. */
export interface Application {
  readonly clientId: string;
  readonly displayName: string;
  readonly redirectUris: string[];
  secrets: { readonly value: string; expiresAt: Temporal.Instant }[];
}

/** A relationship of granular delegated administration (GDAP), as the partner sees it. */
export interface Relationship {
  readonly id: string;
  readonly displayName: string;
  readonly customerTenantId: string;
  readonly customerDisplayName: string;
  readonly roleDefinitionIds: readonly string[];
  readonly duration: string;
  readonly activatedAt: Temporal.Instant;
  endsAt: Temporal.Instant;
  isTerminated: boolean;
}

/** The people who sign in at the authority; technicians of the partner, or a customer's administrator. */
export interface Account {
  readonly tenantId: string;
  readonly userId: string;
}

/** All that Microsoft's cloud knows here: tenants, relationships, applications, and who sits before the browser. */
export class World {
  readonly clock = new EmulatorClock();
  readonly tenants = new Map<string, Tenant>();
  readonly relationships: Relationship[] = [];
  readonly applications = new Map<string, Application>();
  readonly partner: Tenant;
  /** Who answers the sign-in page; without anyone, the sign-in is cancelled. */
  signedIn: Account | undefined;

  constructor(partner: Tenant) {
    this.partner = partner;
    this.tenants.set(partner.id, partner);
  }

  /** By id or by one of the tenant's domains, as the authority's path takes both. */
  findTenant(idOrDomain: string): Tenant | undefined {
    const wanted = idOrDomain.toLowerCase();
    return (
      this.tenants.get(wanted) ??
      [...this.tenants.values()].find((tenant) => tenant.domains.some((domain) => domain.id === wanted))
    );
  }

  tenant(id: string): Tenant {
    const tenant = this.tenants.get(id);
    if (tenant === undefined) throw new Error(`There is no tenant ${id}.`);
    return tenant;
  }

  statusOf(relationship: Relationship): 'active' | 'expiring' | 'expired' | 'terminated' {
    if (relationship.isTerminated) return 'terminated';
    if (!this.clock.isPast(relationship.endsAt)) return 'active';
    // "Expiring" is past its end and not yet deprovisioned; how long that takes is not published.
    return this.clock.isPast(relationship.endsAt.add({ hours: 1 })) ? 'expired' : 'expiring';
  }

  /** The roles that the partner's technicians have in the customer's tenant now; none without a living relationship. */
  delegatedRoles(customerTenantId: string): readonly string[] {
    return this.relationships
      .filter(
        (relationship) =>
          relationship.customerTenantId === customerTenantId && this.statusOf(relationship) === 'active',
      )
      .flatMap((relationship) => relationship.roleDefinitionIds);
  }
}
