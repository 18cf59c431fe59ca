import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Binding, RunningPlugin, Services } from '../invocation.ts';
import type { SandboxLine } from './sandbox-process.ts';
import { startPlugin, type StartOptions } from './start-plugin.ts';

/** A plugin from source text, running for a test. */
export interface RunningFixture extends AsyncDisposable {
  readonly plugin: RunningPlugin;
  readonly bundle: string;
  readonly lines: readonly SandboxLine[];
  /** What its `check` answers as the account; it runs `attempt` where the source is only that. */
  account(services?: Partial<Services>): Promise<string>;
}

/** The module of a plugin whose `check` runs this text, an async function's body with `ctx`; what it returns is the account. */
export function moduleOf(attempt: string, before = '', more = ''): string {
  return `${before}
const attempt = async (ctx) => { ${attempt} };
export default { connections: [{ name: 'account', label: 'Account', config: {}, baseUrl: 'https://vendor.example/', auth: { kind: 'none' },
  async check(ctx) { return { account: String(await attempt(ctx)) }; } }] ${more} };`;
}

export async function fixture(source: string, options: Partial<StartOptions> = {}): Promise<RunningFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'bailiwick-fixture-'));
  const bundle = join(folder, 'plugin.mjs');
  await writeFile(bundle, source);
  const lines: SandboxLine[] = [];
  const plugin = startPlugin({ bundle, stallSeconds: 3, log: (line) => lines.push(line), ...options });
  return {
    plugin,
    bundle,
    lines,
    account: async (given) => {
      const answer = await plugin.call({ kind: 'check' }, { binding: bindingOf(), services: servicesOf(given) });
      return answer.account;
    },
    [Symbol.asyncDispose]: async () => {
      await plugin.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function bindingOf(scope: string | null = null, grants = { state: false }): Binding {
  return {
    connection: 'account',
    config: { region: 'eu' },
    scope: scope === null ? null : { id: scope, name: scope, kind: 'site' },
    now: '2026-03-01T12:00:00Z',
    seed: 7,
    grants,
  };
}

export function servicesOf(given: Partial<Services> = {}): Services {
  return {
    http: async ({ url }) => ({ status: 200, url, headers: {}, body: { text: JSON.stringify({ url }) } }),
    stateGet: async () => undefined,
    stateSet: async () => {},
    stateDelete: async () => {},
    log: () => {},
    raiseIssue: () => {},
    ...given,
  };
}
