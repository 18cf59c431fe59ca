import type { Context, Plugin } from '@bailiwick/sdk';
import type { Call, PullCall } from '../../invocation.ts';

type Run = (...values: never[]) => unknown;

/** Runs the function of the plugin that a call names. */
export function runCall(plugin: Plugin, connection: string, call: Call | PullCall, ctx: Context): unknown {
  const found = contribution(plugin, connection, call);
  switch (call.kind) {
    case 'check':
      return invoke(found, 'check', ctx);
    case 'discover':
      return invoke(found, 'discoverScopes', ctx);
    case 'options':
      return invoke(own(found, 'options') ?? {}, call.name, ctx);
    case 'read':
      return invoke(found, 'read', ctx, call.cursor);
    case 'plan':
    case 'verify':
      return invoke(found, call.kind, ctx, call.input);
    case 'apply':
      return invoke(found, 'apply', ctx, call.input, call.run);
    case 'undo':
      return invoke(found, 'undo', ctx, call.input, call.result);
    case 'route':
      return invoke(found, 'route', call.delivery);
    case 'handle':
      return invoke(found, 'handle', ctx, call.delivery);
    case 'event':
      return invoke(found, 'handle', ctx, call.event);
    case 'render':
      return invoke(found, 'render', ctx, call.params, call.subject);
  }
}

const lists = {
  read: 'streams',
  plan: 'actions',
  apply: 'actions',
  verify: 'actions',
  undo: 'actions',
  route: 'webhooks',
  handle: 'webhooks',
  event: 'subscribers',
  render: 'views',
} as const;

function contribution(plugin: Plugin, connection: string, call: Call | PullCall): object {
  if (call.kind === 'check' || call.kind === 'discover' || call.kind === 'options') {
    const type = plugin.connections.find(({ name }) => name === connection);
    if (type === undefined) throw new Error(`The plugin has no connection type "${connection}".`);
    return type;
  }
  const list = lists[call.kind];
  const found = plugin[list]?.find((one) => one.name === call.name && one.connection === connection);
  if (found === undefined) throw new Error(`The plugin has no "${call.name}" among the ${list} of "${connection}".`);
  return found;
}

function own(target: object, name: string): object | undefined {
  return Object.hasOwn(target, name) ? (Reflect.get(target, name) as object | undefined) : undefined;
}

function invoke(target: object, name: string, ...values: unknown[]): unknown {
  const run = own(target, name);
  if (typeof run !== 'function') throw new Error(`The plugin has no function "${name}" here.`);
  return Reflect.apply(run as Run, target, values);
}
