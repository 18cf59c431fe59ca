import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runPluginCommand } from '../support/plugin-command.ts';

let outside: string;

beforeAll(async () => {
  outside = await mkdtemp(join(tmpdir(), 'bailiwick author '));
});

afterAll(async () => {
  await rm(outside, { recursive: true, force: true });
});

describe('create', () => {
  it('makes a plugin outside of the repository, in a path with spaces, that the kit finds gold', async () => {
    const created = await runPluginCommand(outside, ['create', 'my new plugins/Acme RMM']);
    expect(created.output).toContain('Made acme-rmm');
    const folder = join(outside, 'my new plugins', 'Acme RMM');
    // The contract is inside, so nothing has to be published or fetched.
    expect(await readdir(join(folder, 'sdk'))).toContain('index.ts');
    expect(JSON.parse(await readFile(join(folder, 'plugin.json'), 'utf8'))).toMatchObject({ id: 'local/acme-rmm' });

    const startMs = performance.now();
    const tested = await runPluginCommand(folder, ['test', '.', '--json']);
    // The sandbox's idle timer is a minute: a run that waits for it has left something open.
    expect(performance.now() - startMs).toBeLessThan(45_000);
    const report = JSON.parse(tested.output) as { tier: string; checks: { name: string; outcome: string }[] };
    expect(report.checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
    expect(report.tier).toBe('gold');
    expect(tested.code).toBe(0);
  });

  it('packs it into one file, twice the same', async () => {
    const folder = join(outside, 'my new plugins', 'Acme RMM');
    const home = { HOME: outside, USERPROFILE: outside };
    const first = await runPluginCommand(folder, ['pack', '--untested', '--out', 'first.bailiwick-plugin'], home);
    expect(first.output).toContain('Made a publisher key');
    const second = await runPluginCommand(folder, ['pack', '.', '--untested'], home);
    expect(second.output).not.toContain('Made a publisher key');
    const [a, b] = await Promise.all(
      ['first.bailiwick-plugin', 'acme-rmm-0.1.0.bailiwick-plugin'].map((name) => readFile(join(folder, name))),
    );
    expect(a?.equals(b ?? Buffer.of())).toBe(true);
  });

  it('writes nothing into a folder that has something', async () => {
    const again = await runPluginCommand(outside, ['create', 'my new plugins']);
    expect(again.code).toBe(1);
    expect(again.output).toMatch(/my new plugins is not empty \(it has Acme RMM\)/);
    expect(await readdir(join(outside, 'my new plugins'))).toEqual(['Acme RMM']);
  });
});
