import type { Plugin } from '@bailiwick/sdk';

/**
 * Everything of a plugin that is not a function, as the host's PluginDescription has it. It runs beside the plugin's code, so the host checks what it
 * says (`readDescription`). It uses nothing but the language: inside the sandbox there is nothing else.
 */
export function describe(plugin: Plugin): unknown {
  const { connections, streams = [], actions = [], webhooks = [], subscribers = [], views = [], frames = [] } = plugin;
  return {
    connections: connections.map((connection) => ({
      limits: [],
      headers: {},
      ...data(connection),
      discoversScopes: isFunction(connection.discoverScopes),
      options: Object.keys(connection.options ?? {}),
    })),
    streams: streams.map((stream) => ({ cursorVersion: 0, ...data(stream) })),
    actions: actions.map((action) => ({
      output: {},
      ...data(action),
      canVerify: isFunction(action.verify),
      canUndo: isFunction(action.undo),
    })),
    webhooks: webhooks.map((webhook) => ({ ...data(webhook), routes: isFunction(webhook.route) })),
    subscribers: subscribers.map(data),
    views: views.map(data),
    frames: frames.map(data),
  };
}

function data(contribution: object): object {
  return Object.fromEntries(
    Object.entries(contribution).filter(([, value]) => value !== undefined && !isFunction(value)),
  );
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}
