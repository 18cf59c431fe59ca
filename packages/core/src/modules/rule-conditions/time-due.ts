import type { TimeBasis, Trigger } from './criteria-input.ts';

/** The moments of a ticket that rules of time count from. */
export interface Moments {
  readonly openedAt: Temporal.Instant;
  readonly statusAt: Temporal.Instant | null;
  readonly clientReplyAt: Temporal.Instant | null;
  readonly staffReplyAt: Temporal.Instant | null;
  readonly nextBreachAt: Temporal.Instant | null;
  /** True while the newest public word is the client's. */
  readonly isReplyAwaited: boolean;
}

/** The moment that a rule counts from; null where there is none now: nobody replied, or it was answered. */
export function basisOf(since: TimeBasis, moments: Moments): Temporal.Instant | null {
  const { openedAt, clientReplyAt, staffReplyAt } = moments;
  switch (since) {
    case 'opened':
      return openedAt;
    case 'status':
      return moments.statusAt ?? openedAt;
    case 'client-reply':
      // A ticket that the client opened waits from its first words on.
      return moments.isReplyAwaited ? (clientReplyAt ?? openedAt) : null;
    case 'staff-reply':
      return staffReplyAt !== null && !isLater(clientReplyAt, staffReplyAt) ? staffReplyAt : null;
    case 'due':
      return moments.nextBreachAt;
  }
}

/** When a rule of time looks at a ticket, with the moment that it counts from. */
export function dueOf(
  trigger: Extract<Trigger, { kind: 'time' }>,
  moments: Moments,
): { readonly basis: Temporal.Instant; readonly dueAt: Temporal.Instant } | null {
  const basis = basisOf(trigger.since, moments);
  if (basis === null) return null;
  const { minutes } = trigger;
  return { basis, dueAt: trigger.since === 'due' ? basis.subtract({ minutes }) : basis.add({ minutes }) };
}

/** What makes one turn of a rule of time: it runs once for the moment that it counted from. */
export function timeOccurrence(since: TimeBasis, basis: Temporal.Instant): string {
  return `time:${since}:${basis.toString()}`;
}

function isLater(one: Temporal.Instant | null, other: Temporal.Instant): boolean {
  return one !== null && Temporal.Instant.compare(one, other) > 0;
}
