/** Something in a text that looks like a credential. Offsets are UTF-16 code units. */
export interface SecretFinding {
  readonly kind: string;
  readonly start: number;
  readonly length: number;
}

/** Credentials that say what they are. Sources: the vendors' documents on their token formats; RFC 7519 (JWT), RFC 7468 (PEM). */
const known: readonly (readonly [string, RegExp])[] = [
  ['private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g],
  ['JSON Web Token', /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/g],
  ['AWS access key', /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g],
  ['GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{50,})/g],
  ['Slack token', /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g],
  ['Stripe key', /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/g],
  ['Google API key', /\bAIza[\w-]{35}/g],
  ['bearer token', /\b[Bb]earer\s+[\w.~+/-]{16,}=*/g],
  ['basic credential', /\b[Bb]asic\s+[A-Za-z0-9+/]{12,}={0,2}/g],
  ['password in an address', /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:[^\s/@]+@/gi],
];

const candidate = /[A-Za-z0-9+/_=-]{32,}/g;

/** Bits a character. English text has about 4, hexadecimal at most 4; random base64 of 32 characters has 4.4 and more. */
const MIN_ENTROPY = 4.2;

/**
 * Looks for what could be a credential although nobody told us: by known formats, and by texts too random to be words, ids or digests.
 * For diagnostics before they leave; a finding is a reason to look, not a proof.
 */
export function scanForSecrets(text: string): readonly SecretFinding[] {
  const named = known.flatMap(([kind, pattern]) =>
    [...text.matchAll(pattern)].map((match) => ({ kind, start: match.index, length: match[0].length })),
  );
  const random = [...text.matchAll(candidate)]
    .filter((match) => isRandom(match[0]))
    .map((match) => ({ kind: 'random text', start: match.index, length: match[0].length }))
    .filter((finding) => !named.some((other) => overlaps(finding, other)));
  return [...named, ...random].toSorted((one, other) => one.start - other.start);
}

function overlaps(one: SecretFinding, other: SecretFinding): boolean {
  return one.start < other.start + other.length && other.start < one.start + one.length;
}

function isRandom(text: string): boolean {
  const classes = [/[a-z]/, /[A-Z]/, /\d/].filter((pattern) => pattern.test(text)).length;
  return classes === 3 && entropyOf(text) >= MIN_ENTROPY;
}

/** Shannon's entropy in bits a character. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const sign of text) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}
