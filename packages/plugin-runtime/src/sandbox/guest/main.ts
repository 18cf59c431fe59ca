import type { Plugin } from '@bailiwick/sdk';
import type { Binding, Call, PullCall } from '../../invocation.ts';
import { describe } from '../../rules/describe.ts';
import { leaveOnlyTheWeb } from './bare-globals.ts';
import { GuestCall } from './guest-call.ts';
import { toSent, type SentError } from './guest-error.ts';
import { listen, send } from './host-link.ts';

/** What the host sends. */
type HostMessage =
  | { readonly kind: 'call'; readonly id: string; readonly call: Call | PullCall; readonly binding: Binding }
  | { readonly kind: 'next' | 'end' | 'describe'; readonly id: string }
  | {
      readonly kind: 'reply';
      readonly id: string;
      readonly seq: number;
      readonly value?: unknown;
      readonly error?: SentError;
    }
  | { readonly kind: 'ping' };

const bundleUrl = new URL('plugin.mjs', import.meta.url).href;
const calls = new Map<string, GuestCall>();

// A stray rejection or exception is a line for the author, and no end of the calls beside it.
const stray = (error: unknown): void =>
  send({
    kind: 'console',
    level: 'warn',
    message: `Uncaught: ${toSent(error).stack || toSent(error).message}`.slice(0, 2000),
  });
process.on('uncaughtException', stray);
process.on('unhandledRejection', stray);
leaveOnlyTheWeb(bundleUrl);

const plugin = load();
// Without a host yet, a module that does not load is told with the first call.
plugin.catch(() => {});
listen((message: HostMessage) => void receive(message));

async function load(): Promise<Plugin> {
  const module: { readonly default?: Plugin } = await import(bundleUrl);
  if (typeof module.default?.connections?.map !== 'function')
    throw new TypeError('The default export is no plugin: write export default definePlugin({ … }).');
  return module.default;
}

async function receive(message: HostMessage): Promise<void> {
  switch (message.kind) {
    case 'ping':
      return send({ kind: 'pong' });
    case 'reply':
      return calls.get(message.id)?.answered(message.seq, message.value, message.error);
    case 'next':
      return calls.get(message.id)?.next();
    case 'end':
      return calls.get(message.id)?.end();
    case 'describe':
      return start(message.id, async () => send({ kind: 'done', id: message.id, value: describe(await plugin) }));
    case 'call':
      return start(message.id, async () => {
        const call = new GuestCall(message.id, () => calls.delete(message.id));
        calls.set(message.id, call);
        await call.run(await plugin, message.call, message.binding);
      });
  }
}

async function start(id: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    send({ kind: 'failed', id, ...toSent(error) });
  }
}
