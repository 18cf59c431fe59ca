import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { setUpInstall } from '../support/install.ts';
import { invite, mailStates } from '../support/portal-mails.ts';
import { removeFolder, scratchFolder, startServerProcess } from '../support/server-process.ts';

/** More than a worker takes at once, so that one that is killed leaves some untouched. */
const INVITED = 45;

it('keeps every job of a worker that is killed, and does none twice', async () => {
  await using database = await createTestDatabase();
  const dataDir = scratchFolder();
  const { app, owner, auth } = database.urls;
  const environment = {
    DATABASE_URL: app,
    DATABASE_OWNER_URL: owner,
    DATABASE_AUTH_URL: auth,
    BAILIWICK_LOCAL_AGENT: 'off',
  };
  try {
    await using api = await startServerProcess({ dataDir, environment: { ...environment, BAILIWICK_ROLE: 'api' } });
    const permissions = ['identity.invite-contact', 'outbox.read-mail'];
    const install = await setUpInstall(api, { environment, permissions });
    await using worker = await startServerProcess({
      dataDir,
      environment: { ...environment, BAILIWICK_ROLE: 'worker' },
    });
    for (let count = 0; count < INVITED; count += 1) {
      await invite(api, install, `invited${count}@northgate.example`);
      if (count === 20) await worker.killTree();
    }
    await using another = await startServerProcess({
      dataDir,
      environment: { ...environment, BAILIWICK_ROLE: 'worker' },
    });
    expect(another.child.exitCode).toBeNull();
    // What the killed worker held is let go of by time; all else must be done by now.
    await expect
      .poll(async () => (await mailStates(api, install)).sent, { timeout: 30_000 })
      .toBeGreaterThan(INVITED - 21);
    await sleep(1000);
    const states = await mailStates(api, install);
    expect(states.sent + states.queued).toBe(INVITED);
    expect(states.failed).toBe(0);
    const files = emlFiles(join(dataDir, 'mail'));
    expect(new Set(files).size).toBe(files.length);
    expect(files.length).toBeGreaterThanOrEqual(states.sent);
    expect(files.length).toBeLessThanOrEqual(INVITED);
  } finally {
    removeFolder(dataDir);
  }
}, 90_000);

/** The names of all mails that were delivered, each with the folder of its MSP. */
function emlFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.eml'));
}
