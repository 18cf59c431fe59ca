import {
  AuthFailed,
  NotSupported,
  PermissionMissing,
  type PluginError,
  RateLimited,
  Transient,
  VendorBug,
} from '@bailiwick/sdk';
import { EgressRefused, type EgressFailed } from '../egress/egress-error.ts';
import type { TransportResponse } from '../egress/transport.ts';
import { retryAfterMs } from './retry-after.ts';

const EXCERPT_LENGTH = 200;

/** What an answer means, whatever way the vendor says it. */
export type Verdict = 'ok' | 'unauthenticated' | 'forbidden' | 'rate-limited' | 'transient' | 'unsupported' | 'refused';

/** AWS says in the body what others say by the status. Sources: AWS "Common errors" and the error codes of STS, EC2 and S3. */
const awsRefusals: readonly (readonly [Verdict, RegExp])[] = [
  [
    'unauthenticated',
    /\b(ExpiredToken(?:Exception)?|RequestExpired|InvalidToken|InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|AuthFailure|SignatureDoesNotMatch|InvalidSignatureException|MissingAuthenticationToken(?:Exception)?)\b/,
  ],
  [
    'rate-limited',
    /\b(Throttling(?:Exception)?|ThrottledException|RequestLimitExceeded|TooManyRequestsException|SlowDown|RequestThrottled(?:Exception)?|BandwidthLimitExceeded)\b/,
  ],
];

/** Reads an answer's meaning from its status; of AWS also from its error code. */
export function judge(response: TransportResponse, accepted: readonly number[], isAws: boolean): Verdict {
  const { status } = response;
  if (status >= 200 && status < 300) return 'ok';
  // Before what is accepted: who accepts a status 400 to read what is wrong does not mean an expired session.
  if (isAws && status >= 400) {
    const start = Buffer.from(response.body.subarray(0, 4096)).toString('latin1');
    const known = awsRefusals.find(([, pattern]) => pattern.test(start));
    if (known !== undefined) return known[0];
  }
  if (accepted.includes(status)) return 'ok';
  if (status === 401) return 'unauthenticated';
  if (status === 403) return 'forbidden';
  if (status === 429) return 'rate-limited';
  if (status === 404 || status === 405 || status === 410 || status === 501) return 'unsupported';
  return status >= 500 || status === 408 || status === 425 ? 'transient' : 'refused';
}

/** The typed error for an answer that is not accepted. The caller takes secrets out of its message. */
export function answerError(verdict: Verdict, method: string, response: TransportResponse, nowMs: number): PluginError {
  const url = new URL(response.url);
  const message = `${method} ${url.origin}${url.pathname} answered ${response.status}${excerpt(response)}`;
  const waitMs = retryAfterMs(response.headers['retry-after'], nowMs);
  switch (verdict) {
    case 'unauthenticated':
      return new AuthFailed(message);
    case 'forbidden':
      return new PermissionMissing(message);
    case 'rate-limited':
      return new RateLimited(message, waitMs === null ? undefined : Math.ceil(waitMs / 1000));
    case 'transient':
      return new Transient(message);
    case 'unsupported':
      return new NotSupported(message);
    case 'ok':
    case 'refused':
      return new VendorBug(message);
  }
}

/** The typed error for a request that had no answer. */
export function networkError(error: EgressRefused | EgressFailed): PluginError {
  if (error instanceof EgressRefused)
    return error.reason === 'redirect'
      ? new VendorBug(error.message)
      : new PermissionMissing(error.message, error.host);
  const isVendors = error.failure === 'too-large' || error.failure === 'protocol';
  return isVendors ? new VendorBug(error.message) : new Transient(error.message);
}

/** The start of the body, on one line. */
function excerpt(response: TransportResponse): string {
  const text = new TextDecoder().decode(response.body.subarray(0, 4 * EXCERPT_LENGTH));
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  if (line === '') return '.';
  return line.length > EXCERPT_LENGTH ? `: ${line.slice(0, EXCERPT_LENGTH)}…` : `: ${line}`;
}
