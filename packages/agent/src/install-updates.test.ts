import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installUpdates } from './install-updates.ts';
import { OutputCollector } from './order-output.ts';
import { packageManager, type PackageManager } from './package-manager.ts';

let folder: string;
let output: string;
let stop: AbortController;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bailiwick-install-'));
  output = '';
  stop = new AbortController();
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function context() {
  const collector = new OutputCollector('0197a000-0000-7000-8000-000000000001', (chunk) => (output += chunk.text));
  const parts = { output: collector, signal: stop.signal, onStart: () => {} };
  return { orderId: '0197a000-0000-7000-8000-000000000001', folder: join(folder, 'work'), ...parts };
}

/** A package manager whose packages are lines of a file; `install` runs a real shell, so processes, output and exit codes are real. */
function fileManager(
  install: (packages: readonly { name: string; version?: string | undefined }[]) => string,
): PackageManager {
  const database = join(folder, 'database');
  return {
    file: '/bin/sh',
    environment: { DATABASE: database },
    install: (packages) => ['-c', install(packages)],
    installedVersions: async (names) => {
      const lines = existsSync(database) ? readFileSync(database, 'utf8').trim().split('\n') : [];
      const all = new Map(lines.map((line) => line.split(' ') as [string, string]));
      return new Map([...all].filter(([name]) => names.includes(name)));
    },
  };
}

const packages = [{ name: 'good', version: '2' }, { name: 'broken', version: '2' }, { name: 'absent' }];

describe('installUpdates', () => {
  it('tries each package alone when all together fail, and reads from the database what became of each', async () => {
    const manager = fileManager((wanted) =>
      wanted.length === 3
        ? 'printf "good 1\\nbroken 1\\n" > $DATABASE; echo all fail; exit 100'
        : wanted[0]?.name === 'good'
          ? 'sed -i "s/good 1/good 2/" $DATABASE; echo upgraded'
          : 'exit 100',
    );
    await installUpdates(
      { packages: [{ name: 'good' }], timeoutSeconds: 5 },
      context(),
      fileManager(() => 'printf "good 1\\nbroken 1\\n" > $DATABASE'),
    );
    const end = await installUpdates({ packages, timeoutSeconds: 20 }, context(), manager);
    expect(end).toMatchObject({
      state: 'failed',
      packages: [
        { name: 'good', outcome: 'installed', versionBefore: '1', versionAfter: '2' },
        { name: 'broken', outcome: 'failed', versionBefore: '1', versionAfter: '1' },
        { name: 'absent', outcome: 'not-found' },
      ],
    });
    expect(output).toContain('all fail');
    expect(output).toContain('upgraded');
    expect(existsSync(join(folder, 'work'))).toBe(false);
  });

  it('ends at its time-out', async () => {
    const end = await installUpdates(
      { packages: [{ name: 'good' }], timeoutSeconds: 1 },
      context(),
      fileManager(() => 'sleep 60'),
    );
    expect(end.state).toBe('timed-out');
  });

  it('leaves the package manager at work when the agent stops', async () => {
    const done = join(folder, 'done');
    const ended = installUpdates(
      { packages: [{ name: 'good' }], timeoutSeconds: 20 },
      context(),
      fileManager(() => `sleep 1; echo printed; touch ${done}`),
    );
    setTimeout(() => stop.abort(), 300);
    expect(await ended).toMatchObject({ state: 'failed', exitCode: null });
    expect(existsSync(done)).toBe(false);
    await expect.poll(() => existsSync(done), { timeout: 10_000 }).toBe(true);
  });

  // Without fetching lists and with a version that is there already, nothing on the machine changes.
  it.skipIf(!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0)(
    'asks the real apt',
    async () => {
      const { refresh: _, ...apt } = packageManager()!;
      const current = (await apt.installedVersions(['dpkg'])).get('dpkg')!;
      const wanted = [{ name: 'dpkg', version: current }];
      const end = await installUpdates({ packages: wanted, timeoutSeconds: 60 }, context(), apt);
      expect(end).toMatchObject({
        state: 'succeeded',
        exitCode: 0,
        packages: [{ name: 'dpkg', outcome: 'unchanged', versionAfter: current }],
      });
      expect(output).toContain('dpkg is already the newest version');
    },
    90_000,
  );
});
