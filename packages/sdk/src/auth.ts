/**
 * A text with places: `{config.x}`, `{secret.x}`, `{scope.id}`, and in `apply` of an exchange also `{token}`. The host fills them in.
 *
 * @example
 * const header: Template = 'Bearer {secret.token}';
 */
export type Template = string;

/** Where the host puts a credential into each request. A plugin never holds it. */
export type Placement =
  | { readonly in: 'header'; readonly name: string; readonly value: Template }
  | { readonly in: 'query'; readonly name: string; readonly value: Template }
  /** `pointer` is a JSON pointer into the JSON body, such as `/auth`; `except` lists values of `/method` that go without it. */
  | { readonly in: 'body'; readonly pointer: string; readonly value: Template; readonly except?: readonly string[] };

/**
 * How the host signs in at the vendor. With `perScope`, a credential is made and kept for each scope: its templates may say `{scope.id}`.
 *
 * @example
 * const apiKey: AuthScheme = { kind: 'key', placements: [{ in: 'header', name: 'X-Api-Key', value: '{secret.key}' }] };
 */
export type AuthScheme =
  | { readonly kind: 'none' }
  /** A fixed credential, put where the placements say. */
  | { readonly kind: 'key'; readonly placements: readonly Placement[] }
  /** HTTP Basic (RFC 7617). */
  | { readonly kind: 'basic'; readonly username: Template; readonly password: Template }
  /** A login request whose answer holds a token; done again after `expiresInSeconds`, or when the vendor refuses the token. */
  | {
      readonly kind: 'login';
      readonly request: {
        readonly method: 'POST' | 'GET' | 'PUT';
        readonly url: Template;
        readonly headers?: Readonly<Record<string, Template>>;
        /** JSON; templates may stand in its texts. */
        readonly body?: unknown;
      };
      /** JSON pointer to the token in the answer, such as `/result`. */
      readonly token: string;
      readonly expiresInSeconds?: number;
      readonly apply: readonly Placement[];
      readonly perScope?: true;
    }
  /** OAuth 2.0 client credentials (RFC 6749 §4.4); the token goes into the Authorization header. */
  | {
      readonly kind: 'oauth2-client';
      readonly tokenUrl: Template;
      readonly clientId: Template;
      readonly clientSecret: Template;
      readonly scope?: Template;
      readonly parameters?: Readonly<Record<string, Template>>;
      /** `basic` sends the client's id and secret in the Authorization header, `body` (the default) as parameters. */
      readonly sendClientIn?: 'basic' | 'body';
      /** `true`: `tokenUrl` is asked for each scope. With an address, scopes' tokens come from there, and the connection's own from `tokenUrl`. */
      readonly perScope?: true | { readonly tokenUrl: Template };
    }
  /** OAuth 2.0 authorisation code with PKCE (RFC 6749 §4.1, RFC 7636): a person consents at the vendor, the host keeps and refreshes the tokens. */
  | {
      readonly kind: 'oauth2-code';
      readonly authorizeUrl: Template;
      readonly tokenUrl: Template;
      readonly clientId: Template;
      readonly clientSecret?: Template;
      readonly scope: Template;
      readonly parameters?: Readonly<Record<string, Template>>;
      readonly sendClientIn?: 'basic' | 'body';
      /** A token for each scope from the same refresh token, at this address. */
      readonly perScope?: { readonly tokenUrl: Template };
    }
  /** AWS Signature Version 4. The service and region are read from the request (`HttpOptions.aws`); with `assumeRole`, credentials are made for each scope by STS. */
  | {
      readonly kind: 'aws-sigv4';
      readonly accessKeyId: Template;
      readonly secretAccessKey: Template;
      readonly assumeRole?: {
        readonly roleArn: Template;
        readonly externalId?: Template;
        readonly stsUrl: Template;
        readonly region: Template;
      };
    };

/** Several ways to sign in; the host takes the one whose name is the value of the config field `field`. */
export interface AuthChoice {
  readonly kind: 'choice';
  readonly field: string;
  readonly schemes: Readonly<Record<string, AuthScheme>>;
}
