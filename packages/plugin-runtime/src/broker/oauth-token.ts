import { AuthFailed, RateLimited, Transient, type AuthScheme } from '@bailiwick/sdk';
import type { TransportRequest, TransportResponse } from '../egress/transport.ts';
import { retryAfterMs } from './retry-after.ts';
import { fill, fillUrl, type Values } from './template.ts';

export type OauthScheme = Extract<AuthScheme, { readonly kind: 'oauth2-client' | 'oauth2-code' }>;

/** What a token endpoint gave (RFC 6749 §5.1). */
export interface OauthTokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly expiresInSeconds: number | null;
}

/** A request to a token endpoint. `sensitive` are texts in it that have to be known to the redactor first. */
export function tokenRequest(
  scheme: OauthScheme,
  tokenUrl: string,
  values: Values,
  grant: Readonly<Record<string, string>>,
): { readonly request: TransportRequest; readonly sensitive: readonly string[] } {
  const id = fill(scheme.clientId, values);
  const secret = scheme.clientSecret === undefined ? null : fill(scheme.clientSecret, values);
  const form = new URLSearchParams(grant);
  const headers: Record<string, string> = {
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
  };
  const sensitive = [grant['refresh_token'], grant['code'], grant['code_verifier'], secret ?? undefined];
  if (scheme.sendClientIn === 'basic' && secret !== null) {
    // Both are form-encoded first (RFC 6749 §2.3.1).
    const pair = Buffer.from(`${formEncode(id)}:${formEncode(secret)}`).toString('base64');
    headers['authorization'] = `Basic ${pair}`;
    sensitive.push(pair);
  } else {
    form.set('client_id', id);
    if (secret !== null) form.set('client_secret', secret);
  }
  return {
    request: credentialRequest('POST', fillUrl(tokenUrl, values), headers, Buffer.from(form.toString())),
    sensitive: sensitive.filter((text) => text !== undefined),
  };
}

/** A request that carries credentials: it follows no redirect. */
export function credentialRequest(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array | null,
): TransportRequest {
  return {
    method,
    url,
    headers: { 'user-agent': 'Bailiwick', ...headers },
    body,
    timeoutMs: 30_000,
    maxRedirects: 0,
    isIdempotent: false,
    credential: { headers: ['authorization'], isInBody: true, appearsIn: () => false },
  };
}

/**
 * Reads the answer of a token endpoint.
 *
 * @throws AuthFailed where it refuses, RateLimited, Transient
 */
export function readTokens(response: TransportResponse, nowMs: number): OauthTokens {
  const body = jsonObject(response);
  const host = new URL(response.url).host;
  if (response.status < 200 || response.status >= 300) throw refusal(response, host, body, nowMs);
  const accessToken = body['access_token'];
  if (typeof accessToken !== 'string' || accessToken === '')
    throw new AuthFailed(`${host} answered without an access token.`);
  const refreshToken = body['refresh_token'];
  const expires = Number(body['expires_in']);
  return {
    accessToken,
    refreshToken: typeof refreshToken === 'string' && refreshToken !== '' ? refreshToken : null,
    expiresInSeconds: Number.isFinite(expires) && expires > 0 ? expires : null,
  };
}

/** What in a token answer is secret. */
export function tokensIn(response: TransportResponse): readonly string[] {
  const body = jsonObject(response);
  const found = [body['access_token'], body['refresh_token'], body['id_token']];
  return found.filter((value) => typeof value === 'string');
}

function refusal(
  response: TransportResponse,
  host: string,
  body: Readonly<Record<string, unknown>>,
  nowMs: number,
): Error {
  if (response.status === 429) {
    const waitMs = retryAfterMs(response.headers['retry-after'], nowMs);
    return new RateLimited(`${host} gives no more tokens now.`, waitMs === null ? undefined : Math.ceil(waitMs / 1000));
  }
  if (response.status >= 500) return new Transient(`${host} answered ${response.status} to the request for a token.`);
  const said = [body['error'], body['error_description']].filter((text) => typeof text === 'string').join(': ');
  const detail = said === '' ? '' : `: ${said.slice(0, 300)}`;
  return new AuthFailed(`${host} refuses the sign-in (${response.status})${detail}`);
}

function jsonObject(response: TransportResponse): Readonly<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse(new TextDecoder().decode(response.body));
    return typeof body === 'object' && body !== null ? { ...body } : {};
  } catch {
    return {};
  }
}

function formEncode(text: string): string {
  return new URLSearchParams({ v: text }).toString().slice(2);
}
