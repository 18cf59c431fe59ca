import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { setUpInstall } from '../support/install.ts';
import { removeFolder, scratchFolder, startServerProcess } from '../support/server-process.ts';
import { NOTHING_LOST, TicketWriter } from '../support/ticket-writer.ts';

/** Room for an embedded server and little more. */
const SIZE_MB = 420;

const mounted = mountSmall();

describe('a disk that runs full', () => {
  it.skipIf(mounted === null)(
    'refuses what it cannot store, and goes on by itself once there is room',
    async () => {
      const disk = mounted ?? '';
      const dataDir = join(disk, 'data');
      mkdirSync(dataDir, { mode: 0o755 });
      const filler = join(disk, 'filler');
      try {
        await using server = await startServerProcess({ dataDir, environment: { BAILIWICK_LOCAL_AGENT: 'off' } });
        const writer = new TicketWriter(await setUpInstall(server), () => server.url);
        await writer.more(5);
        fill(disk, filler);
        // Rows that fit into what the server has reserved are still taken; then none is.
        let seen = -1;
        while (writer.failures < 8 && seen < 400) {
          fill(disk, filler);
          await sleep(50);
          seen += 1;
        }
        expect(writer.failures).toBeGreaterThan(0);
        rmSync(filler, { force: true });
        await writer.more(5, 40_000);
        expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
        const verdict = await writer.finish();
        expect(verdict).toMatchObject(NOTHING_LOST);
        expect(verdict.acknowledged).toBeGreaterThanOrEqual(10);
      } finally {
        rmSync(filler, { force: true });
        spawnSync('umount', ['-l', disk]);
        removeFolder(disk);
      }
    },
    120_000,
  );

  it.runIf(mounted === null)('is not tried: only root on Linux may mount a small file system', () => {
    expect(process.getuid?.() === 0 && process.platform === 'linux' && canMount()).toBe(false);
  });
});

/** A file system of its own in memory; null where that is not allowed. */
function mountSmall(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !canMount()) return null;
  const folder = scratchFolder();
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MB}m,mode=755`, 'tmpfs', folder]);
  if (status === 0) return folder;
  removeFolder(folder);
  return null;
}

function canMount(): boolean {
  const folder = scratchFolder();
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
  if (status === 0) spawnSync('umount', [folder]);
  removeFolder(folder);
  return status === 0;
}

/** Takes all room that is left. */
function fill(disk: string, filler: string): void {
  const { bavail, bsize } = statfsSync(disk);
  for (let free = bavail * bsize; free > 0; free -= 1_048_576) {
    try {
      writeFileSync(filler, Buffer.alloc(Math.min(free, 1_048_576)), { flag: 'a' });
    } catch {
      return;
    }
  }
}
