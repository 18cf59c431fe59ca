import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { CallFailed } from '../invocation.ts';
import { fixture, moduleOf } from './sandbox-fixture.ts';

const outcome = async (source: string, options: object = {}): Promise<string> => {
  await using running = await fixture(source, options);
  try {
    return await running.account();
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    return `${error.failure}: ${error.message}`;
  }
};

/** Runs text in a plugin's check and answers what came of it. */
const tried = async (attempt: string, before?: string): Promise<string> => outcome(moduleOf(attempt, before));

describe('what a plugin can find', () => {
  it.each(
    `process Buffer require fetch WebSocket EventSource XMLHttpRequest WebAssembly SharedArrayBuffer Atomics Worker MessageChannel BroadcastChannel performance
     navigator global setImmediate Blob File localStorage`.split(/\s+/),
  )('has no %s', async (name) => {
    expect(await tried(`return typeof globalThis['${name}'] + ' ' + ('${name}' in globalThis)`)).toBe(
      'undefined false',
    );
  });

  it('has the web: addresses, text, digests, streams, clones, time', async () => {
    const attempt = `
      const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(new URL('https://a.example/b').pathname));
      const copy = structuredClone({ at: Temporal.Instant.from(ctx.now).toString() });
      const body = await Array.fromAsync(new ReadableStream({ start(c) { c.enqueue(atob(btoa('x'))); c.close(); } }));
      await new Promise((resolve) => setTimeout(resolve, 5));
      const timer = setTimeout(() => {}, 1); clearTimeout(timer);
      return [new Uint8Array(digest).toHex().slice(0, 8), copy.at, body, typeof timer, new Intl.NumberFormat('de').format(1234.5)].join(' ');`;
    expect(await tried(attempt)).toBe('9812b0b9 2026-03-01T12:00:00Z x number 1.234,5');
  });

  it.each(
    `node:fs fs node:net node:dns node:dgram node:http node:child_process node:worker_threads node:module node:vm node:inspector node:process
     data:text/javascript,export{} http://127.0.0.1/x.mjs file:///etc/passwd ./main.mjs ./host-link.mjs`.split(/\s+/),
  )('imports no %s', async (specifier) => {
    expect(await tried(`return (await import('${specifier}')) ? 'in' : ''`)).toBe(
      'PluginBug: TypeError: A plugin is one module: it can import nothing.',
    );
    const asStatic = await outcome(`import * as inside from '${specifier}'; ${moduleOf('return typeof inside')}`);
    expect(asStatic).toMatch(/^PluginBug/);
  });

  it.each([`eval('1')`, `new Function('return 1')()`, `(async () => {}).constructor('return 1')()`, `setTimeout('1')`])(
    'makes no code from text: %s',
    async (code) => {
      expect(await tried(`return await ${code}`)).toMatch(/^PluginBug: (EvalError|TypeError|ReferenceError)/);
    },
  );

  it('finds no process through call sites, timers or errors', async () => {
    const attempt = `
      const found = [];
      Error.prepareStackTrace = (_, sites) => sites;
      const look = () => { for (const site of new Error('x').stack) found.push(site.getThis?.(), site.getFunction?.()); };
      look(); await new Promise((resolve) => setTimeout(() => { look(); resolve(); }, 1));
      return found.filter((one) => one !== undefined && one !== null && (one.pid !== undefined || one.send !== undefined || one.process !== undefined)).length`;
    expect(await tried(attempt)).toBe('0');
  });
});

describe('what a plugin can do to its host', () => {
  it('a polluted prototype inside changes nothing outside', async () => {
    const attempt = `
      Object.prototype.polluted = 'yes'; Array.prototype.toJSON = () => ['forged']; String.prototype.toJSON = () => 'forged';
      JSON.stringify = () => '{"kind":"done","id":"x"}';
      return JSON.parse('{"__proto__":{"admin":true}}').admin === undefined`;
    await tried(attempt);
    expect('polluted' in {}).toBe(false);
    expect(JSON.stringify(['a'])).toBe('["a"]');
  });

  it('an answer with __proto__, a getter that throws, or a proxy stays data or becomes an error', async () => {
    const more = (value: string): string =>
      moduleOf('', '').replace('return { account: String(await attempt(ctx)) }', `return ${value}`);
    await using pollution = await fixture(more(`JSON.parse('{"account":"a","__proto__":{"admin":true}}')`));
    await pollution.account();
    expect(Reflect.get({}, 'admin')).toBeUndefined();
    expect(await outcome(more(`{ get account() { throw new Error('gotcha') } }`))).toBe('PluginBug: Error: gotcha');
    expect(await outcome(more(`new Proxy({}, { ownKeys() { throw null } })`))).toMatch(/^PluginBug/);
    expect(await outcome(more(`{ account: 1n }`))).toMatch(/^PluginBug: TypeError/);
  });

  it.each([
    ['null', 'PluginBug: Error: threw null'],
    ['"text"', 'PluginBug: Error: threw text'],
    ['{ get name() { throw 1 } }', 'PluginBug: Error: threw [object Object]'],
    ['Object.assign(new Error("x"), { get message() { return "y" } })', 'PluginBug: Error: y'],
    ['Object.create(null)', 'PluginBug: Error: threw something that cannot be read'],
    ['Object.assign(new Error("gone"), { name: "ScopeGone" })', 'ScopeGone: gone'],
    ['Object.assign(new Error("mine"), { name: "SandboxViolation" })', 'PluginBug: SandboxViolation: mine'],
  ])('throws %s, and the host reads words', async (thrown, expected) => {
    expect(await tried(`throw ${thrown}`)).toBe(expected);
  });

  it('a rejection that nobody handles is a line for the author, and the call goes on', async () => {
    await using running = await fixture(
      moduleOf(`Promise.reject(new Error('stray')); await new Promise((r) => setTimeout(r, 20)); return 'on'`),
    );
    expect(await running.account()).toBe('on');
    expect(running.lines.map(({ message }) => message).join()).toContain('stray');
  });

  it.each([
    ['while (true);', 'a loop'],
    ['for (;;) await null;', 'a loop of microtasks'],
    ['/^(a+)+$/.test("a".repeat(60) + "b")', 'a pattern that explodes'],
  ])('is stopped in an endless %s', async (attempt) => {
    expect(await outcome(moduleOf(attempt), { stallSeconds: 1.5 })).toMatch(/^TimedOut: The plugin did nothing else/);
  });

  it.each([
    'const kept = []; for (;;) { kept.push(new Array(10000).fill({ a: kept.length })); await null; }',
    'const kept = []; for (;;) kept.push("x".repeat(1000) + Math.random());',
    'const kept = []; for (;;) { kept.push(new Uint8Array(50_000_000).fill(1)); await null; }',
  ])('is stopped at its cap of memory: %s', async (attempt) => {
    expect(await outcome(moduleOf(attempt), { stallSeconds: 60 })).toMatch(
      /^PluginBug: (The plugin took more memory|RangeError)/,
    );
  });

  it('a message of 100 MB stops it', async () => {
    expect(await tried(`return 'x'.repeat(100_000_000)`)).toMatch(/^(SandboxViolation|PluginBug: The plugin took)/);
    // To write so much takes seconds on a busy machine: it must not count as a stall.
    const roomy = { heapMegabytes: 512, stallSeconds: 60 };
    expect(await outcome(moduleOf(`return 'x'.repeat(100_000_000)`), roomy)).toBe(
      'SandboxViolation: The sandbox was stopped: a message is larger than 24 MiB.',
    );
  });

  it.each(['ctx.log.info("x")', 'console.log("x")', 'ctx.issues.raise({ id: "a", severity: "info", title: "A" })'])(
    'a flood of %s stops it',
    async (one) => {
      expect(
        await tried(
          `for (let i = 0; i < 20000; i += 1) ${one}; await new Promise((r) => setTimeout(r, 2000)); return 'through'`,
        ),
      ).toBe('SandboxViolation: The sandbox was stopped: it floods the host with messages.');
    },
  );

  it('a context does nothing after its call, whoever kept it', async () => {
    const source = moduleOf(
      `if (globalThis.kept === undefined) { globalThis.kept = ctx; return 'kept'; }
       const tries = [() => kept.http.get('x'), () => kept.log.info('x'), () => kept.issues.raise({})];
       return (await Promise.all(tries.map(async (one) => { try { return await one(); } catch (error) { return error.message; } }))).join('|');`,
    );
    await using running = await fixture(source);
    const asked: string[] = [];
    const http = async ({ url }: { url: string }) => {
      asked.push(url);
      return { status: 200, url, headers: {}, body: { text: '{}' } };
    };
    expect(await running.account({ http })).toBe('kept');
    expect(await running.account({ http })).toBe(
      Array(3).fill('This call has ended: its ctx does nothing any more.').join('|'),
    );
    expect(asked).toEqual([]);
  });

  it('a plugin that crashes again and again is started again only after a pause', async () => {
    await using running = await fixture(moduleOf('while (true);'), { stallSeconds: 0.6 });
    await expect(running.account()).rejects.toMatchObject({ failure: 'TimedOut' });
    await expect(running.account()).rejects.toMatchObject({ failure: 'TimedOut' });
    await expect(running.account()).rejects.toMatchObject({ failure: 'Transient' });
  });

  it('a request with options that are wrong is the author’s mistake, and no end of the sandbox', async () => {
    expect(
      await tried(
        `try { await ctx.http.get('x', { method: 'TRACE' }); return 'sent'; } catch (error) { return error.name + ' ' + error.message; }`,
      ),
    ).toMatch(/^TypeError request\.options\.method: /);
  });
});

/** As above, but with the runtime's own modules in hand, as if our part inside had failed: what the layers around it hold by themselves. */
describe('what stands when the sandbox inside has failed', () => {
  it('reaches no file, process, network or environment', async () => {
    const { insideOut } = await import('./layers-fixture.ts');
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const found = await insideOut(port, process.pid);
    server.close();
    expect(found).toEqual({
      file: 'ERR_ACCESS_DENIED',
      write: 'ERR_ACCESS_DENIED',
      exec: 'ERR_ACCESS_DENIED',
      worker: 'ERR_ACCESS_DENIED',
      connect: 'ERR_ACCESS_DENIED',
      listen: 'ERR_ACCESS_DENIED',
      dns: 'ERR_ACCESS_DENIED',
      udp: 'ERR_ACCESS_DENIED',
      unixSocket: 'ERR_ACCESS_DENIED',
      binding: 'ERR_ACCESS_DENIED',
      kill: expect.stringMatching(/ESRCH|EPERM/),
      environment: '',
    });
  });
});
