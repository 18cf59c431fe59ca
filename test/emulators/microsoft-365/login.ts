import { randomUUID } from 'node:crypto';

import { Hono, type Context } from 'hono';

import { applicationNotFound, consentMissing, LoginError, missingParameter, tenantNotFound } from './login-error.ts';
import type { Tenant } from './tenant.ts';
import { clientCredentials, redeemCode, refresh, type Authority, type Form } from './token-grants.ts';
import { rights } from './permissions.ts';
import type { Application } from './world.ts';

/** The authority, login.microsoftonline.com: tokens, sign-in, and the consent of an administrator. */
export function createLogin(authority: Authority): Hono {
  const app = new Hono();
  app.post('/:tenant/oauth2/v2.0/token', async (context) => {
    const form = await readForm(context);
    const application = authenticate(authority, context, form);
    const tenant = tenantOf(authority, context.req.param('tenant'), homeOf(authority, form));
    context.header('Cache-Control', 'no-store, no-cache');
    return context.json(grant(authority, tenant, application, form));
  });
  app.get('/:tenant/oauth2/v2.0/authorize', (context) => authorize(authority, context));
  app.get('/:tenant/adminconsent', (context) => adminConsent(authority, context));
  app.get('/:tenant/v2.0/adminconsent', (context) => adminConsent(authority, context));
  app.onError((error, context) => {
    if (error instanceof LoginError) return context.json(errorBody(authority, error), error.status);
    throw error;
  });
  return app;
}

function grant(authority: Authority, tenant: Tenant, application: Application, form: Form) {
  switch (form['grant_type']) {
    case 'client_credentials':
      return clientCredentials(authority, tenant, application, form);
    case 'authorization_code':
      return redeemCode(authority, tenant, application, form);
    case 'refresh_token':
      return refresh(authority, tenant, application, form);
    case undefined:
      throw missingParameter('grant_type');
    default:
      throw new LoginError(
        400,
        'unsupported_grant_type',
        70003,
        `The app requested an unsupported grant type '${form['grant_type']}'.`,
      );
  }
}

async function readForm(context: Context): Promise<Form> {
  if (!(context.req.header('Content-Type') ?? '').startsWith('application/x-www-form-urlencoded')) {
    throw missingParameter('grant_type');
  }
  return Object.fromEntries(new URLSearchParams(await context.req.text()));
}

/** By secret, in the form or in a Basic header. */
function authenticate(authority: Authority, context: Context, form: Form): Application {
  const basic = basicCredentials(context.req.header('Authorization'));
  const clientId = basic?.id ?? form['client_id'];
  if (clientId === undefined) throw missingParameter('client_id');
  const application = authority.world.applications.get(clientId);
  if (application === undefined) throw applicationNotFound(clientId, context.req.param('tenant') ?? '');
  const secret = basic?.secret ?? form['client_secret'];
  if (secret === undefined) {
    throw new LoginError(
      401,
      'invalid_client',
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    );
  }
  const known = application.secrets.find((candidate) => candidate.value === secret);
  if (known === undefined) {
    throw new LoginError(
      401,
      'invalid_client',
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
    );
  }
  if (authority.world.clock.isPast(known.expiresAt)) {
    throw new LoginError(
      401,
      'invalid_client',
      7000222,
      `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys for your app, or consider using certificate credentials for added security.`,
    );
  }
  return application;
}

function basicCredentials(header: string | undefined): { id: string; secret: string } | undefined {
  if (header === undefined || !header.startsWith('Basic ')) return undefined;
  const [id = '', secret = ''] = Buffer.from(header.slice(6), 'base64').toString().split(':');
  return { id: decodeURIComponent(id), secret: decodeURIComponent(secret) };
}

/** The sign-in page, answered at once by whoever is signed in; a wrong client or address is never redirected to. */
function authorize(authority: Authority, context: Context): Response {
  const query = context.req.query();
  const application = redirectable(authority, context, query);
  const answer = new URL(query['redirect_uri'] ?? '');
  if (query['state'] !== undefined) answer.searchParams.set('state', query['state']);
  const refuse = (error: string, description: string) => {
    answer.searchParams.set('error', error);
    answer.searchParams.set('error_description', description);
    return context.redirect(answer.href);
  };
  if (query['response_type'] !== 'code') {
    return refuse('unsupported_response_type', 'AADSTS700054: response_type is not enabled for the application.');
  }
  const account = authority.world.signedIn;
  if (account === undefined) return refuse('access_denied', 'AADSTS65004: User declined to consent to access the app.');
  const tenant = tenantOf(authority, context.req.param('tenant') ?? '', account.tenantId);
  if (!tenant.consents.has(application.clientId)) {
    return refuse('consent_required', consentMissing(application.clientId, application.displayName).message);
  }
  const challenge = query['code_challenge'];
  const code = authority.tokens.issueCode({
    clientId: application.clientId,
    redirectUri: query['redirect_uri'] ?? '',
    account,
    scopes: (query['scope'] ?? '').split(' '),
    challenge: challenge === undefined ? null : { value: challenge, method: query['code_challenge_method'] ?? 'plain' },
  });
  answer.searchParams.set('code', code);
  return context.redirect(answer.href);
}

function redirectable(authority: Authority, context: Context, query: Record<string, string>): Application {
  const clientId = query['client_id'];
  if (clientId === undefined) throw missingParameter('client_id');
  const application = authority.world.applications.get(clientId);
  if (application === undefined) throw applicationNotFound(clientId, context.req.param('tenant') ?? '');
  if (query['redirect_uri'] === undefined || !application.redirectUris.includes(query['redirect_uri'])) {
    throw new LoginError(
      400,
      'invalid_request',
      50011,
      `The redirect URI '${query['redirect_uri']}' specified in the request does not match the redirect URIs configured for the application '${clientId}'.`,
    );
  }
  return application;
}

/** The page on which an administrator of a tenant grants what the application's registration asks for. */
function adminConsent(authority: Authority, context: Context): Response {
  const query = context.req.query();
  const application = redirectable(authority, context, query);
  const answer = new URL(query['redirect_uri'] ?? '');
  if (query['state'] !== undefined) answer.searchParams.set('state', query['state']);
  const account = authority.world.signedIn;
  const tenant = account && authority.world.findTenant(account.tenantId);
  if (account === undefined || tenant === undefined || !tenant.privilegedUserIds.has(account.userId)) {
    answer.searchParams.set('error', 'permission_denied');
    answer.searchParams.set('error_description', 'The admin canceled the request');
    return context.redirect(answer.href);
  }
  const all = Object.values(rights).flatMap((right) => [...right.permissions]);
  tenant.consents.set(application.clientId, {
    applicationPermissions: new Set(all),
    delegatedPermissions: new Set(all),
  });
  answer.searchParams.set('tenant', tenant.id);
  answer.searchParams.set('admin_consent', 'True');
  return context.redirect(answer.href);
}

/** `common` and `organizations` are the home of the account; an application has none. */
function tenantOf(authority: Authority, name: string, home: string | undefined): Tenant {
  const isCommon = ['common', 'organizations'].includes(name);
  if (isCommon && home === undefined) {
    throw new LoginError(
      400,
      'invalid_request',
      50059,
      'No tenant-identifying information found in either the request or implied by any provided credentials.',
    );
  }
  const tenant = authority.world.findTenant(isCommon ? (home ?? name) : name);
  if (tenant === undefined) throw tenantNotFound(name);
  return tenant;
}

function homeOf(authority: Authority, form: Form): string | undefined {
  const code = authority.tokens.codes.get(form['code'] ?? '');
  const refreshToken = authority.tokens.refreshTokens.get(form['refresh_token'] ?? '');
  return (code ?? refreshToken)?.account.tenantId;
}

function errorBody(authority: Authority, error: LoginError) {
  const traceId = randomUUID();
  const correlationId = randomUUID();
  const timestamp = authority.world.clock.now().toString({ smallestUnit: 'second' }).replace('T', ' ');
  return {
    error: error.error,
    error_description: `${error.message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [error.number],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${error.number}`,
    ...(error.suberror !== undefined && { suberror: error.suberror }),
  };
}
