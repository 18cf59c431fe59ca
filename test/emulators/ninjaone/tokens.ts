import { randomBytes } from 'node:crypto';
import { TokenError } from './ninja-error.ts';

/** What a client application may ask for. */
export type NinjaScope = 'monitoring' | 'management' | 'control';

/** A client application of the kind "API services (machine-to-machine)". */
export interface ClientApp {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly NinjaScope[];
}

interface Token {
  readonly scopes: ReadonlySet<string>;
  readonly expiresAt: Temporal.Instant;
}

/** Seconds that a token lasts. */
const lifetime = 3600;

/** The token endpoint, for the grant of client credentials. */
export class Tokens {
  readonly #app: ClientApp;
  readonly #now: () => Temporal.Instant;
  readonly #tokens = new Map<string, Token>();

  constructor(app: ClientApp, now: () => Temporal.Instant) {
    this.#app = app;
    this.#now = now;
  }

  /** Answers a token request: a form, the client's credentials in it or in the Authorization header. */
  async issue(request: Request): Promise<Response> {
    const type = request.headers.get('content-type') ?? '';
    if (!type.startsWith('application/x-www-form-urlencoded')) {
      throw new TokenError(400, 'invalid_request', 'The request must be a form.');
    }
    const form = new URLSearchParams(await request.text());
    const [clientId, clientSecret] = this.#clientOf(request, form);
    if (clientId !== this.#app.clientId || clientSecret !== this.#app.clientSecret) {
      throw new TokenError(401, 'invalid_client', 'Client authentication failed.');
    }
    const grant = form.get('grant_type');
    if (grant === null) throw new TokenError(400, 'invalid_request', 'grant_type is missing.');
    if (grant !== 'client_credentials') {
      throw new TokenError(400, 'unsupported_grant_type', 'The client may only use client_credentials.');
    }
    const asked = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
    const scopes = asked.length > 0 ? asked : this.#app.scopes;
    const refused = scopes.find((scope) => !this.#app.scopes.includes(scope as NinjaScope));
    if (refused !== undefined)
      throw new TokenError(400, 'invalid_scope', `The client may not have the scope ${refused}.`);

    const token = randomBytes(32).toString('base64url');
    this.#tokens.set(token, { scopes: new Set(scopes), expiresAt: this.#now().add({ seconds: lifetime }) });
    const body = { access_token: token, token_type: 'Bearer', expires_in: lifetime, scope: scopes.join(' ') };
    return Response.json(body, { headers: { 'cache-control': 'no-store' } });
  }

  /** Refuses a request whose token is not there, has ended, or lacks the scope. */
  check(request: Request, scope: NinjaScope): void {
    const match = /^Bearer (.+)$/iu.exec(request.headers.get('authorization') ?? '');
    const token = this.#tokens.get(match?.[1] ?? '');
    if (token === undefined || Temporal.Instant.compare(this.#now(), token.expiresAt) >= 0) {
      throw new TokenError(401, 'invalid_token', 'The access token is missing, unknown or expired.');
    }
    if (!token.scopes.has(scope)) throw new TokenError(403, 'insufficient_scope', `The scope ${scope} is required.`);
  }

  /** Ends every token. */
  revoke(): void {
    this.#tokens.clear();
  }

  #clientOf(request: Request, form: URLSearchParams): readonly [string | null | undefined, string | null | undefined] {
    const basic = /^Basic (.+)$/iu.exec(request.headers.get('authorization') ?? '');
    if (basic === null) return [form.get('client_id'), form.get('client_secret')];
    const text = Buffer.from(basic[1] ?? '', 'base64').toString();
    const at = text.indexOf(':');
    return [decodeURIComponent(text.slice(0, at)), decodeURIComponent(text.slice(at + 1))];
  }
}
