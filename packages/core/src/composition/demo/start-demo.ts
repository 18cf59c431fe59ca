import { parseArgs } from 'node:util';
import type pg from 'pg';
import type { DependencyContainer } from 'tsyringe';
import { ConflictError, InvalidInputError } from '#kernel/errors';
import { openPool } from '#platform/db/pool';
import { AuthPool, Pool } from '#platform/db/tokens';
import { openJobQueue } from '#platform/jobs/job-queue';
import type { Logger } from '#platform/log';
import type { Settings } from '#platform/settings';
import type { ModuleDefinition } from '#platform/module';
import { makeContainer } from '../container.ts';
import { modules } from '../modules.ts';
import { readDemoNote, writeDemoNote, type DemoNote } from './demo-note.ts';
import { loadDemo } from './load-demo.ts';
import type { DemoLogin } from './load-staff.ts';
import { startPulse } from './pulse.ts';
import { StoryClock } from './story-clock.ts';

/** What `--demo` asks for. */
export interface DemoWish {
  readonly seed: string;
  readonly size: keyof typeof SIZES;
}

/** How much is told: all of it takes a minute or two; the small one is enough to see every screen filled. */
const SIZES = { full: undefined, small: { clients: 3, tickets: 120 } } as const;

/** Reads the arguments of `npm start`; null where no demo is wished for. Throws `start.bad-arguments`. */
export function readDemoWish(args: readonly string[]): DemoWish | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { demo: { type: 'boolean' }, seed: { type: 'string' }, size: { type: 'string' } },
      strict: true,
    });
    const { seed = '1', size = 'full' } = values;
    if (size !== 'full' && size !== 'small') throw new TypeError('--size is full or small.');
    if (values.demo === true) return { seed, size };
    if (values.seed !== undefined || values.size !== undefined)
      throw new TypeError('--seed and --size go with --demo only.');
    return null;
  } catch (error) {
    throw new InvalidInputError('start.bad-arguments', error instanceof Error ? error.message : String(error));
  }
}

interface Parts {
  readonly container: DependencyContainer;
  readonly settings: Settings;
  readonly log: Logger;
  readonly say: (line: string) => void;
}

/**
 * Loads the demo, before any worker runs, on the first start with `--demo`. On every start of a data folder with a demo, wished for or not, its machines go on reporting. Throws `demo.not-empty` on an
 * install with real clients, `demo.interrupted` after a load that was broken off: half a story is not repaired.
 */
export async function startDemo(parts: Parts, wish: DemoWish | null): Promise<{ stop(): void }> {
  const { container, settings, log } = parts;
  let note = await readDemoNote(settings.BAILIWICK_DATA_DIR);
  if (note?.state === 'loading')
    throw new ConflictError(
      'demo.interrupted',
      `Loading the demo was broken off before. Remove ${settings.BAILIWICK_DATA_DIR}, or set BAILIWICK_DATA_DIR to a new folder, and start again.`,
    );
  if (note === null && wish !== null) note = await load(parts, wish);
  return note === null ? { stop: () => {} } : startPulse(container, note, log);
}

async function load({ container, settings, log, say }: Parts, { seed, size }: DemoWish): Promise<DemoNote> {
  const dataDir = settings.BAILIWICK_DATA_DIR;
  const pool = openDemoPool(connectionStringOf(container.resolve(Pool)), settings);
  // A queue without subscribers: what happened months ago must not set off mails and alerts today.
  const jobs = await openJobQueue({
    connectionString: connectionStringOf(pool),
    onError: (error) => log.warn({ err: error }, 'job queue of the demo'),
  });
  try {
    const clock = new StoryClock(Temporal.Now.instant().round({ smallestUnit: 'second', roundingMode: 'floor' }));
    const authUrl = connectionStringOf(container.resolve(AuthPool));
    const isPrepared = settings.DATABASE_PREPARED === 'on';
    const own = await makeContainer({ pool, jobs, settings, authUrl, clock, isPrepared });
    // Whoever begins to work afterwards finds what is to be done now, such as mails, in its queues.
    for (const module of modules as readonly ModuleDefinition[])
      for (const { job } of module.jobs?.(own) ?? []) await jobs.createQueue(job.name);
    const begunAt = performance.now();
    const begin = async (): Promise<void> => {
      say(`Loading the demo, Northgate IT, with the seed ${seed} …`);
      await writeDemoNote(dataDir, { seed, state: 'loading', machines: {} });
    };
    const { mspId, clients, logins } = await loadDemo({ container: own, clock, seed, size: SIZES[size], say, begin });
    const machines = Object.fromEntries(
      clients.flatMap(({ clientId, machines: all }) =>
        all.map(({ plan, assetId }) => [plan.name, { clientId, assetId }]),
      ),
    );
    const note: DemoNote = { seed, state: 'loaded', loadedAt: clock.present.toString(), mspId, machines };
    await writeDemoNote(dataDir, note);
    await own.resolve(AuthPool).end();
    say(`The demo is loaded (${Math.round((performance.now() - begunAt) / 1000)} s).`);
    sayLogins(logins, say);
    return note;
  } finally {
    await jobs.stop();
    await pool.end();
  }
}

/** Nothing is acknowledged to anybody while loading, so on our own server commits need not wait for the disk: a power cut loses a demo that must be loaded anew anyway. */
function openDemoPool(connectionString: string, settings: Settings): pg.Pool {
  const pool = openPool(connectionString, { max: 10, applicationName: 'bailiwick demo' });
  // A pooler would hand the setting on to others.
  if (settings.DATABASE_URL === undefined)
    pool.on('connect', (client) => void client.query('set synchronous_commit = off').catch(() => {}));
  return pool;
}

function sayLogins(logins: readonly DemoLogin[], say: (line: string) => void): void {
  say('\nSign in as one of these. Put the secret into an authenticator app; none of it is shown again.');
  for (const { name, role, email, password, totpSecret } of logins)
    say(`  ${name} (${role})\n    ${email}   password ${password}   authenticator secret ${totpSecret}`);
  say('');
}

function connectionStringOf(pool: { options: { connectionString?: string | undefined } }): string {
  const { connectionString } = pool.options;
  if (connectionString === undefined) throw new TypeError('The pool was opened without an address.');
  return connectionString;
}
