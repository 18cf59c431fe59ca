import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** A refusal of the authority: an OAuth 2 error with the AADSTS number that tells why. */
export class LoginError extends Error {
  readonly status: ContentfulStatusCode;
  readonly error: string;
  readonly number: number;
  readonly suberror: string | undefined;

  constructor(status: ContentfulStatusCode, error: string, number: number, message: string, suberror?: string) {
    super(`AADSTS${number}: ${message}`);
    this.status = status;
    this.error = error;
    this.number = number;
    this.suberror = suberror;
  }
}

export function missingParameter(name: string): LoginError {
  return new LoginError(
    400,
    'invalid_request',
    900144,
    `The request body must contain the following parameter: '${name}'.`,
  );
}

export function tenantNotFound(tenant: string): LoginError {
  return new LoginError(
    400,
    'invalid_request',
    90002,
    `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`,
  );
}

export function applicationNotFound(clientId: string, tenantName: string): LoginError {
  return new LoginError(
    400,
    'unauthorized_client',
    700016,
    `Application with identifier '${clientId}' was not found in the directory '${tenantName}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
  );
}

export function consentMissing(clientId: string, name: string): LoginError {
  return new LoginError(
    400,
    'invalid_grant',
    65001,
    `The user or administrator has not consented to use the application with ID '${clientId}' named '${name}'. Send an interactive authorization request for this user and resource.`,
    'consent_required',
  );
}

export function grantExpired(): LoginError {
  return new LoginError(
    400,
    'invalid_grant',
    70008,
    'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
  );
}

export function grantRevoked(issuedAt: string, validFrom: string): LoginError {
  return new LoginError(
    400,
    'invalid_grant',
    50173,
    `The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password. The grant was issued on '${issuedAt}' and the TokensValidFrom date (before which tokens are not valid) for this user is '${validFrom}'.`,
  );
}

export function grantMalformed(): LoginError {
  return new LoginError(400, 'invalid_grant', 9002313, 'Invalid request. Request is malformed or invalid.');
}

export function noAccountInTenant(user: string, tenantName: string): LoginError {
  return new LoginError(
    400,
    'invalid_grant',
    50020,
    `User account '${user}' from identity provider does not exist in tenant '${tenantName}' and cannot access the application in that tenant.`,
  );
}
