import type { ConnectionType } from './connection-type.ts';
import type { Context } from './context.ts';
import type { ConfigOf, Shape } from './field.ts';
import type { BoundTo } from './stream.ts';

/** What happens in the platform that a plugin may be told of, for the clients for which it is enabled. */
export interface CoreEvents {
  'alert.raised': AlertEvent;
  'alert.acknowledged': AlertEvent;
  'alert.recovered': AlertEvent;
  'ticket.opened': TicketEvent;
  'ticket.changed': TicketEvent;
  'invoice.approved': InvoiceEvent;
}

/** An alert, as a plugin may know it. */
export interface AlertEvent {
  readonly alertId: string;
  readonly title: string;
  readonly message: string;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly client: string;
  readonly device: string | null;
  /** The id of the plugin's own alert record, where this plugin delivered it. */
  readonly recordId: string | null;
  readonly at: string;
}

/** A ticket, as a plugin may know it. */
export interface TicketEvent {
  readonly ticketId: string;
  readonly number: number;
  readonly subject: string;
  readonly status: string;
  readonly priority: number;
  readonly client: string;
  readonly at: string;
}

/** An invoice, as a plugin may know it. Amounts are decimals in digits. */
export interface InvoiceEvent {
  readonly invoiceId: string;
  readonly number: string;
  readonly client: string;
  readonly currency: string;
  readonly total: string;
  readonly lines: readonly { readonly description: string; readonly quantity: string; readonly amount: string }[];
  readonly at: string;
}

/** The name of an event of the platform. */
export type CoreEventName = keyof CoreEvents;

/** One event: delivered at least once, so `id` tells a second time. */
export interface CoreEvent<N extends CoreEventName = CoreEventName> {
  readonly id: string;
  readonly name: N;
  readonly data: CoreEvents[N];
}

/** Reacts to what happens in the platform: a notification, an export, a suggestion. */
export interface Subscriber<S extends Shape = Shape, N extends CoreEventName = CoreEventName> {
  /** Kebab case; never changes. */
  readonly name: string;
  readonly label: string;
  readonly events: readonly N[];
  /** Thrown Transient and RateLimited are tried again; other errors are not. */
  handle(ctx: Context<ConfigOf<S>>, event: CoreEvent<N>): Promise<void>;
}

/**
 * Defines a subscriber for a connection type.
 *
 * @example
 * const notify = defineSubscriber(account, {
 *   name: 'alerts-to-channel',
 *   label: 'Alerts to a channel',
 *   events: ['alert.raised'],
 *   async handle(ctx, event) {
 *     await ctx.http.post('messages', { text: `${event.data.client}: ${event.data.title}` });
 *   },
 * });
 */
export function defineSubscriber<S extends Shape, const N extends CoreEventName>(
  connection: ConnectionType<S>,
  subscriber: Subscriber<S, N>,
): BoundTo<Subscriber<S, N>> {
  return { ...subscriber, connection: connection.name };
}
