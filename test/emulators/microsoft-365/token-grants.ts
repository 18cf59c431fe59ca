import {
  applicationNotFound,
  consentMissing,
  grantExpired,
  grantMalformed,
  grantRevoked,
  LoginError,
  missingParameter,
  noAccountInTenant,
} from './login-error.ts';
import type { Tenant } from './tenant.ts';
import { accessTokenLifetimeS, isChallengeMet, type RefreshToken, type Tokens } from './tokens.ts';
import type { Application, World } from './world.ts';

/** What the grants work on, and a switch for tests. */
export interface Authority {
  readonly world: World;
  readonly tokens: Tokens;
  /** The real authority leaves a used refresh token valid; true finds clients that keep the old one. */
  readonly settings: { isRefreshTokenUsedOnce: boolean };
}

export type Form = Readonly<Record<string, string>>;
export type TokenAnswer = Readonly<Record<string, string | number>>;

const graphResource = 'https://graph.microsoft.com';
const protocolScopes = ['openid', 'profile', 'email', 'offline_access'];

/** The application acts for itself in one tenant; it must be consented there. */
export function clientCredentials(authority: Authority, tenant: Tenant, app: Application, form: Form): TokenAnswer {
  const scope = required(form, 'scope');
  if (scope !== `${graphResource}/.default`) {
    throw new LoginError(
      400,
      'invalid_scope',
      1002012,
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    );
  }
  const consent = tenant.consents.get(app.clientId);
  if (consent === undefined) throw applicationNotFound(app.clientId, tenant.displayName);
  const permissions = [...consent.applicationPermissions];
  return {
    ...bearer(),
    access_token: authority.tokens.issueAccessToken({
      tenantId: tenant.id,
      clientId: app.clientId,
      permissions,
      account: null,
    }),
  };
}

/** Redeems a code of the sign-in page, once, with the verifier of its challenge. */
export function redeemCode(authority: Authority, tenant: Tenant, app: Application, form: Form): TokenAnswer {
  const code = authority.tokens.codes.get(required(form, 'code'));
  if (code === undefined || code.clientId !== app.clientId) throw grantMalformed();
  if (code.isRedeemed) {
    throw new LoginError(
      400,
      'invalid_grant',
      54005,
      'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
    );
  }
  if (authority.world.clock.isPast(code.expiresAt)) throw grantExpired();
  if (required(form, 'redirect_uri') !== code.redirectUri) {
    throw new LoginError(
      400,
      'invalid_client',
      500112,
      `The reply address '${form['redirect_uri']}' does not match the reply address '${code.redirectUri}' provided when requesting Authorization code.`,
    );
  }
  if (code.challenge !== null && !isChallengeMet(code.challenge, required(form, 'code_verifier'))) {
    throw new LoginError(
      400,
      'invalid_grant',
      501481,
      'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
    );
  }
  code.isRedeemed = true;
  return delegatedTokens(authority, tenant, app, { account: code.account, scopes: code.scopes });
}

/** A new access token, in the account's own tenant or, through a living relationship, in a customer's. */
export function refresh(authority: Authority, tenant: Tenant, app: Application, form: Form): TokenAnswer {
  const value = required(form, 'refresh_token');
  const token = authority.tokens.refreshTokens.get(value);
  if (token === undefined || token.clientId !== app.clientId) throw grantMalformed();
  if (authority.world.clock.isPast(token.expiresAt)) throw grantExpired();
  const revokedSince = authority.tokens.revokedSince(token.account, token.issuedAt);
  if (revokedSince !== undefined) throw grantRevoked(token.issuedAt.toString(), revokedSince.toString());
  if (authority.settings.isRefreshTokenUsedOnce) authority.tokens.refreshTokens.delete(value);
  const scopes = form['scope'] === undefined ? token.scopes : form['scope'].split(' ');
  return delegatedTokens(authority, tenant, app, { account: token.account, scopes });
}

type Delegation = Pick<RefreshToken, 'account' | 'scopes'>;

function delegatedTokens(authority: Authority, tenant: Tenant, app: Application, grant: Delegation): TokenAnswer {
  const permissions = delegatedPermissions(authority.world, tenant, app, grant);
  const withRefresh = grant.scopes.includes('offline_access') || grant.scopes.includes(`${graphResource}/.default`);
  const access = { tenantId: tenant.id, clientId: app.clientId, permissions, account: grant.account };
  return {
    ...bearer(),
    scope: permissions.map((permission) => `${graphResource}/${permission}`).join(' '),
    access_token: authority.tokens.issueAccessToken(access),
    ...(withRefresh && {
      refresh_token: authority.tokens.issueRefreshToken({ ...grant, clientId: app.clientId }),
    }),
  };
}

function delegatedPermissions(world: World, tenant: Tenant, app: Application, grant: Delegation): string[] {
  const consent = tenant.consents.get(app.clientId);
  if (consent === undefined) throw consentMissing(app.clientId, app.displayName);
  const isOwnTenant = grant.account.tenantId === tenant.id;
  if (!isOwnTenant && world.delegatedRoles(tenant.id).length === 0) {
    throw noAccountInTenant(grant.account.userId, tenant.displayName);
  }
  const asked = grant.scopes.map(withoutResource).filter((scope) => !protocolScopes.includes(scope));
  if (asked.includes('.default')) return [...consent.delegatedPermissions];
  for (const scope of asked) {
    if (!consent.delegatedPermissions.has(scope)) throw consentMissing(app.clientId, app.displayName);
  }
  return asked;
}

function withoutResource(scope: string): string {
  return scope.startsWith(`${graphResource}/`) ? scope.slice(graphResource.length + 1) : scope;
}

function bearer(): { token_type: string; expires_in: number; ext_expires_in: number } {
  return { token_type: 'Bearer', expires_in: accessTokenLifetimeS, ext_expires_in: accessTokenLifetimeS };
}

function required(form: Form, name: string): string {
  const value = form[name];
  if (value === undefined || value === '') throw missingParameter(name);
  return value;
}
