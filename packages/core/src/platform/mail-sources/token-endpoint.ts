import { z } from 'zod';
import { MailSourceError } from './mail-source.ts';

const answerSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().default(3600),
  refresh_token: z.string().min(1).optional(),
  /** Google's, where a person consented for a while. */
  refresh_token_expires_in: z.coerce.number().int().positive().optional(),
  id_token: z.string().optional(),
});
const refusalSchema = z.object({ error: z.string(), error_description: z.string().optional() });

export type TokenAnswer = z.output<typeof answerSchema>;

const TIMEOUT_MS = 20_000;
/** What a vendor says of a refresh token or a code that serves no more (RFC 6749 §5.2; OpenID Connect Core §3.1.2.6, which Microsoft answers here as well). */
const CONSENT_IS_OVER: readonly string[] = [
  'invalid_grant',
  'interaction_required',
  'consent_required',
  'login_required',
];

/** Asks a vendor's token endpoint (RFC 6749 §3.2). Throws `MailSourceError` with the vendor's words, of the step `sign-in` where it refuses. */
export async function askForToken(url: string, body: URLSearchParams, signal: AbortSignal): Promise<TokenAnswer> {
  const { host } = new URL(url);
  let response: Response;
  let json: unknown;
  try {
    response = await fetch(url, {
      method: 'POST',
      body,
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    json = await response.json();
  } catch (cause) {
    throw new MailSourceError('connection', `${host} did not answer the request for a token.`, { cause });
  }
  const answer = answerSchema.safeParse(json);
  if (response.ok && answer.success) return answer.data;
  const refusal = refusalSchema.safeParse(json);
  // The description may hold the client's id and a time, never what was sent.
  const words = refusal.success ? (refusal.data.error_description ?? refusal.data.error) : `status ${response.status}`;
  throw new MailSourceError('sign-in', `${host} gave no token: ${words.split(/[\r\n]/)[0]?.slice(0, 300) ?? ''}`, {
    needsConsent: refusal.success && CONSENT_IS_OVER.includes(refusal.data.error),
  });
}
