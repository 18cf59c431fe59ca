import { z } from 'zod';
import { InvalidInputError } from '#kernel/errors';
import { text } from '#kernel/text';
import { calendarSchema } from './calendar-input.ts';
import { ROUND_THE_CLOCK } from './business-calendar.ts';
import { instant, slaEvent } from './sla-event.ts';
import { policySchema } from './sla-policy.ts';

const slaCase = z.object({
  id: text({ max: 200 }),
  /** The policy that was chosen at creation; null for "no SLA". */
  policy: text({ max: 200 }).nullable().default(null),
  asOf: instant,
  /** Which policy is a team's OLA when a ticket comes to it; a team that is not named has none. */
  teamPolicies: z
    .array(z.object({ team: text({ max: 200 }), policy: text({ max: 200 }).nullable() }))
    .max(10_000)
    .default([]),
  events: z.array(slaEvent).min(1, { error: 'must begin with created' }).max(10_000),
});
export type SlaCase = z.output<typeof slaCase>;

/** What `bailiwick sla replay` reads: calendars, policies and tickets' histories, each id known and once, each history in order. */
const replayInput = z
  .object({
    calendars: z.array(calendarSchema).max(10_000).default([]),
    policies: z.array(policySchema).max(10_000).default([]),
    cases: z.array(slaCase),
  })
  .superRefine((input, context) => {
    for (const { path, message } of faults(input)) context.addIssue({ code: 'custom', path, message });
  });
export type ReplayInput = z.output<typeof replayInput>;

interface Fault {
  readonly path: (string | number)[];
  readonly message: string;
}

/** Reads and checks a replay's input. Throws `sla.bad-input`, whose message names the place of each fault, up to five. */
export function readReplayInput(bytes: Uint8Array): ReplayInput {
  const { data, error } = replayInput.safeParse(parsedJson(bytes));
  if (error === undefined) return data;
  const fields = error.issues.map(({ path, message }) => ({
    path: path.map((part) => (typeof part === 'symbol' ? String(part) : part)),
    message,
  }));
  const lines = fields.slice(0, 5).map(({ path, message }) => `${placeOf(path)}: ${message}`);
  if (fields.length > lines.length) lines.push(`and ${fields.length - lines.length} more`);
  throw new InvalidInputError('sla.bad-input', lines.join('; '), { fields });
}

function parsedJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const reason = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error);
    throw new InvalidInputError('sla.bad-input', `The input is not JSON: ${reason}`, { cause: error });
  }
}

/** `calendars[0].windows[1]`. */
function placeOf(path: readonly (string | number)[]): string {
  const place = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  return place === '' ? 'The input' : place.replace(/^\./, '');
}

function* faults({ calendars, policies, cases }: ReplayInput): Generator<Fault> {
  yield* repeated('calendars', calendars);
  yield* repeated('policies', policies);
  const known = {
    calendars: new Set([ROUND_THE_CLOCK, ...calendars.map(({ id }) => id)]),
    policies: new Set(policies.map(({ id }) => id)),
  };
  for (const [index, { targets }] of policies.entries())
    for (const [place, { calendar }] of targets.entries())
      if (calendar !== null && !known.calendars.has(calendar))
        yield { path: ['policies', index, 'targets', place, 'calendar'], message: noCalendar(calendar) };
  for (const [index, { policy, teamPolicies, events }] of cases.entries()) {
    if (policy !== null && !known.policies.has(policy))
      yield { path: ['cases', index, 'policy'], message: noPolicy(policy) };
    for (const fault of teamFaults(teamPolicies, known.policies))
      yield { path: ['cases', index, 'teamPolicies', ...fault.path], message: fault.message };
    for (const fault of eventFaults(events, known))
      yield { path: ['cases', index, 'events', ...fault.path], message: fault.message };
  }
}

function* repeated(list: string, items: readonly { readonly id: string }[]): Generator<Fault> {
  const places = new Map<string, number>();
  for (const [index, { id }] of items.entries()) {
    const earlier = places.get(id);
    if (earlier === undefined) places.set(id, index);
    else yield { path: [list, index, 'id'], message: `is that of ${list}[${earlier}] already: ${id}` };
  }
}

function* teamFaults(teamPolicies: SlaCase['teamPolicies'], policies: ReadonlySet<string>): Generator<Fault> {
  const places = new Map<string, number>();
  for (const [index, { team, policy }] of teamPolicies.entries()) {
    const earlier = places.get(team);
    if (earlier === undefined) places.set(team, index);
    else yield { path: [index, 'team'], message: `is that of teamPolicies[${earlier}] already: ${team}` };
    if (policy !== null && !policies.has(policy)) yield { path: [index, 'policy'], message: noPolicy(policy) };
  }
}

function* eventFaults(
  events: SlaCase['events'],
  known: { readonly calendars: ReadonlySet<string>; readonly policies: ReadonlySet<string> },
): Generator<Fault> {
  for (const [index, event] of events.entries()) {
    const earlier = events[index - 1];
    if (earlier === undefined && event.type !== 'created')
      yield { path: [index, 'type'], message: `must be created: nothing happens to a ticket before it is` };
    if (earlier !== undefined && event.type === 'created')
      yield { path: [index, 'type'], message: 'must not be created a second time' };
    if (earlier !== undefined && Temporal.Instant.compare(earlier.at, event.at) > 0)
      yield { path: [index, 'at'], message: `must not lie before events[${index - 1}], at ${earlier.at.toString()}` };
    if ((event.type === 'policy' || event.type === 'ola') && event.value !== null && !known.policies.has(event.value))
      yield { path: [index, 'value'], message: noPolicy(event.value) };
    if (event.type !== 'calendar') continue;
    for (const end of ['from', 'to'] as const)
      if (!known.calendars.has(event.value[end]))
        yield { path: [index, 'value', end], message: noCalendar(event.value[end]) };
  }
}

function noCalendar(id: string): string {
  return `there is no calendar “${id}”`;
}

function noPolicy(id: string): string {
  return `there is no policy “${id}”`;
}
