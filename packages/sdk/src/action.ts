import type { ConnectionType } from './connection-type.ts';
import type { Context } from './context.ts';
import type { ConfigOf, Json, ObjectOf, Shape } from './field.ts';
import type { BoundTo } from './stream.ts';

/** What an action does to the vendor's side; the policy of the MSP is written in these words. */
export type ActionEffect = 'read' | 'create' | 'update' | 'delete' | 'execute';

/** One change that an action would make. */
export interface PlannedChange {
  /** What changes: `Sign-in of Ada Lovelace`. */
  readonly what: string;
  readonly from?: string;
  readonly to?: string;
}

/** What `apply` would do. Two plans that say the same are the same: nothing in it may be random or a time. */
export interface ActionPlan {
  /** One sentence, as a person would approve it. */
  readonly summary: string;
  readonly changes: readonly PlannedChange[];
  /** The records that it touches. The host counts devices, users, scopes and clients from them. */
  readonly affected: readonly { readonly entity: string; readonly id: string }[];
  readonly isReversible: boolean;
  /** What people will notice meanwhile: nothing, a short interruption, an outage. */
  readonly disruption: 'none' | 'brief' | 'outage';
}

/** What an action did. */
export interface ActionResult {
  /** One sentence. */
  readonly summary: string;
  /** Fields of the action's `output`. */
  readonly output?: Readonly<Record<string, Json>>;
  /** Steps that failed while others were done. Empty or absent: all done. */
  readonly failures?: readonly string[];
}

/** A change at the vendor that a person, or a rule of the MSP, may ask for. */
export interface Action<S extends Shape = Shape, I extends Shape = Shape> {
  /** Kebab case; never changes. */
  readonly name: string;
  readonly label: string;
  /** What it is for, in a sentence. */
  readonly help?: string;
  readonly input: I;
  readonly output?: Shape;
  readonly effect: ActionEffect;
  /** `scope`: in one mapped scope. `connection`: on the account itself; for staff that reach all clients. */
  readonly grain: 'connection' | 'scope';
  /** The type of record that the action is offered on; its id is then the input field `target`. */
  readonly target?: string;
  /** `natural`: twice is once. `key`: the host's key is sent to the vendor. `none`: never retried. */
  readonly idempotency: 'natural' | 'key' | 'none';
  /** Reads what is, and says what would change. It must not write: the host refuses requests that could. */
  plan(ctx: Context<ConfigOf<S>>, input: ObjectOf<I>): Promise<ActionPlan>;
  /** Does it. The host has planned again and found the same plan. */
  apply(
    ctx: Context<ConfigOf<S>>,
    input: ObjectOf<I>,
    run: { readonly idempotencyKey: string; readonly plan: ActionPlan; readonly actor: string },
  ): Promise<ActionResult>;
  /** Reads back whether it holds. */
  verify?(
    ctx: Context<ConfigOf<S>>,
    input: ObjectOf<I>,
  ): Promise<{ readonly holds: boolean; readonly detail?: string }>;
  /** Takes it back. */
  undo?(ctx: Context<ConfigOf<S>>, input: ObjectOf<I>, result: ActionResult): Promise<ActionResult>;
}

/**
 * Defines an action for a connection type.
 *
 * @example
 * const reboot = defineAction(account, {
 *   name: 'reboot',
 *   label: 'Reboot',
 *   input: { target: field.entity('device') },
 *   effect: 'execute',
 *   grain: 'scope',
 *   target: 'device',
 *   idempotency: 'none',
 *   async plan(ctx, input) {
 *     const device = await ctx.http.get<{ name: string }>(`devices/${input.target}`);
 *     return {
 *       summary: `Reboot ${device.name}`,
 *       changes: [{ what: device.name, to: 'restarted' }],
 *       affected: [{ entity: 'device', id: input.target }],
 *       isReversible: false,
 *       disruption: 'outage',
 *     };
 *   },
 *   async apply(ctx, input) {
 *     await ctx.http.request(`devices/${input.target}/reboot`, { method: 'POST' });
 *     return { summary: 'Asked for a reboot.' };
 *   },
 * });
 */
export function defineAction<S extends Shape, const I extends Shape>(
  connection: ConnectionType<S>,
  action: Action<S, I>,
): BoundTo<Action<S, I>> {
  return { ...action, connection: connection.name };
}
