import { AuthFailed, type AuthScheme } from '@bailiwick/sdk';
import type { TransportRequest, TransportResponse } from '../egress/transport.ts';
import type { BrokerClock } from './clock.ts';
import { credentialRequest, readTokens, tokenRequest, tokensIn, type OauthScheme } from './oauth-token.ts';
import { valueAt } from './outgoing.ts';
import { answerError, judge } from './plugin-errors.ts';
import type { Redactor } from './redactor.ts';
import { assumeRoleRequest, readAssumedRole, roleSecrets } from './sts.ts';
import { fill, fillHeader, fillJson, fillUrl, type Values } from './template.ts';
import type { StoredToken, TokenCache } from './token-cache.ts';

/** Sends a request for a credential of this scope (null: of the connection); what `secretsIn` finds in the answer is never written down. */
export type SendCredential = (
  scope: string | null,
  request: TransportRequest,
  secretsIn: (response: TransportResponse) => readonly (string | undefined)[],
) => Promise<TransportResponse>;

/** Renewed that much earlier, or a tenth of a short life, so that none expires on its way. */
const EARLY_MS = 60_000;

type Login = Extract<AuthScheme, { readonly kind: 'login' }>;
type CodeScheme = Extract<AuthScheme, { readonly kind: 'oauth2-code' }>;
type AwsScheme = Extract<AuthScheme, { readonly kind: 'aws-sigv4' }>;

/** Makes tokens by each way of signing in. */
export class SignIn {
  readonly #send: SendCredential;
  readonly #cache: TokenCache;
  readonly #clock: BrokerClock;
  readonly #redactor: Redactor;

  constructor(parts: {
    readonly send: SendCredential;
    readonly cache: TokenCache;
    readonly clock: BrokerClock;
    readonly redactor: Redactor;
  }) {
    this.#send = parts.send;
    this.#cache = parts.cache;
    this.#clock = parts.clock;
    this.#redactor = parts.redactor;
  }

  login(scheme: Login, values: Values, refused: string | null): Promise<StoredToken> {
    const key = scheme.perScope === true ? (values.scope?.id ?? null) : null;
    return this.#cache.get(key, refused, async () => {
      const response = await this.#send(key, loginRequest(scheme, values), (answer) => [tokenIn(answer, scheme.token)]);
      const verdict = judge(response, [], false);
      if (verdict === 'rate-limited' || verdict === 'transient')
        throw answerError(verdict, scheme.request.method, response, this.#clock.nowMs());
      const token = verdict === 'ok' ? tokenIn(response, scheme.token) : undefined;
      if (token === undefined)
        throw new AuthFailed(answerError('unauthenticated', scheme.request.method, response, 0).message);
      return { token, expiresAtMs: this.#after(scheme.expiresInSeconds ?? null) };
    });
  }

  oauth(scheme: OauthScheme, values: Values, refused: string | null): Promise<StoredToken> {
    if (scheme.kind === 'oauth2-client') {
      const key = scheme.perScope === undefined ? null : (values.scope?.id ?? null);
      const isScopes = key !== null && typeof scheme.perScope === 'object';
      const tokenUrl = isScopes ? scheme.perScope.tokenUrl : scheme.tokenUrl;
      return this.#cache.get(key, refused, () => this.#clientCredentials(scheme, tokenUrl, values));
    }
    const scope = values.scope?.id ?? null;
    if (scheme.perScope === undefined || scope === null)
      return this.#cache.get(null, refused, (stored) => this.#refresh(scheme, scheme.tokenUrl, values, stored));
    const { tokenUrl } = scheme.perScope;
    return this.#cache.get(scope, refused, () => this.#scopeToken(scheme, tokenUrl, values));
  }

  /** Credentials of the role of the call's scope. */
  role(
    assume: NonNullable<AwsScheme['assumeRole']>,
    base: { readonly accessKeyId: string; readonly secretAccessKey: string },
    values: Values,
    refused: string | null,
  ): Promise<StoredToken> {
    return this.#cache.get(values.scope?.id ?? null, refused, async () => {
      const target = {
        stsUrl: fillUrl(assume.stsUrl, values),
        region: fill(assume.region, values),
        roleArn: fill(assume.roleArn, values),
        ...(assume.externalId === undefined ? {} : { externalId: fill(assume.externalId, values) }),
      };
      const request = assumeRoleRequest(target, base, awsStamp(this.#clock));
      const made = readAssumedRole(
        await this.#send(values.scope?.id ?? null, request, roleSecrets),
        this.#clock.nowMs(),
      );
      const { accessKeyId: token, expiresAtMs, ...rest } = made;
      return { token, expiresAtMs: expiresAtMs - EARLY_MS, ...rest };
    });
  }

  async #clientCredentials(scheme: OauthScheme, tokenUrl: string, values: Values): Promise<StoredToken> {
    const scope = scheme.scope === undefined ? {} : { scope: fill(scheme.scope, values) };
    const more = Object.entries(scheme.parameters ?? {}).map(([name, value]) => [name, fill(value, values)]);
    const grant = { grant_type: 'client_credentials', ...scope, ...Object.fromEntries(more) };
    const tokens = await this.#tokens(scheme, tokenUrl, values, grant);
    return { token: tokens.accessToken, expiresAtMs: this.#after(tokens.expiresInSeconds) };
  }

  async #refresh(
    scheme: CodeScheme,
    tokenUrl: string,
    values: Values,
    stored: StoredToken | null,
  ): Promise<StoredToken & { readonly refreshToken: string }> {
    if (stored?.refreshToken === undefined) throw new AuthFailed('Nobody has given consent for this connection yet.');
    const grant = { grant_type: 'refresh_token', refresh_token: stored.refreshToken };
    const tokens = await this.#tokens(scheme, tokenUrl, values, grant);
    const expiresAtMs = this.#after(tokens.expiresInSeconds);
    return { token: tokens.accessToken, expiresAtMs, refreshToken: tokens.refreshToken ?? stored.refreshToken };
  }

  /** From the connection's refresh token, which may rotate with it: so one at a time for all scopes. */
  #scopeToken(scheme: CodeScheme, tokenUrl: string, values: Values): Promise<StoredToken> {
    return this.#cache.exclusively(null, async () => {
      const consent = await this.#cache.stored(null);
      const { refreshToken, ...made } = await this.#refresh(scheme, tokenUrl, values, consent);
      if (consent !== null && refreshToken !== consent.refreshToken)
        await this.#cache.keep(null, { ...consent, refreshToken });
      return made;
    });
  }

  async #tokens(scheme: OauthScheme, tokenUrl: string, values: Values, grant: Readonly<Record<string, string>>) {
    const { request, sensitive } = tokenRequest(scheme, tokenUrl, values, grant);
    for (const text of sensitive) this.#redactor.add(text);
    return readTokens(await this.#send(values.scope?.id ?? null, request, tokensIn), this.#clock.nowMs());
  }

  #after(seconds: number | null): number | null {
    if (seconds === null) return null;
    return this.#clock.nowMs() + seconds * 1000 - Math.min(EARLY_MS, seconds * 100);
  }
}

/** The time as AWS signs it. */
export function awsStamp(clock: BrokerClock): string {
  const now = Temporal.Instant.fromEpochMilliseconds(clock.nowMs()).toString({ smallestUnit: 'second' });
  return now.replaceAll(/[-:]/g, '');
}

function loginRequest(scheme: Login, values: Values): TransportRequest {
  const { method, url, headers = {}, body } = scheme.request;
  const filled = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), fillHeader(value, values)]);
  const json = body === undefined ? null : Buffer.from(JSON.stringify(fillJson(body, values)));
  const type = json === null ? {} : { 'content-type': 'application/json' };
  return credentialRequest(
    method,
    fillUrl(url, values),
    { accept: 'application/json', ...type, ...Object.fromEntries(filled) },
    json,
  );
}

function tokenIn(response: TransportResponse, pointer: string): string | undefined {
  try {
    const value = valueAt(JSON.parse(new TextDecoder().decode(response.body)), pointer);
    if (typeof value === 'number') return String(value);
    return typeof value === 'string' && value !== '' ? value : undefined;
  } catch {
    return undefined;
  }
}
