import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Dovecot } from './dovecot.ts';
import { threadedMail } from './mailboxes.ts';
import { removeFolder, scratchFolder, startServerProcess, type ServerProcess } from './server-process.ts';

export interface MailStorm {
  readonly dovecot: Dovecot;
  /** The mailbox's user; the mailbox is connected already. */
  readonly user: string;
  readonly mails: number;
  /** How often a worker is ended without a word; more often only where it takes longer. */
  readonly kills: number;
  /** How long a worker lives, at random up to this. */
  readonly maxLifeMs: number;
  /** Of the database, and the key that its secrets are sealed under. */
  readonly environment: Readonly<Record<string, string>>;
  readonly ownerUrl: string;
  readonly latestMs: number;
  readonly say?: (line: string) => void;
}

/** What became of the mails. Each list is empty where nothing was lost or doubled. */
export interface StormVerdict {
  readonly stored: number;
  readonly states: Readonly<Record<string, number>>;
  readonly tickets: number;
  readonly kills: number;
  readonly seconds: number;
  readonly lost: readonly number[];
  readonly doubled: readonly number[];
  /** Mails whose words are on no ticket, or on more than one. */
  readonly misplaced: readonly number[];
}

/** Has mails read by IMAP while the worker is killed at random, until all were handled; then counts what each of them became. */
export async function runMailStorm(storm: MailStorm): Promise<StormVerdict> {
  const begunAt = performance.now();
  const dataDir = scratchFolder();
  const owner = new pg.Pool({ connectionString: storm.ownerUrl, max: 1 });
  const start = (): Promise<ServerProcess> =>
    startServerProcess({
      dataDir,
      environment: {
        ...storm.environment,
        BAILIWICK_ROLE: 'worker',
        BAILIWICK_LOCAL_AGENT: 'off',
        MAIL_PRIVATE_HOSTS: 'localhost',
      },
    });
  let kills = 0;
  let worker = await start();
  try {
    const delivering = deliver(storm);
    while (performance.now() - begunAt < storm.latestMs) {
      const { handled, stored } = await progress(owner);
      if (handled >= storm.mails && kills >= storm.kills) break;
      await sleep(Math.random() * storm.maxLifeMs);
      if (kills >= storm.kills) continue;
      await worker.killTree();
      kills += 1;
      storm.say?.(`${stored} mails stored, ${handled} handled; kill -9 of the worker, ${kills} so far …`);
      worker = await start();
    }
    await delivering;
    return { ...(await judge(owner, storm.mails)), kills, seconds: Math.round((performance.now() - begunAt) / 1000) };
  } finally {
    await worker[Symbol.asyncDispose]();
    await owner.end();
    removeFolder(dataDir);
  }
}

/** Some are there from the start, the others come while it storms. */
async function deliver({ dovecot, user, mails }: MailStorm): Promise<void> {
  const chunk = Math.ceil(mails / 10);
  for (let from = 0; from < mails; from += chunk) {
    const size = Math.min(chunk, mails - from);
    dovecot.deliver(
      user,
      Array.from({ length: size }, (_, n) => threadedMail(from + n)),
    );
    await sleep(500);
  }
}

async function progress(owner: pg.Pool): Promise<{ stored: number; handled: number }> {
  const { rows } = await owner.query<{ stored: number; handled: number }>(
    `select count(*)::int as stored, count(*) filter (where state <> 'waiting')::int as handled from mail_inbound`,
  );
  return rows[0] ?? { stored: 0, handled: 0 };
}

async function judge(owner: pg.Pool, mails: number): Promise<Omit<StormVerdict, 'kills' | 'seconds'>> {
  const { rows: stored } = await owner.query<{ n: number; count: number }>(
    `select substring(convert_from(content, 'UTF8') from 'This is mail ([0-9]+)')::int as n, count(*)::int as count
       from mail_inbound_raw group by 1`,
  );
  const { rows: states } = await owner.query<{ state: string; count: number }>(
    'select state, count(*)::int as count from mail_inbound group by state',
  );
  // What people read, and not what we noted of it.
  const { rows: said } = await owner.query<{ n: number; count: number }>(
    `select substring(body from 'This is mail ([0-9]+)')::int as n, count(*)::int as count
       from ticket_comment where body like '%This is mail %' group by 1`,
  );
  const { rows: tickets } = await owner.query<{ count: number }>('select count(*)::int as count from ticket');
  const storedOf = new Map(stored.map(({ n, count }) => [n, count]));
  const saidOf = new Map(said.map(({ n, count }) => [n, count]));
  const all = Array.from({ length: mails }, (_, n) => n);
  return {
    stored: stored.reduce((sum, { count }) => sum + count, 0),
    states: Object.fromEntries(states.map(({ state, count }) => [state, count])),
    tickets: tickets[0]?.count ?? 0,
    lost: all.filter((n) => !storedOf.has(n)),
    doubled: all.filter((n) => (storedOf.get(n) ?? 0) > 1),
    misplaced: all.filter((n) => saidOf.get(n) !== 1),
  };
}
