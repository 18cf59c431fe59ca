import { isOpen } from '#modules/tickets';
import { type PlannedAction, doesSomething, planActions } from '#modules/rule-actions';
import {
  CHANGED_FIELDS,
  type ChangedField,
  type Circumstances,
  type Moments,
  type RuleEvent,
  type TicketFacts,
  type Trigger,
  dueOf,
  judge,
  nextOccurrence,
  waitsFor,
  type PastLine,
  type TicketPast,
} from '#modules/rule-conditions';
import type { RuleDefinition } from './rule-input.ts';

/** A time at which a rule would have run, and what it would have done to the ticket as it was then. */
export interface WouldRun {
  readonly at: Temporal.Instant;
  readonly plan: readonly PlannedAction[];
}

type Around = (now: Temporal.Instant) => Circumstances;
interface Window {
  readonly from: Temporal.Instant;
  readonly until: Temporal.Instant;
}

/**
 * When a rule would have run on a ticket, oldest first. The ticket is taken back through its history; what has no history (VIP, groups of clients, calendars) is taken as it is today.
 * What the rule itself would have changed does not go on to change what came after.
 */
export function replayTicket(definition: RuleDefinition, past: TicketPast, window: Window, around: Around): WouldRun[] {
  const found: WouldRun[] = [];
  for (const { at, event, facts } of occasions(definition.when, past, window)) {
    if (!waitsFor(definition.when, event, facts) || !judge(definition.if, facts, around(at)).matches) continue;
    const plan = planActions(definition.actions, facts);
    if (doesSomething(plan)) found.push({ at, plan });
  }
  return found;
}

interface PastOccasion {
  readonly at: Temporal.Instant;
  readonly event: RuleEvent;
  readonly facts: TicketFacts;
}

function occasions(trigger: Trigger, past: TicketPast, window: Window): PastOccasion[] {
  if (trigger.kind === 'time') return timeOccasions(trigger, past, window);
  if (trigger.kind === 'schedule') return scheduleOccasions(trigger, past, window);
  return past.lines.flatMap((line, index) => {
    if (
      !isWithin(line.at, window) ||
      (index > 0 && past.lines[index - 1]?.version === line.version && line.kind !== 'opened')
    )
      return [];
    const lines = past.lines.filter((one) => one.version === line.version);
    return eventsOf(lines).map((event) => ({
      at: line.at,
      event,
      facts: { ...factsAt(past, (one) => one.version > line.version), body: bodyAt(past, event, line.at) },
    }));
  });
}

function eventsOf(lines: readonly PastLine[]): RuleEvent[] {
  if (lines.some(({ kind }) => kind === 'opened')) return [{ kind: 'opened' }];
  const changes = lines.flatMap((line) =>
    isField(line.kind) ? [{ field: line.kind, from: line.from, to: line.to }] : [],
  );
  const replies = lines.flatMap(({ kind, by }): RuleEvent[] => {
    if (by === 'system') return [];
    if (kind === 'client-reply') return [{ kind: 'commented', by: 'client', visibility: 'public' }];
    if (kind === 'public-reply') return [{ kind: 'commented', by: 'staff', visibility: 'public' }];
    return kind === 'note' ? [{ kind: 'commented', by: 'staff', visibility: 'internal' }] : [];
  });
  return [...(changes.length === 0 ? [] : [{ kind: 'changed', changes } as const]), ...replies];
}

/** Each moment that the rule could have counted from, where nothing took it back before its time was up. */
function timeOccasions(trigger: Extract<Trigger, { kind: 'time' }>, past: TicketPast, window: Window): PastOccasion[] {
  const moments = new Map<string, Temporal.Instant>();
  for (const line of past.lines) moments.set(line.at.toString(), line.at);
  const found = new Map<string, PastOccasion>();
  for (const at of moments.values()) {
    const turn = dueOf(trigger, momentsAt(past, at));
    if (turn === null || !isWithin(turn.dueAt, window)) continue;
    const still = dueOf(trigger, momentsAt(past, turn.dueAt));
    if (still === null || !still.basis.equals(turn.basis)) continue;
    found.set(turn.basis.toString(), {
      at: turn.dueAt,
      event: { kind: 'time', since: trigger.since, basis: turn.basis },
      facts: factsAt(past, isAfter(turn.dueAt)),
    });
  }
  return [...found.values()].toSorted((a, b) => Temporal.Instant.compare(a.at, b.at));
}

function scheduleOccasions(trigger: Trigger, past: TicketPast, window: Window): PastOccasion[] {
  const found: PastOccasion[] = [];
  let at = nextOccurrence(trigger, window.from);
  while (at !== null && Temporal.Instant.compare(at, window.until) <= 0) {
    const facts = factsAt(past, isAfter(at));
    if (Temporal.Instant.compare(past.now.openedAt, at) <= 0 && isOpen(facts.status))
      found.push({ at, event: { kind: 'schedule' }, facts });
    at = nextOccurrence(trigger, at);
  }
  return found;
}

/** The ticket before the lines that `isLater` names: each is taken back, the newest first. */
function factsAt(past: TicketPast, isLater: (line: PastLine) => boolean): TicketFacts {
  const facts: Record<string, unknown> = { ...past.now };
  for (const line of past.lines.toReversed()) {
    if (!isLater(line)) continue;
    const key = KEYS[line.kind as keyof typeof KEYS];
    if (key !== undefined) facts[key] = line.kind === 'priority' ? Number(line.from) : line.from;
  }
  const isReplyAwaited = isAwaited(past, (line) => !isLater(line));
  const slept = past.lines.findLast((line) => !isLater(line) && (line.kind === 'snoozed' || line.kind === 'woken'));
  return { ...(facts as unknown as TicketFacts), isReplyAwaited, isSnoozed: slept?.kind === 'snoozed' };
}

const KEYS = {
  status: 'status',
  priority: 'priority',
  type: 'type',
  subject: 'subject',
  queue: 'queueId',
  team: 'teamId',
  category: 'categoryId',
  assignee: 'assigneeId',
  contact: 'contactId',
  client: 'clientId',
} as const satisfies Record<ChangedField, keyof TicketFacts>;

function momentsAt(past: TicketPast, at: Temporal.Instant): Moments {
  const before = past.lines.filter((line) => !isAfter(at)(line));
  const last = (kind: string) => before.findLast((line) => line.kind === kind)?.at ?? null;
  return {
    openedAt: past.now.openedAt,
    statusAt: last('status'),
    clientReplyAt: last('client-reply'),
    staffReplyAt: last('public-reply'),
    nextBreachAt: past.now.nextBreachAt,
    isReplyAwaited: isAwaited(past, (line) => !isAfter(at)(line)),
  };
}

function isAwaited(past: TicketPast, counts: (line: PastLine) => boolean): boolean {
  const reply = past.lines.findLast(
    (line) => counts(line) && (line.kind === 'client-reply' || line.kind === 'public-reply'),
  );
  if (reply !== undefined) return reply.kind === 'client-reply';
  const opened = past.lines.find(({ kind }) => kind === 'opened');
  return opened === undefined ? past.now.isReplyAwaited : opened.by === 'contact';
}

/** The words that an event was about: the comment of that moment, or the first ones. */
function bodyAt(past: TicketPast, event: RuleEvent, at: Temporal.Instant): string {
  if (event.kind !== 'commented') return past.words[0]?.body ?? '';
  const isPublic = event.visibility === 'public';
  // A comment and its line of history are written one after the other, by a clock that goes on in between.
  return (
    past.words.findLast((one) => one.isPublic === isPublic && Temporal.Instant.compare(one.at, at) <= 0)?.body ?? ''
  );
}

function isField(kind: string): kind is ChangedField {
  return (CHANGED_FIELDS as readonly string[]).includes(kind);
}

function isAfter(at: Temporal.Instant): (line: PastLine) => boolean {
  return (line) => Temporal.Instant.compare(line.at, at) > 0;
}

function isWithin(at: Temporal.Instant, { from, until }: Window): boolean {
  return Temporal.Instant.compare(at, from) >= 0 && Temporal.Instant.compare(at, until) <= 0;
}
