import { CLIENTS, STAFF } from './client-plan.ts';
import type { MachinePlan } from './machine-plan.ts';
import type { ContactPlan } from './people-plan.ts';
import type { Random } from './random.ts';
import { CLIENT_REPLIES, TOPICS, type TicketTopic } from './ticket-topics.ts';

const DAYS = 183;

/** Something that happens on a ticket. `at` is the instant; staff are counted from 0. */
export type TicketStep = { readonly at: Temporal.Instant } & (
  | {
      readonly kind: 'reply' | 'note';
      readonly staff: number;
      readonly text: string;
      readonly status?: 'waiting-client' | 'resolved';
    }
  | { readonly kind: 'client-reply'; readonly text: string }
  | { readonly kind: 'time'; readonly staff: number; readonly minutes: number; readonly text: string }
  | { readonly kind: 'status'; readonly staff: number; readonly status: 'in-progress' | 'waiting-vendor' | 'closed' }
);

/** A ticket from its opening to its end. Steps after the present are not in it: such a ticket is still open. */
export interface TicketPlan {
  readonly client: number;
  readonly contact: number;
  /** Counted from 0 in the client's machines; null where it is about none. */
  readonly machine: number | null;
  readonly topic: TicketTopic;
  readonly subject: string;
  readonly body: string;
  readonly openedAt: Temporal.Instant;
  readonly isFromPortal: boolean;
  readonly assignee: number | null;
  readonly opener: number;
  readonly steps: readonly TicketStep[];
}

/** Who and what the tickets of one client may be about. */
export interface ClientFolk {
  readonly contacts: readonly ContactPlan[];
  readonly machines: readonly MachinePlan[];
}

/** Six months of tickets in the order of their opening: the larger the client the more, in its own working hours, few at week-ends. */
export function planTickets(
  count: number,
  folk: readonly ClientFolk[],
  present: Temporal.Instant,
  random: Random,
): TicketPlan[] {
  return Array.from({ length: count }, (_, index) =>
    planTicket(folk, present, random.fork(`ticket-${index}`)),
  ).toSorted((a, b) => Temporal.Instant.compare(a.openedAt, b.openedAt));
}

function planTicket(folk: readonly ClientFolk[], present: Temporal.Instant, random: Random): TicketPlan {
  const client = random.weighted(
    folk.map((_, index) => index),
    (index) => (CLIENTS[index]?.devices ?? 0) + 6,
  );
  const { contacts, machines } = folk[client] ?? { contacts: [], machines: [] };
  const topic = random.weighted(TOPICS, ({ weight }) => weight);
  const contact = random.int(0, contacts.length - 1);
  const fitting = machines.flatMap((machine, index) =>
    topic.about.some((kind) => kind === machine.kind) ? [index] : [],
  );
  const machine = fitting.length === 0 ? null : random.pick(fitting);
  const words = {
    asset: machine === null ? 'my machine' : (machines[machine]?.name ?? ''),
    contact: contacts[(contact + 1) % contacts.length]?.name ?? '',
    site: CLIENTS[client]?.sites[contacts[contact]?.site ?? 0]?.name ?? '',
  };
  const fill = (text: string): string =>
    text.replaceAll(/\{(asset|contact|site)\}/g, (_, word: keyof typeof words) => words[word]);
  const openedAt = openingOf(CLIENTS[client]?.timeZone ?? 'UTC', present, random);
  const assignee = random.int(1, STAFF.length - 1);
  const steps = stepsOf({ topic, openedAt, assignee, fill, random }).filter(
    (step) => Temporal.Instant.compare(step.at, present) <= 0,
  );
  return {
    client,
    contact,
    machine,
    topic,
    subject: fill(topic.subject),
    body: fill(topic.body),
    openedAt,
    isFromPortal: topic.type !== 'task' && (contacts[contact]?.portalRole ?? 'none') !== 'none' && random.chance(0.55),
    assignee: steps.length === 0 && random.chance(0.6) ? null : assignee,
    opener: random.int(1, STAFF.length - 1),
    steps,
  };
}

/** A moment in the client's working hours. What would fall on a week-end, nine times in ten, came on the Friday before. */
function openingOf(timeZone: string, present: Temporal.Instant, random: Random): Temporal.Instant {
  const daysBack = random.int(0, DAYS - 1);
  const minuteOfDay = 8 * 60 + Math.floor(((random.next() + random.next()) / 2) * 600);
  const isUnmoved = random.chance(0.1);
  const recent = present.subtract({ minutes: random.int(4, 480) });
  let day = present.toZonedDateTimeISO(timeZone).toPlainDate().subtract({ days: daysBack });
  if (day.dayOfWeek > 5 && !isUnmoved) day = day.subtract({ days: day.dayOfWeek - 5 });
  const at = day
    .toZonedDateTime({ timeZone, plainTime: { hour: Math.floor(minuteOfDay / 60), minute: minuteOfDay % 60 } })
    .toInstant();
  return Temporal.Instant.compare(at, recent) > 0 ? recent : at;
}

function stepsOf({
  topic,
  openedAt,
  assignee,
  fill,
  random,
}: {
  topic: TicketTopic;
  openedAt: Temporal.Instant;
  assignee: number;
  fill: (text: string) => string;
  random: Random;
}): TicketStep[] {
  const [from, to] = topic.minutes;
  const urgency = topic.urgency * topic.impact;
  let at = openedAt;
  const later = (least: number, most: number): Temporal.Instant => (at = at.add({ minutes: random.int(least, most) }));
  const steps: TicketStep[] = [];
  const isWaiting = random.chance(0.3);
  steps.push({
    kind: 'reply',
    at: later(3, 40 * urgency),
    staff: assignee,
    text: fill(topic.reply),
    ...(isWaiting ? { status: 'waiting-client' as const } : {}),
  });
  if (isWaiting || random.chance(0.25))
    steps.push({
      kind: 'client-reply',
      at: later(20, 60 * (random.chance(0.2) ? 120 : 20)),
      text: random.pick(CLIENT_REPLIES),
    });
  if (random.chance(0.12)) {
    steps.push({ kind: 'status', at: later(10, 240), staff: assignee, status: 'waiting-vendor' });
    steps.push({ kind: 'status', at: later(60 * 8, 60 * 72), staff: assignee, status: 'in-progress' });
  }
  const minutes = random.int(from, to);
  later(minutes + 5, minutes + 240 * urgency);
  steps.push({ kind: 'time', at, staff: assignee, minutes, text: fill(topic.note) });
  if (random.chance(0.45)) steps.push({ kind: 'note', at: later(1, 10), staff: assignee, text: fill(topic.note) });
  if (random.chance(0.15))
    steps.push({
      kind: 'time',
      at: later(60, 600),
      staff: random.int(1, STAFF.length - 1),
      minutes: random.int(10, 40),
      text: 'Second look',
    });
  // Most are done the same day; some wait for parts, for people, for nobody knows what.
  const untilDone = random.chance(0.15) ? later(60 * 30, 60 * 24 * 24) : later(5, 60 * 22);
  steps.push({ kind: 'reply', at: untilDone, staff: assignee, text: fill(topic.done), status: 'resolved' });
  if (random.chance(0.93))
    steps.push({ kind: 'status', at: later(60 * 24, 60 * 96), staff: assignee, status: 'closed' });
  return steps;
}
