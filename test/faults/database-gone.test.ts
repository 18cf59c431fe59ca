import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { CutLine } from '../support/cut-line.ts';
import { createTestDatabase } from '../support/database.ts';
import { setUpInstall } from '../support/install.ts';
import { removeFolder, scratchFolder, startServerProcess } from '../support/server-process.ts';
import { NOTHING_LOST, TicketWriter } from '../support/ticket-writer.ts';

it('loses and doubles nothing while the line to the database flickers, and then is gone for a while', async () => {
  await using database = await createTestDatabase();
  const address = new URL(database.urls.app);
  await using line = await CutLine.to({ host: address.hostname, port: Number(address.port) });
  const dataDir = scratchFolder();
  const environment = {
    DATABASE_URL: line.through(database.urls.app),
    DATABASE_OWNER_URL: line.through(database.urls.owner),
    DATABASE_AUTH_URL: line.through(database.urls.auth),
    BAILIWICK_LOCAL_AGENT: 'off',
  };
  try {
    await using server = await startServerProcess({ dataDir, environment });
    const writer = new TicketWriter(await setUpInstall(server, { environment }), () => server.url);
    await writer.more(5);
    for (let time = 0; time < 8; time += 1) {
      line.flicker();
      await sleep(173);
    }
    await writer.more(4);
    line.cut();
    await expect
      .poll(async () => (await fetch(`${server.url}/readyz`)).status, { timeout: 15_000, interval: 100 })
      .toBe(503);
    // The process itself is well: whoever asks only that must not restart it.
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    await sleep(5000);
    line.mend();
    await expect.poll(async () => (await fetch(`${server.url}/readyz`)).status, { timeout: 15_000 }).toBe(200);
    await writer.more(5);
    const verdict = await writer.finish();
    expect(verdict).toMatchObject(NOTHING_LOST);
    expect(verdict.acknowledged).toBeGreaterThan(13);
    expect(writer.failures).toBeGreaterThan(0);
  } finally {
    removeFolder(dataDir);
  }
}, 90_000);
