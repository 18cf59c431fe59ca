import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres } from '../../packages/core/src/platform/postgres/embedded-postgres.ts';
import { setUpInstall } from '../support/install.ts';
import { invite, mailStates } from '../support/portal-mails.ts';
import {
  descendants,
  freePort,
  removeFolder,
  scratchFolder,
  startServerProcess,
  type ServerProcess,
} from '../support/server-process.ts';
import { TicketWriter } from '../support/ticket-writer.ts';
import { readBrokenMails } from './broken-mails.ts';
import { floodMailbox } from './mail-flood.ts';

/** `npm run soak [-- --minutes 10]`: breaks a working install for as long as that, counts, and ends with 1 if anything was lost or doubled. */
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error('--minutes must be a number above 0.');

/** More than a worker takes at once. */
const INVITED = 45;
/** A job of a worker that died is given to another one when its time is up. */
const LATEST_MS = 25 * 60_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const failures: string[] = [];

failures.push(...readBrokenMails(minutes * 60_000, say));
await storm(minutes * 60_000);
await lateMails();
failures.push(...(await floodMailbox({ mails: 10_000, kills: 20 }, say)));
say(failures.length === 0 ? 'Nothing was lost, nothing was doubled.' : failures.join('\n'));
process.exitCode = failures.length === 0 ? 0 : 1;

/** Kills the server, kills its database and stops it for a minute, in turn, while tickets are written. */
async function storm(forMs: number): Promise<void> {
  const dataDir = scratchFolder();
  const port = await freePort();
  const environment = { BAILIWICK_LOCAL_AGENT: 'off' };
  let server = await startServerProcess({ dataDir, port, environment });
  const faults: Record<string, () => Promise<void>> = {
    'kill -9 of the server with its database': async () => {
      await server.killTree();
      server = await startServerProcess({ dataDir, port, environment });
    },
    'kill -9 of the database': async () => void process.kill(postmasterPid(dataDir), 'SIGKILL'),
    'the database stands still for a minute': async () => {
      const pids = [postmasterPid(dataDir), ...(await descendants(postmasterPid(dataDir)))];
      signal(pids, 'SIGSTOP');
      await sleep(60_000);
      signal(pids, 'SIGCONT');
    },
  };
  try {
    const writer = new TicketWriter(await setUpInstall(server), () => server.url);
    const until = performance.now() + forMs;
    while (performance.now() < until) {
      for (const [name, fault] of Object.entries(faults)) {
        await writer.more(20, 120_000);
        say(`${writer.acknowledged} tickets acknowledged; ${name} …`);
        await fault();
      }
    }
    await writer.more(20, 120_000);
    const verdict = await writer.finish();
    say(`Storm: ${JSON.stringify({ ...verdict, failedTries: writer.failures })}`);
    for (const key of ['lost', 'doubled', 'numbersMissing'] as const)
      if (verdict[key].length > 0) failures.push(`${key}: ${verdict[key].join(', ')}`);
  } finally {
    await server[Symbol.asyncDispose]();
    removeFolder(dataDir);
  }
}

/** Mails that a killed worker held are late, and are sent all the same. */
async function lateMails(): Promise<void> {
  const dataDir = scratchFolder();
  const postgres = await startEmbeddedPostgres({ dataDir });
  const environment = {
    DATABASE_URL: postgres.urls.app,
    DATABASE_OWNER_URL: postgres.urls.owner,
    DATABASE_AUTH_URL: postgres.urls.auth,
    BAILIWICK_LOCAL_AGENT: 'off',
  };
  const start = (role: 'api' | 'worker'): Promise<ServerProcess> =>
    startServerProcess({ dataDir, environment: { ...environment, BAILIWICK_ROLE: role } });
  try {
    await using api = await start('api');
    const install = await setUpInstall(api, {
      environment,
      permissions: ['identity.invite-contact', 'outbox.read-mail'],
    });
    await using worker = await start('worker');
    for (let count = 0; count < INVITED; count += 1) {
      await invite(api, install, `invited${count}@hartley.example`);
      if (count === 20) await worker.killTree();
    }
    await using _another = await start('worker');
    const begunAt = performance.now();
    let states = await mailStates(api, install);
    while (states.sent < INVITED && performance.now() - begunAt < LATEST_MS) {
      await sleep(5000);
      states = await mailStates(api, install);
    }
    say(
      `Mails of a killed worker: ${JSON.stringify(states)} after ${Math.round((performance.now() - begunAt) / 1000)} s`,
    );
    if (states.sent !== INVITED || states.failed + states.queued > 0)
      failures.push(`mails: ${JSON.stringify(states)} of ${INVITED}`);
  } finally {
    await postgres.stop();
    removeFolder(dataDir);
  }
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // A backend that ended meanwhile.
    }
  }
}

function postmasterPid(folder: string): number {
  return Number(readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
}
