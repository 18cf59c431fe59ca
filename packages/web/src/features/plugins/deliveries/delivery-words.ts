import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#web/app/api/app-router.ts';
import type { State } from '#web/ui/status-pill/status-pill.tsx';

type Outputs = inferRouterOutputs<AppRouter>['plugin-events'];
export type Webhook = Outputs['listWebhooks']['items'][number];
export type Delivery = Outputs['listDeliveries']['items'][number];
export type EventDelivery = Outputs['listEventDeliveries']['items'][number];

interface Word {
  readonly word: string;
  readonly state: State;
}

export const DELIVERY_STATES: Readonly<Record<Delivery['state'], Word>> = {
  waiting: { word: 'Waits', state: 'info' },
  done: { word: 'Taken', state: 'ok' },
  quarantined: { word: 'In quarantine', state: 'warning' },
  unroutable: { word: 'Nobody’s', state: 'warning' },
  failed: { word: 'Failed', state: 'critical' },
};

export const EVENT_STATES: Readonly<Record<EventDelivery['state'], Word>> = {
  waiting: { word: 'Waits', state: 'info' },
  done: { word: 'Told', state: 'ok' },
  dropped: { word: 'Left out', state: 'neutral' },
  failed: { word: 'Failed', state: 'critical' },
};

const EVENTS: Readonly<Record<string, string>> = {
  'alert.raised': 'Alert raised',
  'alert.acknowledged': 'Alert acknowledged',
  'alert.recovered': 'Alert recovered',
  'ticket.opened': 'Ticket opened',
  'ticket.changed': 'Ticket changed',
  'invoice.approved': 'Invoice approved',
};

/** `alert.raised` as "Alert raised"; an event that is newer than this page as it is. */
export function eventWords(event: string): string {
  return EVENTS[event] ?? event;
}

export const VERIFICATIONS: Readonly<Record<Webhook['verification'], string>> = {
  'standard-webhooks': 'by a signature over text and time',
  hmac: 'by a signature',
  header: 'by a secret in its head',
  body: 'by a secret in its text',
  basic: 'by a name and password',
  address: 'by the address alone: who knows it can deliver',
};

/** What a delivery did, counted: "2 new, 1 changed"; empty where it did nothing. */
export function deliveryGist(delivery: Pick<Delivery, 'added' | 'changed' | 'deleted' | 'refused' | 'nudged'>): string {
  return [
    [delivery.added, 'new'],
    [delivery.changed, 'changed'],
    [delivery.deleted, 'gone'],
    [delivery.refused, 'refused'],
    [delivery.nudged, delivery.nudged === 1 ? 'stream read again' : 'streams read again'],
  ]
    .filter(([count]) => count !== 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ');
}

/** Whether a person may have it tried once more. */
export function isRetryable(state: Delivery['state'] | EventDelivery['state']): boolean {
  return state === 'failed' || state === 'unroutable';
}
