import { createHash, randomBytes } from 'node:crypto';
import { ConfigInvalid, NotSupported, PluginError, type AuthScheme, type PluginErrorName } from '@bailiwick/sdk';
import { EgressFailed, EgressRefused } from '../egress/egress-error.ts';
import { checkUrl } from '../egress/policy.ts';
import type { Transport } from '../egress/transport.ts';
import type { BrokerConnection } from './broker-types.ts';
import { systemClock, type BrokerClock } from './clock.ts';
import { schemeOf } from './credentials.ts';
import type { CredentialStore } from './credential-store.ts';
import { readTokens, tokenRequest } from './oauth-token.ts';
import { setQuery } from './outgoing.ts';
import { networkError } from './plugin-errors.ts';
import { Redactor } from './redactor.ts';
import { fill, fillUrl, type Values } from './template.ts';
import type { StoredToken } from './token-cache.ts';

/** Where to send a person, and what to keep until the vendor sends them back. `state` is compared, `codeVerifier` is handed to `finishConsent`; both are secret. */
export interface ConsentStart {
  readonly url: string;
  readonly state: string;
  readonly codeVerifier: string;
}

/**
 * Begins the consent of a connection whose scheme is `oauth2-code`.
 *
 * @param redirectUri the platform's address that the vendor sends the person back to
 * @throws ConfigInvalid where the address cannot be made, NotSupported where the connection has another scheme
 */
export function startConsent(connection: BrokerConnection, redirectUri: string): ConsentStart {
  const scheme = codeScheme(connection);
  const values = valuesOf(connection);
  const url = URL.parse(fillUrl(scheme.authorizeUrl, values));
  const isOpen = url?.protocol === 'http:' && connection.policy.origins.includes(url.origin);
  if (url === null || (url.protocol !== 'https:' && !isOpen))
    throw new ConfigInvalid('authorizeUrl', 'The address of the consent is not an https address.');
  const more = Object.entries(scheme.parameters ?? {}).map(([name, value]) => [name, fill(value, values)] as const);
  return beginConsent({
    authorizeUrl: url,
    clientId: fill(scheme.clientId, values),
    redirectUri,
    scope: fill(scheme.scope, values),
    parameters: Object.fromEntries(more),
  });
}

/** What a vendor is asked for in a person's name. `parameters` are the vendor's own, beside those of the standards. */
export interface ConsentRequest {
  readonly authorizeUrl: URL;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scope: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The address of a vendor's consent page (RFC 6749 §4.1.1), with a new state and a new proof (RFC 7636, S256). */
export function beginConsent(request: ConsentRequest): ConsentStart {
  const url = new URL(request.authorizeUrl);
  const state = randomBytes(32).toString('base64url');
  const codeVerifier = randomBytes(32).toString('base64url');
  const parameters = {
    ...request.parameters,
    response_type: 'code',
    client_id: request.clientId,
    redirect_uri: request.redirectUri,
    scope: request.scope,
    state,
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) setQuery(url, name, value);
  return { url: url.href, state, codeVerifier };
}

/** What came back from the vendor. */
export interface ConsentAnswer {
  readonly code: string;
  readonly codeVerifier: string;
  /** The same as at the start. */
  readonly redirectUri: string;
}

/**
 * Exchanges the code and keeps the tokens in the store, under the connection's own key.
 *
 * @throws AuthFailed where the vendor refuses the code, Transient where it does not answer
 */
export async function finishConsent(
  parts: {
    readonly connection: BrokerConnection;
    readonly transport: Transport;
    readonly store: CredentialStore;
    readonly clock?: BrokerClock;
  },
  answer: ConsentAnswer,
): Promise<void> {
  const { connection, transport, store, clock = systemClock } = parts;
  const scheme = codeScheme(connection);
  const redactor = new Redactor([...Object.values(connection.secrets), answer.code, answer.codeVerifier]);
  try {
    const { request } = tokenRequest(scheme, scheme.tokenUrl, valuesOf(connection), {
      grant_type: 'authorization_code',
      code: answer.code,
      redirect_uri: answer.redirectUri,
      code_verifier: answer.codeVerifier,
    });
    checkUrl(connection.policy, request.url);
    const now = clock.nowMs();
    const tokens = readTokens(await transport.send(request, AbortSignal.timeout(request.timeoutMs)), now);
    const stored: StoredToken = {
      token: tokens.accessToken,
      expiresAtMs: tokens.expiresInSeconds === null ? null : now + tokens.expiresInSeconds * 900,
      ...(tokens.refreshToken === null ? {} : { refreshToken: tokens.refreshToken }),
    };
    const key = { connection: connection.id, scope: null };
    await store.exclusively(key, () => store.set(key, JSON.stringify(stored)));
  } catch (error) {
    const typed = error instanceof EgressFailed || error instanceof EgressRefused ? networkError(error) : error;
    if (!(typed instanceof PluginError)) throw typed;
    // A PluginError's name is one of its names by construction.
    throw new PluginError(typed.name as PluginErrorName, redactor.text(typed.message), typed.details);
  }
}

function codeScheme(connection: BrokerConnection): Extract<AuthScheme, { readonly kind: 'oauth2-code' }> {
  const scheme = schemeOf(connection);
  if (scheme.kind !== 'oauth2-code') throw new NotSupported('This connection is not signed in to by consent.');
  return scheme;
}

function valuesOf(connection: BrokerConnection): Values {
  return { config: connection.config, secrets: connection.secrets, scope: null };
}
