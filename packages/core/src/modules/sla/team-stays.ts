import { z } from 'zod';
import { reportTicket, type ClockReport } from './clock-report.ts';
import type { CreatedEvent, SlaEvent } from './sla-event.ts';
import type { SlaRules } from './sla-policy.ts';
import { applyEvent, startTicketClocks, type TicketClocks } from './ticket-clocks.ts';

/** What of a ticket the clocks of its teams look at, as of its last event. Written as JSON and read by this schema, it goes on unchanged. */
export const teamWork = z.object({
  at: z.string().transform((value) => Temporal.Instant.from(value)),
  priority: z.string(),
  status: z.string(),
  /** Whom the ticket is with; null for nobody. */
  team: z.string().nullable(),
  isResolved: z.boolean(),
  isMerged: z.boolean(),
  /** Calendars that were put in others' places, in order: they count for teams that get the ticket later too. */
  calendarEdits: z.array(z.object({ from: z.string(), to: z.string() })),
});
/** Where a ticket is among the teams, as of its last event; without its clocks, which its stays have. */
export type TeamWork = z.output<typeof teamWork>;

/**
 * The time of a ticket with one team, from when it came to it until it left the team, was resolved or merged. Its clocks are those of a ticket that lives that long, judged by the team's OLA:
 * what an OLA promises is the resolution.
 */
export interface TeamStay {
  readonly team: string;
  readonly clocks: TicketClocks;
}

/** A ticket's way from team to team. Only the last stay can be open; earlier ones may be left out, for nothing changes them. */
export interface TeamHistory {
  readonly work: TeamWork;
  readonly stays: readonly TeamStay[];
}

/** One stay as it is read. */
export interface StayReport extends ClockReport {
  readonly team: string;
  readonly from: string;
  /** Null while the ticket is with the team. */
  readonly to: string | null;
}

/** The policy that holds for a team from the moment a ticket comes to it; null for "no OLA". */
export type OlaOf = (team: string, at: Temporal.Instant) => string | null;

/** A ticket at its creation, with nobody. */
export function startTeamHistory({ at, value }: CreatedEvent): TeamHistory {
  const nothing = { team: null, isResolved: false, isMerged: false, calendarEdits: [] };
  return { work: { at, ...value, ...nothing }, stays: [] };
}

/** Takes in the next event. What only clients' promises look at changes nothing here; a merged ticket hears nothing but that it is not merged any more. */
export function applyTeamEvent(rules: SlaRules, history: TeamHistory, event: SlaEvent, olaOf: OlaOf): TeamHistory {
  if (history.work.isMerged) return event.type === 'unmerged' ? unmerge(rules, history, event) : history;
  const { stays } = history;
  const work = { ...history.work, at: event.at };
  const told = (happened: SlaEvent = event): readonly TeamStay[] => tell(rules, stays, happened);
  switch (event.type) {
    case 'created':
    case 'policy':
    case 'public-reply':
    case 'client-reply':
    // Only a merged ticket can hear it.
    case 'unmerged':
      return history;
    case 'status':
      return { work: { ...work, status: event.value }, stays: told() };
    case 'priority':
      return { work: { ...work, priority: event.value }, stays: told() };
    case 'calendar':
      return { work: { ...work, calendarEdits: [...work.calendarEdits, event.value] }, stays: told() };
    case 'ola':
      return { work, stays: told({ at: event.at, type: 'policy', value: event.value }) };
    case 'team':
      if (event.value === work.team) return history;
      return begin(
        rules,
        { work: { ...work, team: event.value }, stays: told({ at: event.at, type: 'resolved' }) },
        olaOf,
      );
    case 'resolved':
      return { work: { ...work, isResolved: true }, stays: told() };
    case 'reopened':
      if (!work.isResolved)
        return {
          work: { ...work, status: event.value },
          stays: told({ at: event.at, type: 'status', value: event.value }),
        };
      return begin(rules, { work: { ...work, status: event.value, isResolved: false }, stays }, olaOf);
    case 'merged':
      return { work: { ...work, isMerged: true }, stays: told() };
  }
}

/** The stay that goes on, if one does. */
export function openStay({ stays }: TeamHistory): TeamStay | null {
  const last = stays.at(-1);
  return last === undefined || isOver(last) ? null : last;
}

/** Each stay as of an instant at or after its last event. Throws `sla.too-long`. */
export function reportStay(rules: SlaRules, { team, clocks }: TeamStay, asOf: Temporal.Instant): StayReport {
  const { startedAt, end } = clocks.resolution;
  const { resolution } = reportTicket(rules, clocks, asOf);
  return { team, from: startedAt.toString(), to: end?.at.toString() ?? null, ...resolution };
}

function begin(rules: SlaRules, { work, stays }: TeamHistory, olaOf: OlaOf): TeamHistory {
  const { at, team, priority, status, isResolved } = work;
  if (team === null || isResolved) return { work, stays };
  const policy = olaOf(team, at);
  const events: SlaEvent[] = [
    ...work.calendarEdits.map((value) => ({ at, type: 'calendar' as const, value })),
    ...(policy === null ? [] : [{ at, type: 'policy' as const, value: policy }]),
  ];
  let clocks = startTicketClocks(rules, null, { at, type: 'created', value: { priority, status } });
  for (const event of events) clocks = applyEvent(rules, clocks, event);
  return { work, stays: [...stays, { team, clocks }] };
}

/** The stay that the merge ended goes on, as if it had never been merged. */
function unmerge(rules: SlaRules, { work, stays }: TeamHistory, event: SlaEvent): TeamHistory {
  const last = stays.at(-1);
  const merged = last === undefined || !last.clocks.isMerged ? null : last;
  const back =
    merged === null ? stays : [...stays.slice(0, -1), { ...merged, clocks: applyEvent(rules, merged.clocks, event) }];
  return { work: { ...work, at: event.at, isMerged: false }, stays: back };
}

function tell(rules: SlaRules, stays: readonly TeamStay[], event: SlaEvent): readonly TeamStay[] {
  const last = stays.at(-1);
  if (last === undefined || isOver(last)) return stays;
  return [...stays.slice(0, -1), { ...last, clocks: applyEvent(rules, last.clocks, event) }];
}

function isOver({ clocks }: TeamStay): boolean {
  return clocks.isResolved || clocks.isMerged;
}
