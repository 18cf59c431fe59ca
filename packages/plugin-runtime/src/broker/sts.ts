import { AuthFailed, PermissionMissing, RateLimited, Transient } from '@bailiwick/sdk';
import type { TransportRequest, TransportResponse } from '../egress/transport.ts';
import { credentialRequest } from './oauth-token.ts';
import { signAws, type AwsCredentials } from './sigv4.ts';

export interface AssumedRole extends Required<AwsCredentials> {
  readonly expiresAtMs: number;
}

/** One hour: the longest that a chained role may last, and the default. */
const DURATION_SECONDS = 3600;

/** Asks STS for the credentials of a role (AWS STS API 2011-06-15, AssumeRole). */
export function assumeRoleRequest(
  target: { readonly stsUrl: string; readonly region: string; readonly roleArn: string; readonly externalId?: string },
  credentials: AwsCredentials,
  stamp: string,
): TransportRequest {
  const form = new URLSearchParams({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: target.roleArn,
    RoleSessionName: 'bailiwick',
    DurationSeconds: String(DURATION_SECONDS),
  });
  if (target.externalId !== undefined) form.set('ExternalId', target.externalId);
  const url = new URL(target.stsUrl);
  const body = Buffer.from(form.toString());
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const signed = signAws(
    { method: 'POST', url, headers, body, service: 'sts', region: target.region, stamp },
    credentials,
  );
  return credentialRequest('POST', url.href, { ...headers, ...signed }, body);
}

/** Reads the answer. @throws AuthFailed, PermissionMissing, RateLimited, Transient */
export function readAssumedRole(response: TransportResponse, nowMs: number): AssumedRole {
  const xml = new TextDecoder().decode(response.body);
  if (response.status !== 200) throw refusal(response.status, xml);
  const [accessKeyId, secretAccessKey, sessionToken] = roleSecrets(response);
  if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined)
    throw new AuthFailed('STS answered without credentials.');
  return { accessKeyId, secretAccessKey, sessionToken, expiresAtMs: expiryOf(xml, nowMs) };
}

/** The key id, the key and the session's token, as far as the answer has them. */
export function roleSecrets(response: TransportResponse): readonly (string | undefined)[] {
  const xml = new TextDecoder().decode(response.body);
  return ['AccessKeyId', 'SecretAccessKey', 'SessionToken'].map((name) => element(xml, name));
}

function refusal(status: number, xml: string): Error {
  const code = element(xml, 'Code') ?? String(status);
  const message = `STS refuses the role: ${code}: ${(element(xml, 'Message') ?? '').slice(0, 300)}`;
  if (status === 429 || code.startsWith('Throttling')) return new RateLimited(message);
  if (status >= 500) return new Transient(message);
  return code === 'AccessDenied' ? new PermissionMissing(message, 'sts:AssumeRole') : new AuthFailed(message);
}

function expiryOf(xml: string, nowMs: number): number {
  try {
    return Temporal.Instant.from(element(xml, 'Expiration') ?? '').epochMilliseconds;
  } catch {
    return nowMs + DURATION_SECONDS * 1000;
  }
}

function element(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]?.trim();
  return text
    ?.replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
