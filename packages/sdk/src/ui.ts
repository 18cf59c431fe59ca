import type { ConnectionType } from './connection-type.ts';
import type { Context } from './context.ts';
import type { ConfigOf, Json, Shape } from './field.ts';
import type { BoundTo } from './stream.ts';

/** Where a view stands in the console. */
export type Slot = 'client.tab/v1' | 'asset.tab/v1' | 'connection.tab/v1' | 'dashboard.widget/v1';

/** Text with a tone, which the console shows in its own colours. */
export type Tone = 'neutral' | 'good' | 'warning' | 'bad';

/** One cell of a table. */
export type Cell =
  | string
  | number
  | null
  | { readonly text: string; readonly tone?: Tone }
  | { readonly entity: string; readonly id: string; readonly text: string }
  | { readonly instant: string };

/** A part of a view. The console draws it with its own components; nothing in it is HTML. */
export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string; readonly tone?: Tone }
  | {
      readonly kind: 'stats';
      readonly items: readonly {
        readonly label: string;
        readonly value: string;
        readonly tone?: Tone;
        readonly hint?: string;
      }[];
    }
  | {
      readonly kind: 'table';
      readonly title?: string;
      readonly columns: readonly { readonly label: string; readonly align?: 'start' | 'end' }[];
      readonly rows: readonly (readonly Cell[])[];
      readonly empty?: string;
    }
  | {
      readonly kind: 'timeline';
      readonly title?: string;
      readonly items: readonly { readonly at: string; readonly text: string; readonly tone?: Tone }[];
    }
  | {
      readonly kind: 'chart';
      readonly title: string;
      readonly unit?: string;
      readonly series: readonly {
        readonly label: string;
        readonly points: readonly (readonly [at: string, value: number | null])[];
      }[];
    }
  | { readonly kind: 'entity-link'; readonly entity: string; readonly id: string; readonly text: string }
  /** Opens the action's form, filled with `input`; the person plans and applies as always. */
  | {
      readonly kind: 'action-button';
      readonly action: string;
      readonly label: string;
      readonly input?: Readonly<Record<string, Json>>;
    }
  /** Asks for values and draws the view again with them as `params`. */
  | { readonly kind: 'form'; readonly fields: Shape; readonly submit: string };

/** A page or a part of one, made of blocks. */
export interface View<S extends Shape = Shape> {
  /** Kebab case; never changes. */
  readonly name: string;
  readonly label: string;
  readonly slot: Slot;
  /**
   * At most 200 blocks and 256 KiB, within 20 seconds; it may read at the vendor and write nothing there. Called with the bound scope in client and asset slots. `params` are what
   * the person gave to the view's form, or what its frame sent: check them.
   */
  render(
    ctx: Context<ConfigOf<S>>,
    params: Readonly<Record<string, Json>>,
    subject: { readonly device?: string },
  ): Promise<readonly Block[]>;
}

/**
 * Defines a view for a connection type.
 *
 * @example
 * const overview = defineView(account, {
 *   name: 'overview',
 *   label: 'Acme',
 *   slot: 'client.tab/v1',
 *   async render(ctx) {
 *     const { used } = await ctx.http.get<{ used: number }>(`sites/${scopeOf(ctx).id}/usage`);
 *     return [{ kind: 'stats', items: [{ label: 'Used', value: String(used) }] }];
 *   },
 * });
 */
export function defineView<S extends Shape>(connection: ConnectionType<S>, view: View<S>): BoundTo<View<S>> {
  return { ...view, connection: connection.name };
}

/**
 * The way out where blocks do not suffice: one HTML page in a frame of an opaque origin, without network. It talks to the console by
 * `parent.postMessage(message, '*')`: `{ call: 'render', params }` draws its `view` and answers `{ call: 'render', blocks }`, one at a time;
 * `{ call: 'open', entity, id }` opens a record once the person has clicked in the frame, and answers `{ call: 'open', isOpen: true }`. Either answers
 * `{ call, error }` where it cannot. A `request` of the frame's own, text or number, stands in the answer. Messages beyond 20 at once and one a second after
 * that, or with other fields, get no answer.
 */
export interface Frame {
  /** Kebab case; never changes. */
  readonly name: string;
  readonly label: string;
  readonly slot: Slot;
  /** The name of the view whose data it may ask for: bound to a scope like the frame's own slot, or to none like it. */
  readonly view: string;
  /** The whole page, at most 512 KiB, scripts and styles inside. */
  readonly html: string;
}

/**
 * Defines a frame for a connection type.
 *
 * @example
 * const map = defineFrame(account, { name: 'map', label: 'Map', slot: 'client.tab/v1', view: 'overview', html: '<p>…</p>' });
 */
export function defineFrame<S extends Shape>(connection: ConnectionType<S>, frame: Frame): BoundTo<Frame> {
  return { ...frame, connection: connection.name };
}
