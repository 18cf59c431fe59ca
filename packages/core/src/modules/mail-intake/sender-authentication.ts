/** What the mailbox's own server found out about a sender (RFC 8601). */
export interface SenderVerdict {
  /** `failed`: somebody pretends to be this sender. `unknown`: nobody whom we trust looked. */
  readonly verdict: 'passed' | 'failed' | 'unknown';
  readonly why: string;
}

type Method = 'dmarc' | 'spf' | 'dkim';
interface Result {
  readonly method: Method;
  readonly result: string;
  /** Whose mail it was said to be: `header.d`, `smtp.mailfrom`. */
  readonly domain: string | null;
}

const MAX_FIELDS = 50;
const RESULT = /(?:^|[;\s])(dmarc|spf|dkim)\s*=\s*([a-z]+)([^;]*)/gi;

/**
 * Judges a sender by the `Authentication-Results` of the server that handed the mail to the mailbox. Whoever writes a mail can write such headers too; so only those in the trusted server's name count,
 * a pass only from the topmost of them, which that server put there last, and a failure from any.
 */
export function judgeSender(
  fields: readonly string[],
  trustedServer: string | null,
  senderDomain: string | null,
): SenderVerdict {
  if (trustedServer === null)
    return { verdict: 'unknown', why: 'Sender: not checked, for the mailbox names no server whose checks count.' };
  const trusted = fields.slice(0, MAX_FIELDS).filter((field) => serverOf(field) === trustedServer.toLowerCase());
  const [top] = trusted;
  if (top === undefined)
    return { verdict: 'unknown', why: `Sender: not checked, for nothing is there from ${trustedServer}.` };
  const all = trusted.flatMap(resultsOf);
  const failure = failureIn(all, resultsOf(top), senderDomain);
  if (failure !== null) return { verdict: 'failed', why: `Sender: ${trustedServer} says ${failure}.` };
  const pass = passIn(resultsOf(top), senderDomain);
  if (pass !== null) return { verdict: 'passed', why: `Sender: ${trustedServer} says ${pass}.` };
  return { verdict: 'unknown', why: `Sender: ${trustedServer} found nothing for or against it.` };
}

function failureIn(all: readonly Result[], top: readonly Result[], domain: string | null): string | null {
  const dmarc = all.find(({ method, result }) => method === 'dmarc' && result === 'fail');
  if (dmarc !== undefined) return 'that DMARC failed';
  if (passIn(top, domain) !== null) return null;
  const spf = all.find(({ method, result }) => method === 'spf' && result === 'fail');
  if (spf !== undefined) return 'that SPF failed, and nothing else speaks for the sender';
  const dkim = all.find(({ method, result }) => method === 'dkim' && (result === 'fail' || result === 'permerror'));
  return dkim === undefined ? null : 'that DKIM failed, and nothing else speaks for the sender';
}

function passIn(results: readonly Result[], domain: string | null): string | null {
  const passed = results.filter(({ result }) => result === 'pass');
  if (passed.some(({ method }) => method === 'dmarc')) return 'that DMARC passed';
  const aligned = passed.find((one) => one.method !== 'dmarc' && isAligned(one.domain, domain));
  return aligned === undefined ? null : `that ${aligned.method.toUpperCase()} passed for ${aligned.domain ?? ''}`;
}

/** RFC 7489 §3.1, relaxed as far as it goes without the list of public suffixes: the same domain, or one below the other. */
function isAligned(checked: string | null, sender: string | null): boolean {
  if (checked === null || sender === null || !checked.includes('.')) return false;
  return checked === sender || checked.endsWith(`.${sender}`) || sender.endsWith(`.${checked}`);
}

/** Comments may say anything, so they go first. */
function plain(field: string): string {
  return field
    .slice(0, 10_000)
    .replaceAll(/\([^()]{0,1000}\)/g, ' ')
    .trim();
}

/** Microsoft 365 begins with the first result and gives no name. */
export const NAMELESS_SERVER = '(unnamed)';

function serverOf(field: string): string {
  const first = /^"?([^\s;"]+)/.exec(plain(field))?.[1]?.toLowerCase() ?? '';
  return first.includes('=') ? NAMELESS_SERVER : first;
}

function resultsOf(field: string): Result[] {
  return [...plain(field).matchAll(RESULT)].map(([, method = '', result = '', rest = '']) => ({
    method: method.toLowerCase() as Method,
    result: result.toLowerCase(),
    domain: domainIn(method.toLowerCase(), rest),
  }));
}

function domainIn(method: string, properties: string): string | null {
  const name = method === 'dkim' ? 'header\\.(?:d|i)' : 'smtp\\.mailfrom';
  const value = new RegExp(`\\b${name}\\s*=\\s*"?([^\\s";]+)`, 'i').exec(properties)?.[1]?.toLowerCase();
  return value?.split('@').at(-1) ?? null;
}
