import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { setUpInstall } from '../support/install.ts';
import { freePort, removeFolder, scratchFolder, startServerProcess } from '../support/server-process.ts';
import { NOTHING_LOST, TicketWriter } from '../support/ticket-writer.ts';

const environment = { BAILIWICK_LOCAL_AGENT: 'off' };

describe('kill -9 in the middle of work', () => {
  const dataDir = scratchFolder();
  afterEach(() => removeFolder(dataDir));

  it('of the server with its database, and of the database alone, loses and doubles nothing', async () => {
    const port = await freePort();
    let server = await startServerProcess({ dataDir, port, environment });
    try {
      const writer = new TicketWriter(await setUpInstall(server), () => server.url);
      await writer.more(6);
      await server.killTree();
      await sleep(300);
      server = await startServerProcess({ dataDir, port, environment });
      await writer.more(6);
      process.kill(postmasterPid(dataDir), 'SIGKILL');
      await writer.more(6, 40_000);
      const verdict = await writer.finish();
      expect(verdict).toMatchObject(NOTHING_LOST);
      expect(verdict.acknowledged).toBeGreaterThanOrEqual(18);
      expect(writer.failures).toBeGreaterThan(0);
    } finally {
      await server[Symbol.asyncDispose]();
    }
  }, 90_000);
});

function postmasterPid(folder: string): number {
  return Number(readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
}
