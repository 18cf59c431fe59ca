import { z } from 'zod';
import { MailSourceError } from './mail-source.ts';
import { askForToken } from './token-endpoint.ts';

/** A code that a vendor sent a person back with, and what it is exchanged by. */
export interface CodeGrant {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly code: string;
  /** The proof whose hash the vendor was given (RFC 7636). */
  readonly codeVerifier: string;
  /** The same as at the start. */
  readonly redirectUri: string;
}

/** What a person consented to. */
export interface GivenConsent {
  /** Null where the vendor gave none: nothing can be read for longer than the hour of an access token. */
  readonly refreshToken: string | null;
  /** Who consented, as the vendor names them, in lower case; null where it does not say. */
  readonly account: string | null;
  /** For how long the refresh token serves; null where the vendor does not say. */
  readonly endsInSeconds: number | null;
}

const claimsSchema = z.object({
  aud: z.string(),
  preferred_username: z.string().optional(),
  upn: z.string().optional(),
  email: z.string().optional(),
  email_verified: z.boolean().optional(),
});

/** Exchanges a code for a refresh token (RFC 6749 §4.1.3). Throws `MailSourceError` of the step `sign-in` where the vendor refuses, of `connection` where it does not answer. */
export async function exchangeCode(grant: CodeGrant, signal: AbortSignal): Promise<GivenConsent> {
  const answer = await askForToken(
    grant.tokenUrl,
    new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: grant.clientId,
      client_secret: grant.clientSecret,
      code: grant.code,
      code_verifier: grant.codeVerifier,
      redirect_uri: grant.redirectUri,
    }),
    signal,
  );
  return {
    refreshToken: answer.refresh_token ?? null,
    account: answer.id_token === undefined ? null : accountOf(answer.id_token, grant.clientId),
    endsInSeconds: answer.refresh_token_expires_in ?? null,
  };
}

/** Whom an id token names. It came from the vendor itself over TLS, which stands in the place of its signature (OpenID Connect Core §3.1.3.7, 6). */
function accountOf(idToken: string, clientId: string): string | null {
  const claims = claimsSchema.safeParse(payloadOf(idToken));
  if (!claims.success) return null;
  const { aud, preferred_username, upn, email, email_verified } = claims.data;
  if (aud !== clientId) throw new MailSourceError('sign-in', 'The vendor answered for another app than was asked.');
  const named = preferred_username ?? upn ?? (email_verified === false ? undefined : email);
  return named === undefined ? null : named.toLowerCase().slice(0, 320);
}

function payloadOf(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  } catch {
    return null;
  }
}
