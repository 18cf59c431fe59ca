import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { makeCell, sweepCells } from './cell.ts';

/** A host that makes a cell, says where, and waits. */
function startHost(bundle: string) {
  const code = `
    import { makeCell } from ${JSON.stringify(join(import.meta.dirname, 'cell.ts'))};
    console.log((await makeCell(${JSON.stringify(bundle)})).folder);
    setInterval(() => {}, 1000);`;
  return spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'ignore'] });
}

it('the folders of a host that was killed are gone with the next start; those of one that runs stay', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bailiwick-fixture-'));
  const bundle = join(folder, 'plugin.mjs');
  await writeFile(bundle, 'export default {};');
  const hosts = [startHost(bundle), startHost(bundle)] as const;
  const lines = await Promise.all(hosts.map((host) => once(host.stdout.setEncoding('utf8'), 'data')));
  const [killed = '', running = ''] = lines.map(([line]) => String(line).trim());
  hosts[0].kill('SIGKILL');
  await once(hosts[0], 'close');

  const own = await makeCell(bundle);
  const earlier = `${own.folder}-earlier`;
  await mkdir(earlier);
  await utimes(earlier, 1_000_000, 1_000_000);
  const foreign = join(tmpdir(), basename(own.folder).replace('bailiwick-cell-', 'bailiwick-cell-another_'));
  await mkdir(foreign);
  await utimes(foreign, 1_000_000, 1_000_000);
  try {
    await sweepCells();
    const left = [killed, running, own.folder, earlier, foreign].map((path) => existsSync(path));
    expect(left).toEqual([false, true, true, false, true]);
  } finally {
    hosts[1].kill();
    await once(hosts[1], 'close');
    for (const path of [folder, foreign, earlier, running]) await rm(path, { recursive: true, force: true });
    await own.remove();
  }
});
