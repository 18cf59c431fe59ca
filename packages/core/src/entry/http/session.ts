import { newId, type MspId } from '#kernel/id';
import { makeTenantScope, type Actor, type TenantScope } from '#kernel/tenant-scope';
import type { RequestOrigin } from './app.ts';

/** Stands for the sign-in page in the audit trail, where nobody is known yet. */
const SIGN_IN_ACTOR: Actor = { kind: 'job', id: '00000000-0000-7000-8000-000000000003', label: 'sign-in' };

/** What of a request proves who sent it. */
export interface ProofOfIdentity extends RequestOrigin {
  readonly headers: Headers;
}

/** What a proof stands for. */
export type ProvenFacts = Pick<TenantScope, 'mspId' | 'reach' | 'audience' | 'actor' | 'permissions'>;

export type LookupScope = (mspId: MspId, actor?: Actor) => TenantScope;

/** Looks credentials up, under scopes that only we make. Throws `UnauthenticatedError`. */
export interface IdentityResolver {
  resolve(proof: ProofOfIdentity, lookup: LookupScope): Promise<ProvenFacts>;
}

/** The system scope of one MSP in which somebody is looked up or lets themselves in. */
export function lookupScopeFor(origin: RequestOrigin): LookupScope {
  return (mspId, actor = SIGN_IN_ACTOR) =>
    makeTenantScope({
      mspId,
      reach: { kind: 'all' },
      audience: 'system',
      actor,
      permissions: new Set(),
      requestId: origin.requestId === '' ? newId() : origin.requestId,
      origin: { ip: origin.ip, userAgent: origin.userAgent },
    });
}

/** The scope of whoever sent a request: a session's one membership, or an API key's owner kept to what the key allows. */
export function scopeResolver(
  identity: IdentityResolver,
): (request: Request, origin: RequestOrigin) => Promise<TenantScope> {
  return async (request, origin) => {
    const facts = await identity.resolve({ ...origin, headers: request.headers }, lookupScopeFor(origin));
    const { mspId, reach, audience, actor, permissions } = facts;
    return makeTenantScope({
      mspId,
      reach,
      audience,
      actor,
      permissions,
      requestId: origin.requestId,
      origin: { ip: origin.ip, userAgent: origin.userAgent },
    });
  };
}
