import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../packages/core/src/kernel/clock.ts';
import { MailboxSources } from '../../packages/core/src/modules/mail-inbox/mailbox-sources.ts';
import type { MailboxSettings } from '../../packages/core/src/modules/mail-inbox/mailbox-settings.ts';
import type { FetchedMail, MailSink, SourceCursor } from '../../packages/core/src/platform/mail-sources/mail-source.ts';
import { numberedMail } from '../support/mailboxes.ts';
import { startMailVendors, type MailVendors } from './mail-vendors/mail-vendors.ts';

let vendors: MailVendors;
beforeEach(async () => {
  vendors = await startMailVendors();
});
afterEach(() => vendors[Symbol.asyncDispose]());

/** A busy machine is not wrong. */
const SOON = { timeout: 15_000 };

type Kind = 'graph' | 'gmail';
const afterwards = (action: 'leave' | 'seen' | 'move', kind: Kind) => ({
  action,
  folder: action === 'move' ? (kind === 'graph' ? 'done' : 'Label_1') : null,
});

function settingsOf(kind: Kind, action: 'leave' | 'seen' | 'move', grant: 'app' | 'person' = 'app'): MailboxSettings {
  const both = { grant, clientId: 'app', startWith: 'all' as const, afterwards: afterwards(action, kind) };
  return kind === 'graph'
    ? { kind, ...both, tenant: 'northgate.example', folder: 'inbox' }
    : { kind, ...both, label: 'INBOX' };
}

function sourceOf(
  settings: MailboxSettings,
  secrets: Record<string, string> = {},
  onRefreshToken = async (_token: string) => {},
) {
  const sources = new MailboxSources({
    allowedHosts: [],
    clock: systemClock,
    endpoints: vendors.endpoints,
    pollMs: 30,
  });
  const source = sources.make({
    address: 'support@northgate.example',
    settings,
    secrets: { clientSecret: 'app secret', serviceKey: vendors.serviceKey, refreshToken: 'refresh 0', ...secrets },
    onRefreshToken,
  });
  if (source === null) throw new Error('a source was made');
  return source;
}

/** Keeps what comes, as the inbox does: once by its key, and the cursor with it. */
class Kept implements MailSink {
  cursor: SourceCursor | null = null;
  since: Temporal.Instant | null = null;
  readonly mails = new Map<string, FetchedMail>();
  readonly again: string[] = [];

  async keep(mails: readonly FetchedMail[], cursor: SourceCursor): Promise<void> {
    for (const mail of mails) {
      if (this.mails.has(mail.transportKey)) this.again.push(mail.transportKey);
      this.mails.set(mail.transportKey, mail);
    }
    this.cursor = cursor;
  }

  async heard(): Promise<void> {}

  subjects(): string[] {
    return [...this.mails.values()].map(({ raw }) => /Subject: (.*)\r/.exec(raw.toString('latin1'))?.[1] ?? '');
  }
}

async function during(kept: Kept, settings: MailboxSettings, work: () => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const running = sourceOf(settings).run(kept, stop.signal);
  await Promise.race([work(), running.then(() => Promise.reject(new Error('it ended by itself')))]).finally(() =>
    stop.abort(),
  );
  await running;
}

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, n) => `Mail ${from + n}`);

describe.each<Kind>(['graph', 'gmail'])('a mailbox by %s', (kind) => {
  it('is read page by page, goes on with what comes, and after a stop where it was', async () => {
    for (let n = 1; n <= 8; n += 1) vendors.deliver(numberedMail(n));
    const kept = new Kept();
    await during(kept, settingsOf(kind, 'seen'), async () => {
      await expect.poll(() => kept.subjects().length, SOON).toBe(8);
      vendors.throttle();
      vendors.deliver(numberedMail(9));
      await expect.poll(() => kept.subjects().length, { timeout: 5000 }).toBe(9);
      vendors.endTokens();
      vendors.deliver(numberedMail(10));
      await expect.poll(() => kept.subjects().length, SOON).toBe(10);
      await expect.poll(() => vendors.mails.every((mail) => mail.isRead), SOON).toBe(true);
    });
    vendors.deliver(numberedMail(11));
    await during(kept, settingsOf(kind, 'seen'), () => expect.poll(() => kept.subjects().length, SOON).toBe(11));
    expect(kept.subjects().toSorted()).toEqual(numbers(1, 11).toSorted());
    expect([...vendors.fetched.values()]).toEqual(Array.from({ length: 11 }, () => 1));
  });

  it('is looked at anew where the vendor forgot how far we were, and nothing is missed', async () => {
    vendors.deliver(numberedMail(1));
    const kept = new Kept();
    await during(kept, settingsOf(kind, 'leave'), () => expect.poll(() => kept.subjects().length, SOON).toBe(1));
    vendors.forgetHistory();
    vendors.deliver(numberedMail(2));
    await during(kept, settingsOf(kind, 'leave'), () => expect.poll(() => kept.subjects().length, SOON).toBe(2));
    expect(kept.subjects()).toEqual(['Mail 1', 'Mail 2']);
  });

  it('has its mails moved once they are safe, and tells of one that is too large with its headers', async () => {
    vendors.deliver(numberedMail(1));
    vendors.deliver(numberedMail(2, 'x'.repeat(51 * 1024 * 1024)));
    const kept = new Kept();
    await during(kept, settingsOf(kind, 'move'), async () => {
      await expect.poll(() => kept.subjects(), { timeout: 20_000 }).toEqual(['Mail 1', 'Mail 2']);
      await expect.poll(() => vendors.mails.map(({ folder }) => folder), SOON).not.toContain('inbox');
    });
    const large = [...kept.mails.values()].find(({ incomplete }) => incomplete !== undefined);
    expect(large).toMatchObject({ incomplete: expect.stringContaining('at most 50 MB') });
    expect(large?.raw.byteLength).toBeLessThan(100);
  });

  it('says in words what is wrong with it, and that nothing is', async () => {
    const check = (settings: MailboxSettings, secrets: Record<string, string> = {}) =>
      sourceOf(settings, secrets).check(AbortSignal.timeout(10_000));
    expect((await check(settingsOf(kind, 'move'))).every(({ isOk }) => isOk)).toBe(true);
    const bad = await check(settingsOf(kind, 'seen', 'person'), { clientSecret: 'wrong' });
    expect(bad).toEqual([
      { step: 'sign-in', isOk: false, message: expect.stringContaining('gave no token: The secret is wrong.') },
    ]);
    const settings = settingsOf(kind, 'seen');
    const elsewhere = { ...settings, ...(kind === 'graph' ? { folder: 'nowhere' } : { label: 'nowhere' }) };
    expect((await check(elsewhere)).at(-1)).toMatchObject({ step: 'folder', isOk: false });
  });

  it('hands on a refresh token that the vendor replaced', async () => {
    const given: string[] = [];
    const source = sourceOf(settingsOf(kind, 'seen', 'person'), {}, async (token) => void given.push(token));
    await source.check(AbortSignal.timeout(10_000));
    expect(given).toEqual(['refresh 1']);
  });
});
