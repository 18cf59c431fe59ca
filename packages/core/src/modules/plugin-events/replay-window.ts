import type { VerifySpec } from '@bailiwick/sdk';

/** Vendors repeat what was not answered for up to three days (Stripe, GitHub's manual redelivery, Standard Webhooks' schedule). */
const NAMED = Temporal.Duration.from({ hours: 72 });
/** A signature vouches for its text as long as the secret is used; so long we can remember it. */
const SIGNED = Temporal.Duration.from({ hours: 24 });
/** Where nothing is signed, the same text may soon be said again and mean it. */
const UNSIGNED = Temporal.Duration.from({ minutes: 10 });
/** Standard Webhooks 1.0: five minutes. */
const STANDARD_TOLERANCE_SECONDS = 300;

/**
 * How long a delivery is remembered, so that the same one is not run again. A signed time stamp bounds it: after twice the tolerance (a clock may be off either way) the signature is
 * refused by itself.
 *
 * @param isNamed whether the vendor gave the delivery an id
 */
export function replayWindow(verify: VerifySpec, isNamed: boolean): Temporal.Duration {
  if (isNamed) return NAMED;
  if (verify.kind === 'standard-webhooks') return Temporal.Duration.from({ seconds: 2 * STANDARD_TOLERANCE_SECONDS });
  if (verify.kind !== 'hmac') return UNSIGNED;
  const { timestamp } = verify;
  return timestamp === undefined ? SIGNED : Temporal.Duration.from({ seconds: 2 * timestamp.toleranceSeconds });
}
