import { ConfigInvalid, type AuthScheme, type HttpOptions } from '@bailiwick/sdk';
import type { BrokerConnection } from './broker-types.ts';
import type { BrokerClock } from './clock.ts';
import { place, setCredentialHeader, type Outgoing } from './outgoing.ts';
import type { Redactor } from './redactor.ts';
import { awsStamp, type SignIn } from './sign-in.ts';
import { signAws, type AwsCredentials } from './sigv4.ts';
import { fill, type Values } from './template.ts';
import type { StoredToken } from './token-cache.ts';

/** The scheme of a connection: the chosen one, where there are several. @throws ConfigInvalid where none is chosen */
export function schemeOf(connection: BrokerConnection): AuthScheme {
  const { auth } = connection.type;
  if (auth.kind !== 'choice') return auth;
  const chosen = connection.config[auth.field];
  const scheme = typeof chosen === 'string' && Object.hasOwn(auth.schemes, chosen) ? auth.schemes[chosen] : undefined;
  if (scheme === undefined) throw new ConfigInvalid(auth.field, 'No way to sign in is chosen.');
  return scheme;
}

/** Puts the connection's credential into requests. */
export class Credentials {
  readonly #scheme: AuthScheme;
  readonly #signIn: SignIn;
  readonly #redactor: Redactor;
  readonly #clock: BrokerClock;

  constructor(parts: {
    readonly scheme: AuthScheme;
    readonly signIn: SignIn;
    readonly redactor: Redactor;
    readonly clock: BrokerClock;
  }) {
    this.#scheme = parts.scheme;
    this.#signIn = parts.signIn;
    this.#redactor = parts.redactor;
    this.#clock = parts.clock;
  }

  get isAws(): boolean {
    return this.#scheme.kind === 'aws-sigv4';
  }

  /**
   * The token of schemes that sign in: a known one, or a new one. Null where signing in again would change nothing.
   *
   * @param refused a token that the vendor just refused, so that another is made
   */
  async token(values: Values, refused: string | null): Promise<StoredToken | null> {
    const scheme = this.#scheme;
    switch (scheme.kind) {
      case 'none':
      case 'key':
      case 'basic':
        return null;
      case 'login':
        return this.#signIn.login(scheme, values, refused);
      case 'oauth2-client':
      case 'oauth2-code':
        return this.#signIn.oauth(scheme, values, refused);
      case 'aws-sigv4':
        // Without a scope the account's own credentials speak: that is how the others are discovered.
        if (scheme.assumeRole === undefined || values.scope === null) return null;
        return this.#signIn.role(scheme.assumeRole, keysOf(scheme, values), values, refused);
    }
  }

  /** Puts the credential in; `made` is what `token` gave. */
  apply(outgoing: Outgoing, values: Values, made: StoredToken | null, aws: HttpOptions['aws']): void {
    const scheme = this.#scheme;
    const withToken = { ...values, token: made?.token ?? '' };
    switch (scheme.kind) {
      case 'none':
        return;
      case 'key':
        for (const placement of scheme.placements) place(outgoing, placement, values);
        return;
      case 'basic':
        return this.#basic(outgoing, fill(scheme.username, values), fill(scheme.password, values));
      case 'login':
        for (const placement of scheme.apply) place(outgoing, placement, withToken);
        return;
      case 'oauth2-client':
      case 'oauth2-code':
        return place(outgoing, { in: 'header', name: 'authorization', value: 'Bearer {token}' }, withToken);
      case 'aws-sigv4':
        if (aws !== undefined) this.#sign(outgoing, keysOf(scheme, values), made, aws);
    }
  }

  #basic(outgoing: Outgoing, username: string, password: string): void {
    const pair = Buffer.from(`${username}:${password}`).toString('base64');
    this.#redactor.add(pair);
    setCredentialHeader(outgoing, 'authorization', `Basic ${pair}`);
  }

  #sign(outgoing: Outgoing, own: AwsCredentials, role: StoredToken | null, aws: NonNullable<HttpOptions['aws']>): void {
    const credentials: AwsCredentials =
      role === null
        ? own
        : {
            accessKeyId: role.token,
            secretAccessKey: role.secretAccessKey ?? '',
            sessionToken: role.sessionToken ?? '',
          };
    // Headers that others may change on the way are left out of the signature.
    const signed = Object.entries(outgoing.headers).filter(
      ([name]) => name === 'content-type' || name.startsWith('x-amz-'),
    );
    const { method, url, body } = outgoing;
    const input = { method, url, body, headers: Object.fromEntries(signed), ...aws, stamp: awsStamp(this.#clock) };
    for (const [name, value] of Object.entries(signAws(input, credentials))) setCredentialHeader(outgoing, name, value);
  }
}

function keysOf(scheme: Extract<AuthScheme, { readonly kind: 'aws-sigv4' }>, values: Values): AwsCredentials {
  return {
    accessKeyId: fill(scheme.accessKeyId, values),
    secretAccessKey: fill(scheme.secretAccessKey, values),
  };
}
