import type { ClientId, Id } from '#kernel/id';
import {
  afterWarning,
  applyTeamEvent,
  nextWarning,
  openStay,
  outcomesOf,
  percentsOf,
  rulesEvents,
  startTeamHistory,
  type SlaEvent,
  type SlaPolicyVersionId,
  type SlaRules,
  type TeamHistory,
  type TeamOla,
} from '#modules/sla';
import type { TicketId } from '#modules/tickets';
import type { KnownStay, KnownWork, StayChange, WorkChange } from './ola-store.ts';

/** By what stays are judged now. */
export interface OlasNow {
  readonly rules: SlaRules;
  readonly sameCalendar: (one: string, other: string) => boolean;
  readonly held: (teamId: string) => TeamOla | null;
  readonly now: Temporal.Instant;
}

interface About {
  readonly ticketId: TicketId;
  readonly clientId: ClientId;
  readonly version: number;
  readonly newId: <Kind extends string>() => Id<Kind>;
}

interface Before {
  readonly known: KnownWork | undefined;
  readonly open: KnownStay | undefined;
  /** What happened since. */
  readonly past: readonly SlaEvent[];
}

/**
 * Takes in what happened to a ticket, and then brings the stay that goes on in line with the OLA that its team has now. An OLA counts from when it was chosen or changed, so that nothing
 * is held against a team that was not promised before. Nothing where nothing is different.
 */
export function moveStays(olas: OlasNow, about: About, before: Before): WorkChange[] {
  const { ticketId, clientId, version } = about;
  const start = startOf(before);
  if (start === null) return [];
  const first = (before.known?.stays ?? 0) - (before.open === undefined ? 0 : 1);
  const told = tell(olas, start);
  const line = bringInLine(olas, told.history, before.open);
  const newEvents = [...told.events, ...line.events];
  const seen = before.known?.seenVersion;
  if (newEvents.length === 0 && (seen === version || seen === undefined) && !line.isOtherVersion) return [];
  const stays = line.history.stays.map((stay, index): StayChange => {
    const isFirst = index === 0 && before.open !== undefined;
    const known = isFirst ? before.open : { id: about.newId<'ola-stay'>(), number: first + index + 1, warned: {} };
    const isOpen = openStay(line.history) === stay;
    const last = isFirst ? before.open.policyVersionId : (stay.clocks.policy as SlaPolicyVersionId | null);
    const policyVersionId = isOpen ? line.versionId : last;
    return changeOf(olas.rules, { ticketId, clientId, ...known, stay, policyVersionId }, isOpen);
  });
  return [
    {
      ticketId,
      clientId,
      seenVersion: version,
      events: (before.known?.events ?? 0) + newEvents.length,
      stays: first + stays.length,
      work: line.history.work,
      newEvents,
      changedStays: stays,
    },
  ];
}

/** Null for a ticket that was never with a team. */
function startOf({ known, open, past }: Before): { history: TeamHistory; done: SlaEvent[]; next: SlaEvent[] } | null {
  if (known !== undefined)
    return { history: { work: known.work, stays: open === undefined ? [] : [open.stay] }, done: [], next: [...past] };
  const [created, ...next] = past;
  if (created?.type !== 'created' || next.every(({ type }) => type !== 'team')) return null;
  return { history: startTeamHistory(created), done: [created], next };
}

function tell(
  { rules, held }: OlasNow,
  { history: start, done, next }: { history: TeamHistory; done: SlaEvent[]; next: SlaEvent[] },
): { history: TeamHistory; events: SlaEvent[] } {
  const events = [...done];
  let history = start;
  for (const one of next) {
    const event = notBefore(one, history.work.at);
    const before = history.stays.length;
    history = applyTeamEvent(rules, history, event, (team, at) => {
      const ola = held(team);
      return ola !== null && Temporal.Instant.compare(ola.since, at) <= 0 ? ola.versionId : null;
    });
    events.push(event);
    const policy = history.stays.length > before ? (history.stays.at(-1)?.clocks.policy ?? null) : null;
    // A replay of what is stored knows nothing of choices.
    if (policy !== null) events.push({ at: event.at, type: 'ola', value: policy });
  }
  return { history, events };
}

function bringInLine({ rules, sameCalendar, held, now }: OlasNow, history: TeamHistory, known: KnownStay | undefined) {
  const open = openStay(history);
  if (open === null) return { history, events: [], versionId: null, isOtherVersion: false };
  const isKnown = known !== undefined && open === history.stays[0];
  const from = isKnown ? known.policyVersionId : open.clocks.policy;
  const versionId = held(open.team)?.versionId ?? null;
  // As finely as the database keeps it, so that a replay of what is stored sees the same instants.
  const at = now.round({ smallestUnit: 'microsecond', roundingMode: 'floor' });
  const events = rulesEvents(rules, sameCalendar, { from, to: versionId }).map((event): SlaEvent => {
    const told: SlaEvent =
      event.type === 'policy' ? { at, type: 'ola', value: event.value } : { at, type: 'calendar', value: event.value };
    return notBefore(told, open.clocks.at);
  });
  let moved = history;
  for (const event of events) moved = applyTeamEvent(rules, moved, event, () => null);
  return { history: moved, events, versionId, isOtherVersion: from !== versionId };
}

/** Two machines' clocks may differ; what came later happened later. */
function notBefore(event: SlaEvent, at: Temporal.Instant): SlaEvent {
  return Temporal.Instant.compare(event.at, at) < 0 ? { ...event, at } : event;
}

function changeOf(rules: SlaRules, known: KnownStay, isOpen: boolean): StayChange {
  const { clocks } = known.stay;
  const { verdict, dueAt, seconds } = outcomesOf(rules, clocks).resolution;
  const warned = afterWarning(clocks, known.warned, []);
  const percents = percentsOf(rules, known.policyVersionId);
  const nextWarningAt = isOpen ? nextWarning(rules, clocks, percents, warned) : null;
  return { ...known, warned, verdict, dueAt, seconds, nextWarningAt };
}
