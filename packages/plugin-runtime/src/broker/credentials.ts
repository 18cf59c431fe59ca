import { ConfigInvalid, NotSupported, type AuthScheme, type HttpOptions } from '@bailiwick/sdk';
import type { BrokerConnection } from './broker-types.ts';
import type { BrokerClock } from './clock.ts';
import { place, setCredentialHeader, type Outgoing } from './outgoing.ts';
import type { Redactor } from './redactor.ts';
import { awsStamp, type SignIn } from './sign-in.ts';
import { signAws, type AwsCredentials } from './sigv4.ts';
import { fill, type Values } from './template.ts';

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
   * @param refused a token that the vendor just refused, so that another is made
   * @returns the token that went in; null where signing in again would change nothing
   */
  async apply(
    outgoing: Outgoing,
    values: Values,
    refused: string | null,
    aws: HttpOptions['aws'],
  ): Promise<string | null> {
    const scheme = this.#scheme;
    switch (scheme.kind) {
      case 'none':
        return null;
      case 'key':
        for (const placement of scheme.placements) place(outgoing, placement, values);
        return null;
      case 'basic':
        this.#basic(outgoing, fill(scheme.username, values), fill(scheme.password, values));
        return null;
      case 'login': {
        const { token } = await this.#signIn.login(scheme, values, refused);
        for (const placement of scheme.apply) place(outgoing, placement, { ...values, token });
        return token;
      }
      case 'oauth2-client':
      case 'oauth2-code': {
        const { token } = await this.#signIn.oauth(scheme, values, refused);
        place(outgoing, { in: 'header', name: 'authorization', value: 'Bearer {token}' }, { ...values, token });
        return token;
      }
      case 'aws-sigv4':
        return this.#sign(outgoing, scheme, values, refused, aws);
    }
  }

  #basic(outgoing: Outgoing, username: string, password: string): void {
    const pair = Buffer.from(`${username}:${password}`).toString('base64');
    this.#redactor.add(pair);
    setCredentialHeader(outgoing, 'authorization', `Basic ${pair}`);
  }

  async #sign(
    outgoing: Outgoing,
    scheme: Extract<AuthScheme, { readonly kind: 'aws-sigv4' }>,
    values: Values,
    refused: string | null,
    aws: HttpOptions['aws'],
  ): Promise<string | null> {
    if (aws === undefined) throw new NotSupported('A request to AWS has to say which service and region it is for.');
    const base = {
      accessKeyId: fill(scheme.accessKeyId, values),
      secretAccessKey: fill(scheme.secretAccessKey, values),
    };
    // Without a scope the account's own credentials speak: that is how the others are discovered.
    const isOwn = scheme.assumeRole === undefined || values.scope === null;
    const role = isOwn ? null : await this.#signIn.role(scheme.assumeRole, base, values, refused);
    const credentials: AwsCredentials =
      role === null
        ? base
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
    return role?.token ?? null;
  }
}
