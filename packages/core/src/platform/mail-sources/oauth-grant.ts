import { createSign } from 'node:crypto';
import { z } from 'zod';
import { MailSourceError } from './mail-source.ts';
import { askForToken } from './token-endpoint.ts';

/** How an access token is had. Addresses are the vendors', never typed by people. */
export type OAuthGrant =
  | {
      readonly kind: 'app';
      readonly tokenUrl: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly scope: string;
    }
  | {
      readonly kind: 'person';
      readonly tokenUrl: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly refreshToken: string;
      readonly scope: string | null;
    }
  | {
      readonly kind: 'service-account';
      readonly tokenUrl: string;
      /** The key file of a Google service account, as JSON. */
      readonly serviceKey: string;
      /** The mailbox that it acts for. */
      readonly subject: string;
      readonly scope: string;
    };

const keySchema = z.object({ client_email: z.string(), private_key: z.string() });

/** A token that ends while a request is under way would fail it. */
const EARLY_SECONDS = 120;

interface Options {
  readonly grant: OAuthGrant;
  readonly now: () => Temporal.Instant;
  /** Vendors may give a new refresh token with each use and end the old one. */
  readonly onRefreshToken?: (token: string) => Promise<void>;
}

/** Access tokens by OAuth 2 (RFC 6749 §4.4, §6; RFC 7523 for service accounts), kept until shortly before they end. */
export class AccessTokens {
  readonly #options: Options;
  #refreshToken: string | null;
  #kept: { token: string; until: Temporal.Instant } | null = null;

  constructor(options: Options) {
    this.#options = options;
    this.#refreshToken = options.grant.kind === 'person' ? options.grant.refreshToken : null;
  }

  /** A token that holds for at least two minutes. Throws `MailSourceError` of the step `sign-in`. */
  async get(signal: AbortSignal): Promise<string> {
    const { now, onRefreshToken, grant } = this.#options;
    if (this.#kept !== null && Temporal.Instant.compare(now(), this.#kept.until) < 0) return this.#kept.token;
    if (this.#refreshToken === '')
      throw new MailSourceError('sign-in', 'Nobody has consented to this at the vendor yet.', { needsConsent: true });
    const answer = await askForToken(grant.tokenUrl, this.#form(), signal);
    const seconds = Math.max(0, Math.floor(answer.expires_in) - EARLY_SECONDS);
    this.#kept = { token: answer.access_token, until: now().add({ seconds }) };
    if (answer.refresh_token !== undefined && answer.refresh_token !== this.#refreshToken) {
      this.#refreshToken = answer.refresh_token;
      await onRefreshToken?.(answer.refresh_token);
    }
    return answer.access_token;
  }

  /** Forgets the token: the vendor refused it. */
  forget(): void {
    this.#kept = null;
  }

  #form(): URLSearchParams {
    const { grant, now } = this.#options;
    switch (grant.kind) {
      case 'app':
        return new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: grant.clientId,
          client_secret: grant.clientSecret,
          scope: grant.scope,
        });
      case 'person':
        return new URLSearchParams({
          grant_type: 'refresh_token',
          client_id: grant.clientId,
          client_secret: grant.clientSecret,
          refresh_token: this.#refreshToken ?? grant.refreshToken,
          ...(grant.scope === null ? {} : { scope: grant.scope }),
        });
      case 'service-account':
        return new URLSearchParams({
          grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
          assertion: assertionOf(grant, now()),
        });
    }
  }
}

function assertionOf(grant: Extract<OAuthGrant, { kind: 'service-account' }>, now: Temporal.Instant): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  try {
    const key = keySchema.parse(JSON.parse(grant.serviceKey));
    const seconds = Math.floor(now.epochMilliseconds / 1000);
    const head = part({ alg: 'RS256', typ: 'JWT' });
    const claims = part({
      iss: key.client_email,
      sub: grant.subject,
      scope: grant.scope,
      aud: grant.tokenUrl,
      iat: seconds,
      exp: seconds + 3600,
    });
    const signature = createSign('RSA-SHA256').update(`${head}.${claims}`).sign(key.private_key).toString('base64url');
    return `${head}.${claims}.${signature}`;
  } catch (cause) {
    throw new MailSourceError('sign-in', 'The service account’s key cannot be read. Paste the whole JSON file.', {
      cause,
    });
  }
}
