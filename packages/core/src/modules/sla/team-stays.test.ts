import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  LOOK_AHEAD_MINUTES,
  NaiveSla,
  type NaiveCase,
  type NaiveEvent,
} from '../../../../../test/support/naive-sla.ts';
import { slaCases } from '../../../../../test/support/sla-cases.ts';
import { readReplayInput } from './replay-input.ts';
import { makeSlaRules, replayCase } from './replay.ts';

const POLICIES: Readonly<Record<string, string>> = { red: 'a', blue: 'b' };
const moves = fc.array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.constantFrom('red', 'blue', 'green', null)), {
  minLength: 1,
  maxLength: 5,
});

/** The history with changes of team at the instants of what happened anyway. */
function withTeams(one: NaiveCase, changes: readonly (readonly [number, string | null])[]): NaiveCase {
  const events = [...one.events];
  for (const [place, value] of changes) {
    const index = Math.min(place, events.length);
    events.splice(index, 0, { at: events[index - 1]!.at, type: 'team', value });
  }
  return { ...one, events };
}

/** Each stay as a ticket of its own that lives as long, which a model that knows nothing of teams can judge. */
function staysAsTickets({ events, asOf }: NaiveCase): { team: string; one: NaiveCase }[] {
  const stays: { team: string; one: NaiveCase; isOver: boolean }[] = [];
  let { priority, status } = events[0]!.value as { priority: string; status: string };
  let [team, isResolved]: [string | null, boolean] = [null, false];
  const calendars: NaiveEvent[] = [];
  const begin = (at: string): void => {
    if (team === null || isResolved) return;
    const past = calendars.map((event) => ({ ...event, at }));
    const created = { at, type: 'created', value: { priority, status } };
    const one = { id: team, policy: POLICIES[team] ?? null, asOf, events: [created, ...past] };
    stays.push({ team, one, isOver: false });
  };
  const tell = (event: NaiveEvent, isEnd = false): void => {
    const last = stays.at(-1);
    if (last === undefined || last.isOver) return;
    last.one.events.push(event);
    last.isOver = isEnd;
  };
  let merged: 'never' | 'open' | 'over' = 'never';
  for (const event of events) {
    if (Temporal.Instant.compare(event.at, asOf) > 0) break;
    if (merged !== 'never') {
      if (event.type !== 'unmerged') continue;
      if (merged === 'open') stays.at(-1)!.isOver = false;
      tell(event);
      merged = 'never';
    }
    if (event.type === 'priority') priority = event.value as string;
    if (event.type === 'status' || event.type === 'reopened') status = event.value as string;
    if (event.type === 'calendar') calendars.push(event);
    if (['priority', 'status', 'calendar'].includes(event.type)) tell(event);
    if (event.type === 'team' && event.value !== team) {
      tell({ at: event.at, type: 'resolved' }, true);
      team = event.value as string | null;
      begin(event.at);
    }
    if (event.type === 'resolved') {
      tell(event, true);
      isResolved = true;
    }
    if (event.type === 'reopened' && !isResolved) tell({ ...event, type: 'status' });
    if (event.type === 'reopened' && isResolved) {
      isResolved = false;
      begin(event.at);
    }
    if (event.type === 'merged') {
      merged = stays.at(-1)?.isOver === false ? 'open' : 'over';
      tell(event, true);
    }
  }
  return stays;
}

describe('a stay with a team', () => {
  it('is judged like a ticket that lived as long, by a model that looks at every minute', () => {
    fc.assert(
      fc.property(slaCases, moves, ({ rules, one }, changes) => {
        const sample = withTeams(one, changes);
        const teamPolicies = Object.entries(POLICIES).map(([team, policy]) => ({ team, policy }));
        const file = { ...rules, cases: [{ ...sample, teamPolicies }] };
        const { cases, ...definitions } = readReplayInput(Buffer.from(JSON.stringify(file)));
        const { teams = [], ...clocks } = replayCase(makeSlaRules(definitions), cases[0]!);
        const naive = new NaiveSla(rules);
        const said = teams.map(({ team, state, dueAt, metAt, consumed, remaining }) => {
          const from = Temporal.Instant.from(metAt ?? one.asOf);
          const isFar = dueAt !== null && from.until(dueAt).total('minutes') > LOOK_AHEAD_MINUTES;
          return { team, state, dueAt: isFar ? null : dueAt, metAt, consumed, remaining };
        });
        expect(said).toEqual(
          staysAsTickets(sample).map(({ team, one: ticket }) => ({ team, ...naive.replay(ticket).resolution })),
        );
        // What was promised to the client knows nothing of teams.
        const { cases: plain } = readReplayInput(Buffer.from(JSON.stringify({ ...rules, cases: [one] })));
        expect(clocks).toEqual(replayCase(makeSlaRules(definitions), plain[0]!));
      }),
      { numRuns: 40 },
    );
  });
});
