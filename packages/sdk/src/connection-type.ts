import type { AuthChoice, AuthScheme, Template } from './auth.ts';
import type { Context } from './context.ts';
import type { ConfigOf, Shape } from './field.ts';

/** What may tell which client a scope belongs to. */
export interface ScopeHints {
  /** Strong: the same value on exactly one client maps the scope by itself. */
  readonly tenantId?: string;
  /** Strong: domains that the vendor has verified. */
  readonly domains?: readonly string[];
  /** Strong. */
  readonly taxId?: string;
  /** Strong: the number under which the vendor's system knows the customer. */
  readonly customerNumber?: string;
  /** Suggest, where at least three are given and four in five belong to one client. */
  readonly deviceSerials?: readonly string[];
  /** Suggest only. */
  readonly emails?: readonly string[];
}

/** A partition of the vendor's account: a customer tenant, an organisation, a site, a cloud account. */
export interface DiscoveredScope {
  /** The vendor's id; never changes. */
  readonly id: string;
  readonly name: string;
  /** The vendor's word for it, in kebab case: `organisation`, `host-group`. */
  readonly kind: string;
  readonly parentId?: string;
  /** Access ends then (ISO 8601); the host warns 30, 7 and 1 days before. */
  readonly validUntil?: string;
  /** False where the vendor lists it but gives no access now. */
  readonly isAccessible?: boolean;
  readonly hints?: ScopeHints;
}

/** What a check found. */
export interface CheckResult {
  /** Who is signed in, and where; a person recognises it: `ops@msp.example at Zabbix 6.0.14`. */
  readonly account: string;
  /** What works less well than it could, one sentence each. */
  readonly warnings?: readonly string[];
}

/** A limit that the vendor states. Requests beyond it wait; the operator may override it. */
export interface LimitRule {
  /** What shares the limit: the whole connection, each scope, or each host. */
  readonly per: 'connection' | 'scope' | 'host';
  /** Requests in a window of `seconds`. */
  readonly requests: number;
  readonly seconds: number;
  /** Requests at one time. */
  readonly concurrency?: number;
  /** Only requests that read, or only those that write. */
  readonly class?: 'read' | 'write';
}

/** One entry of a field that is chosen from a list. */
export interface Option {
  readonly value: string;
  readonly label: string;
}

/** How to reach a vendor's account: what to ask the operator for, how to sign in, how to tell that it works. */
export interface ConnectionType<S extends Shape = Shape> {
  /** Kebab case; never changes. */
  readonly name: string;
  /** What a person calls such an account: `Zabbix server`. */
  readonly label: string;
  /** Where to find the values, in a few sentences. */
  readonly help?: string;
  readonly config: S;
  /** Relative addresses of `ctx.http` start here. A host that stands in the configuration is approved by an administrator. */
  readonly baseUrl: Template;
  readonly auth: AuthScheme | AuthChoice;
  readonly limits?: readonly LimitRule[];
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, Template>>;
  /** Signs in and reads something small. Runs before a connection is saved. */
  check(ctx: Context<ConfigOf<S>>): Promise<CheckResult>;
  /** Lists the partitions of the account. Absent: the account is one scope. */
  discoverScopes?(ctx: Context<ConfigOf<S>>): AsyncIterable<readonly DiscoveredScope[]>;
  /** Lists for fields that name one (`options`). */
  readonly options?: Readonly<Record<string, (ctx: Context<ConfigOf<S>>) => Promise<readonly Option[]>>>;
}

/**
 * Names a connection type; streams, actions and webhooks are defined for it, so that their `ctx.config` has its fields.
 *
 * @example
 * const account = defineConnection({
 *   name: 'api-key',
 *   label: 'Acme account',
 *   config: { key: field.secret({ label: 'API key' }) },
 *   baseUrl: 'https://api.acme.example/v2/',
 *   auth: { kind: 'key', placements: [{ in: 'header', name: 'X-Api-Key', value: '{secret.key}' }] },
 *   async check(ctx) {
 *     const me = await ctx.http.get<{ email: string }>('me');
 *     return { account: me.email };
 *   },
 * });
 */
export function defineConnection<const S extends Shape>(type: ConnectionType<S>): ConnectionType<S> {
  return type;
}
