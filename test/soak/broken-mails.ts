import { MailMutator } from '../support/mail-mutator.ts';

/** Far above what a mail of 25 MB takes, so that only a leak or a blow-up reaches it. */
const MAX_RSS_MB = 600;

/** Reads broken mails for as long as that; answers what went wrong. */
export function readBrokenMails(forMs: number, say: (line: string) => void): string[] {
  // Another seed each time finds more; the one that is printed finds it again.
  const seed = Math.floor(performance.timeOrigin) >>> 0;
  const mutator = new MailMutator(seed);
  const until = performance.now() + forMs;
  let count = 0;
  for (; performance.now() < until; count += 1) mutator.tryOne();
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
  say(`Broken mails: ${JSON.stringify({ seed, count, slowestMs: Math.round(mutator.slowestMs), peakMb })}`);
  return [...mutator.failures, ...(peakMb > MAX_RSS_MB ? [`broken mails took ${peakMb} MB`] : [])];
}
