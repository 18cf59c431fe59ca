import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sandboxLayers, startPlugin, type CallOptions } from '@bailiwick/plugin-runtime';
import { median, progress, report } from './figures.ts';

const ROUNDS = 15;
const CALLS = 300;

const source = `export default { connections: [{ name: 'a', label: 'A', config: {}, baseUrl: 'https://vendor.example/', auth: { kind: 'none' },
  async check(ctx) { await ctx.http.get('me'); return { account: 'a' }; } }] };`;

const options: CallOptions = {
  binding: { connection: 'a', config: {}, scope: null, now: '2026-03-01T12:00:00Z', seed: 1, grants: { state: false } },
  services: {
    http: async ({ url }) => ({ status: 200, url, headers: {}, body: { text: page } }),
    stateGet: async () => undefined,
    stateSet: async () => {},
    stateDelete: async () => {},
    log: () => {},
    raiseIssue: () => {},
  },
};

/** A page of 100 records. */
const page = JSON.stringify(
  Array.from({ length: 100 }, (_, index) => ({ id: index, name: `device-${index}`, kind: 'server' })),
);

/** From nothing to a plugin's first answer, against a bare Node process that starts and says one word; then a call with one request. */
export async function benchPluginStart(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bailiwick-bench-'));
  const bundle = join(folder, 'plugin.mjs');
  await writeFile(bundle, source);
  progress(`plugin-start: layers ${JSON.stringify(await sandboxLayers())}`);
  const ours: number[] = [];
  const bare: number[] = [];
  const calls: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const bareMs = await timed(bareStart);
    const plugin = startPlugin({ bundle });
    const oursMs = await timed(async () => plugin.call({ kind: 'check' }, options));
    if (round > 0) {
      bare.push(bareMs);
      ours.push(oursMs);
    } else
      for (let call = 0; call < CALLS; call += 1)
        calls.push(await timed(async () => plugin.call({ kind: 'check' }, options)));
    await plugin.stop();
  }
  await rm(folder, { recursive: true });
  const bench = 'plugin-start';
  report({ bench, metric: 'first answer, median', value: median(ours), unit: 'ms', baseline: median(bare) });
  report({ bench, metric: 'call with one request, median', value: median(calls), unit: 'ms' });
}

async function bareStart(): Promise<void> {
  const child = spawn(process.execPath, ['-e', 'process.stdout.write("x")'], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  await once(child, 'close');
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}
