import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { PluginError } from '@bailiwick/sdk';
import { describe, expect, it } from 'vitest';
import { CallFailed, type Call } from '../invocation.ts';
import { PluginPool } from './plugin-pool.ts';
import { bindingOf, fixture, moduleOf, servicesOf } from './sandbox-fixture.ts';
import { describePlugin } from './start-plugin.ts';

const delivery = { id: 'd1', headers: {}, query: {}, body: '{}', json: {} };
const plan = { summary: 'p', changes: [], affected: [], isReversible: true, disruption: 'none' as const };

const everything = `
const bound = { connection: 'account' };
export default {
  connections: [{ name: 'account', label: 'Account', config: { region: { kind: 'text', options: 'regions' } }, baseUrl: 'https://vendor.example/', auth: { kind: 'none' },
    async check(ctx) { return { account: ctx.config.region + ' ' + ctx.now + ' ' + (ctx.state === undefined) }; },
    async *discoverScopes() { yield [{ id: 'a', name: 'A', kind: 'site' }]; yield [{ id: 'b', name: 'B', kind: 'site' }]; },
    options: { async regions() { return [{ value: 'eu', label: 'Europe' }]; } } }],
  streams: [{ ...bound, name: 'devices', label: 'Devices', entity: 'device', mode: 'full', grain: 'scope', every: 'PT5M',
    async *read(ctx, cursor) {
      try {
        for (let page = cursor ?? 0; page < 50; page += 1) {
          const { url } = await ctx.http.get(ctx.scope.id + '/' + page);
          await ctx.state.set('page', page);
          yield { upserts: [{ id: url, data: { name: await ctx.state.get('page') + '' } }], cursor: page + 1 };
        }
      } finally { ctx.signal.aborted || ctx.log.info('left'); }
    } }],
  actions: [{ ...bound, name: 'reboot', label: 'Reboot', input: {}, effect: 'execute', grain: 'scope', idempotency: 'none',
    async plan(ctx, input) { return { summary: input.target }; },
    async apply(ctx, input, run) { return { summary: run.actor + ' ' + run.plan.summary }; },
    async verify() { return { holds: true }; },
    async undo(ctx, input, result) { return { summary: 'undid ' + result.summary }; } }],
  webhooks: [{ ...bound, name: 'alerts', label: 'Alerts', setUp: 'Paste {url}.', verify: { kind: 'address' },
    route(delivery) { return delivery.id; }, async handle() { return { nudge: ['devices'] }; } }],
  subscribers: [{ ...bound, name: 'tell', label: 'Tell', events: ['alert.raised'], async handle() {} }],
  views: [{ ...bound, name: 'page', label: 'Page', slot: 'client.tab/v1', async render(ctx, params) { return [{ kind: 'text', text: params.text }]; } }],
};`;

/** The copy of the SDK's errors that a bundle carries. */
const errorsOfSdk = stripTypeScriptTypes(
  readFileSync(join(import.meta.dirname, '../../../sdk/src/errors.ts'), 'utf8'),
).replaceAll('export ', '');

const event = { id: 'e', name: 'alert.raised', data: {} } as unknown as Extract<Call, { kind: 'event' }>['event'];

describe('startPlugin', () => {
  it.each<[Call, unknown]>([
    [{ kind: 'check' }, { account: 'eu 2026-03-01T12:00:00Z true' }],
    [{ kind: 'options', name: 'regions' }, [{ value: 'eu', label: 'Europe' }]],
    [{ kind: 'plan', name: 'reboot', input: { target: 'x' } }, { summary: 'x' }],
    [
      { kind: 'apply', name: 'reboot', input: {}, run: { idempotencyKey: 'k', plan, actor: 'Ada' } },
      { summary: 'Ada p' },
    ],
    [{ kind: 'verify', name: 'reboot', input: {} }, { holds: true }],
    [{ kind: 'undo', name: 'reboot', input: {}, result: { summary: 'it' } }, { summary: 'undid it' }],
    [{ kind: 'route', name: 'alerts', delivery }, 'd1'],
    [{ kind: 'handle', name: 'alerts', delivery }, { nudge: ['devices'] }],
    [{ kind: 'event', name: 'tell', event }, undefined],
    [{ kind: 'render', name: 'page', params: { text: '<b>' }, subject: {} }, [{ kind: 'text', text: '<b>' }]],
  ])('answers %j', async (call, expected) => {
    await using running = await fixture(everything);
    expect(await running.plugin.call(call, { binding: bindingOf(), services: servicesOf() })).toEqual(expected);
  });

  it('pulls batch by batch, from a cursor, and ends the read where the caller leaves', async () => {
    await using running = await fixture(everything);
    const lines: string[] = [];
    const services = servicesOf({ log: (_, message) => lines.push(message) });
    const batches: unknown[] = [];
    const binding = bindingOf('s', { state: true });
    for await (const batch of running.plugin.pull(
      { kind: 'read', name: 'devices', cursor: 7 },
      { binding, services },
    )) {
      batches.push(batch);
      if (batches.length === 2) break;
    }
    expect(batches).toMatchObject([{ upserts: [{ id: 's/7' }] }, { upserts: [{ id: 's/8' }], cursor: 9 }]);
    expect(await running.account()).toContain('eu');
    const discovered = await Array.fromAsync(
      running.plugin.pull({ kind: 'discover' }, { binding: bindingOf(), services }),
    );
    expect(discovered.flat().map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('keeps eight interleaved scopes apart', async () => {
    await using running = await fixture(everything);
    const seen = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        const state = new Map<string, unknown>();
        const services = servicesOf({
          http: async ({ url }) => {
            await new Promise((resolve) => setTimeout(resolve, (index * 7 + url.length) % 5));
            return { status: 200, url, headers: {}, body: { text: JSON.stringify({ url: `${index}:${url}` }) } };
          },
          stateGet: async (key) => state.get(key) as number,
          stateSet: async (key, value) => void state.set(key, value),
        });
        const ids: string[] = [];
        const binding = bindingOf(`scope-${index}`, { state: true });
        for await (const batch of running.plugin.pull(
          { kind: 'read', name: 'devices', cursor: undefined },
          { binding, services },
        ))
          ids.push((batch as { upserts: { id: string }[] }).upserts[0]!.id);
        return ids;
      }),
    );
    for (const [index, ids] of seen.entries())
      expect(ids).toEqual(Array.from({ length: 50 }, (_, page) => `${index}:scope-${index}/${page}`));
  });

  it('throws a typed error of the host again inside, and hands a typed error out', async () => {
    await using running = await fixture(
      moduleOf(
        `try { await ctx.http.get('x'); } catch (error) { error.message = error.name + error.details.retryAfterSeconds; throw error; }`,
      ),
    );
    const http = async (): Promise<never> => {
      throw new PluginError('RateLimited', 'wait', { retryAfterSeconds: 9 });
    };
    await expect(running.account({ http })).rejects.toMatchObject({
      failure: 'RateLimited',
      message: 'RateLimited9',
      details: { retryAfterSeconds: 9 },
    });
  });

  it.each([
    'AuthFailed',
    'PermissionMissing',
    'RateLimited',
    'Transient',
    'ScopeGone',
    'ConfigInvalid',
    'NotSupported',
    'VendorBug',
  ] as const)('lets a plugin catch %s of the host by the class that its bundle carries', async (name) => {
    await using running = await fixture(
      moduleOf(
        `try { await ctx.http.get('x'); } catch (error) {
             class Own extends ${name} {}
             const classes = { AuthFailed, PermissionMissing, RateLimited, Transient, ScopeGone, ConfigInvalid, NotSupported, VendorBug, PluginError, Own };
             const own = new Own('a', 'b');
             const fits = Object.entries(classes).filter(([, one]) => error instanceof one).map(([key]) => key);
             return [fits.join(), own instanceof Own, own instanceof ${name}, new Error('x') instanceof PluginError].join(' ');
           }`,
        errorsOfSdk,
      ),
    );
    const http = async (): Promise<never> => {
      throw new PluginError(name, 'no');
    };
    expect(await running.account({ http })).toBe(`${name},PluginError true true false`);
  });

  it('tells nothing of an error of the host that is not typed', async () => {
    await using running = await fixture(
      moduleOf(`try { await ctx.http.get('x'); } catch (error) { return error.name + ': ' + error.message; }`),
    );
    const http = async (): Promise<never> => {
      throw new Error('password=hunter2');
    };
    expect(await running.account({ http })).toBe('Transient: The host could not do this now.');
  });

  it('ends a call that is aborted or late, and what the services do for it', async () => {
    await using running = await fixture(moduleOf(`await ctx.http.get('slow'); return 'done'`));
    // Started before, so that both clocks run inside the call.
    await running.account();
    const ended: string[] = [];
    const services = servicesOf({
      http: async (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            ended.push('http');
            reject(new Error('aborted'));
          });
        }),
    });
    const options = { binding: bindingOf(), services };
    const aborted = running.plugin.call({ kind: 'check' }, { ...options, signal: AbortSignal.timeout(500) });
    await expect(aborted).rejects.toMatchObject({ failure: 'Aborted' });
    await expect(running.plugin.call({ kind: 'check' }, { ...options, timeoutSeconds: 0.5 })).rejects.toMatchObject({
      failure: 'TimedOut',
    });
    expect(ended).toEqual(['http', 'http']);
    expect(await running.account()).toBe('done');
  });

  it('stops when nobody calls, and starts again with the next call', async () => {
    await using running = await fixture(
      moduleOf(`globalThis.count = (globalThis.count ?? 0) + 1; return globalThis.count`),
      { idleSeconds: 0.2 },
    );
    expect([await running.account(), await running.account()]).toEqual(['1', '2']);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await running.account()).toBe('1');
  });
});

describe.runIf(process.platform === 'linux')('a host that is killed', () => {
  it('takes a sandbox along that loops without end', async () => {
    await using running = await fixture(moduleOf('while (true);'));
    const host = spawn(process.execPath, ['--input-type=module', '-e', dyingHost(running.bundle)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = (await once(host.stdout.setEncoding('utf8'), 'data')) as [string];
    const group = Number(line);
    expect(isAlive(group)).toBe(true);
    host.kill('SIGKILL');
    await once(host, 'close');
    await expect.poll(() => isAlive(group), { timeout: 5000 }).toBe(false);
  });
});

/** Starts the plugin, tells the process group of its sandbox, and waits for its own end. */
const dyingHost = (bundle: string): string => `
import { startPlugin } from ${JSON.stringify(join(import.meta.dirname, 'start-plugin.ts'))};
import { bindingOf, servicesOf } from ${JSON.stringify(join(import.meta.dirname, 'sandbox-fixture.ts'))};
import { execFileSync } from 'node:child_process';
startPlugin({ bundle: ${JSON.stringify(bundle)}, stallSeconds: 60 }).call({ kind: 'check' }, { binding: bindingOf(), services: servicesOf() });
setTimeout(() => process.stdout.write(execFileSync('pgrep', ['-P', String(process.pid)]).toString().split('\\n')[0]), 1500);`;

function isAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

describe('describePlugin', () => {
  it('tells all that is not a function', async () => {
    await using running = await fixture(everything);
    const description = await describePlugin(running.bundle);
    expect(description.connections).toMatchObject([{ name: 'account', discoversScopes: true, options: ['regions'] }]);
    expect(description.actions).toMatchObject([{ name: 'reboot', canVerify: true, canUndo: true, output: {} }]);
    expect(description.webhooks).toMatchObject([{ routes: true }]);
  });

  it('refuses intervals, names and fields that no plugin may have', async () => {
    const described = async (from: string, to: string): Promise<unknown> => {
      await using running = await fixture(everything.replace(from, to));
      return await describePlugin(running.bundle);
    };
    await expect(described("'PT5M'", "'PT5S'")).rejects.toThrow(/every/);
    await expect(described("name: 'devices'", "name: 'De vices'")).rejects.toThrow(/kebab/);
    await expect(described("name: 'devices'", "color: 1, name: 'devices'")).rejects.toThrow(/color/);
    await expect(described("{ connection: 'account' }", "{ connection: 'other' }")).rejects.toThrow(/connection type/);
    await expect(described('export default', 'export const other =')).rejects.toThrow(CallFailed);
  });
});

describe('PluginPool', () => {
  it('keeps to its number of processes, and stops the one unused for longest', async () => {
    await using running = await fixture(
      moduleOf(`globalThis.count = (globalThis.count ?? 0) + 1; return globalThis.count`),
    );
    await using pool = new PluginPool({ maxProcesses: 2 });
    const check = async (key: string): Promise<string> => {
      const answer = await pool
        .get(key, running.bundle)
        .call({ kind: 'check' }, { binding: bindingOf(), services: servicesOf() });
      return answer.account;
    };
    expect([await check('a'), await check('b'), await check('a'), await check('c')]).toEqual(['1', '1', '2', '1']);
    expect(pool.processes).toBe(2);
    expect([await check('a'), await check('b')]).toEqual(['3', '1']);
    expect(await Promise.all(['d', 'e', 'f', 'g'].map(check))).toEqual(['1', '1', '1', '1']);
    expect(pool.processes).toBeLessThanOrEqual(2);
  });
});
