import type { Action } from './action.ts';
import type { ConnectionType } from './connection-type.ts';
import type { BoundTo, Stream } from './stream.ts';
import type { Subscriber } from './subscriber.ts';
import type { Frame, View } from './ui.ts';
import type { WebhookSource } from './webhook.ts';

/**
 * Everything that a plugin contributes. Contributions are functions of different configurations; what they take is erased here, and
 * checked where they are defined.
 */
export interface Plugin {
  readonly connections: readonly Erased<ConnectionType>[];
  readonly streams?: readonly Erased<BoundTo<Stream>>[];
  readonly actions?: readonly Erased<BoundTo<Action>>[];
  readonly webhooks?: readonly Erased<BoundTo<WebhookSource>>[];
  readonly subscribers?: readonly Erased<BoundTo<Subscriber>>[];
  readonly views?: readonly Erased<BoundTo<View>>[];
  readonly frames?: readonly BoundTo<Frame>[];
}

/** A contribution whose functions take any context: `never` as parameter accepts every one. */
export type Erased<Contribution> = {
  readonly [K in keyof Contribution]: Contribution[K] extends ((...args: infer A) => infer R) | undefined
    ? ((...args: { [I in keyof A]: never }) => R) | Extract<Contribution[K], undefined>
    : K extends 'options'
      ? object | undefined
      : Contribution[K];
};

/**
 * The plugin itself: the default export of its module.
 *
 * @example
 * export default definePlugin({ connections: [account], streams: [devices], actions: [reboot] });
 */
export function definePlugin(plugin: Plugin): Plugin {
  return plugin;
}
