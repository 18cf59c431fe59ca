import { UnauthenticatedError } from '#kernel/errors';
import type { MspId } from '#kernel/id';
import type { Actor, TenantScope } from '#kernel/tenant-scope';
import type { Directory } from '#modules/directory';
import type { ContactId } from '#modules/tenancy';
import type { ApiKeyResolver } from './api-key-resolver.ts';
import type { ApiKeyId, StaffId } from './identity-table.ts';
import type { Logins, OpenSession, SignInRequest } from './logins.ts';
import type { MembershipFacts, ScopeFacts } from './membership-facts.ts';

/** Revocation at another process takes effect within this time; at this one, at once. */
const CACHE_MS = 1000;
const MAX_CACHED = 5000;

/** Makes the system scope of an MSP in which somebody without a scope yet is looked up or acts. Given by entry: only it makes scopes. */
export type LookupScope = (mspId: MspId, actor?: Actor) => TenantScope;

interface Deps {
  readonly logins: Logins;
  readonly facts: MembershipFacts;
  readonly directory: Directory;
  readonly apiKeys: ApiKeyResolver;
}

/** Says what the bearer of a cookie or an API key may do. The one gate for the second factor of staff, whatever way they came in. */
export class CredentialResolver {
  readonly #deps: Deps;
  readonly #cache = new Map<string, { facts: ScopeFacts; untilMs: number }>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws `session.none`, `session.second-factor-needed`, `session.membership-needed`, `session.membership-over`, `api-key.refused`. */
  async resolve(request: Pick<SignInRequest, 'headers'>, lookupScope: LookupScope): Promise<ScopeFacts> {
    const authorization = request.headers.get('authorization');
    const credential = authorization ?? request.headers.get('cookie');
    if (credential === null) throw new UnauthenticatedError('session.none', 'Sign in first.');
    const nowMs = performance.now();
    const known = this.#cache.get(credential);
    if (known !== undefined && known.untilMs > nowMs) return known.facts;
    const facts =
      authorization === null
        ? await this.ofSession(await this.#deps.logins.session(request), lookupScope)
        : await this.#ofKey(authorization, lookupScope);
    const oldest = this.#cache.keys().next().value;
    if (this.#cache.size >= MAX_CACHED && oldest !== undefined) this.#cache.delete(oldest);
    this.#cache.delete(credential);
    this.#cache.set(credential, { facts, untilMs: nowMs + CACHE_MS });
    return facts;
  }

  /** What was cached may have been revoked: forget it all. */
  forget(): void {
    this.#cache.clear();
  }

  async ofSession(session: OpenSession | null, lookupScope: LookupScope): Promise<ScopeFacts> {
    if (session === null) throw new UnauthenticatedError('session.none', 'Sign in first.');
    if (session.mspId === null || session.membershipId === null || session.membershipKind === null)
      throw new UnauthenticatedError('session.membership-needed', 'Choose for whom you work first.');
    const scope = lookupScope(session.mspId as MspId);
    const facts = await this.#membership(session, scope);
    if (facts === null)
      throw new UnauthenticatedError('session.membership-over', 'You no longer work here under this sign-in.');
    return facts;
  }

  async #membership(session: OpenSession, scope: TenantScope): Promise<ScopeFacts | null> {
    if (session.membershipKind === 'contact')
      return this.#deps.facts.ofContact(scope, session.membershipId as ContactId, session.loginId);
    if (session.factor !== 'totp' && session.factor !== 'passkey')
      throw new UnauthenticatedError('session.second-factor-needed', 'Staff need a second factor or a passkey.');
    return this.#deps.facts.ofStaff(scope, session.membershipId as StaffId, session.loginId);
  }

  async #ofKey(authorization: string, lookupScope: LookupScope): Promise<ScopeFacts> {
    const secret = /^Bearer ([\x21-\x7e]{20,200})$/i.exec(authorization)?.[1];
    const route = secret === undefined ? null : await this.#deps.directory.findRoute('api-key', secret);
    const facts =
      route === null ? null : await this.#deps.apiKeys.facts(lookupScope(route.mspId), route.subjectId as ApiKeyId);
    if (facts === null)
      throw new UnauthenticatedError('api-key.refused', 'This API key does not exist, or has ended or been revoked.');
    return facts;
  }
}
