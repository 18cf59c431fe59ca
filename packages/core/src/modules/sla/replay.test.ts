import { describe, expect, it } from 'vitest';
import { readReplayInput } from './replay-input.ts';
import { makeSlaRules, replayCase } from './replay.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** One open ticket with a resolution of four hours, under a calendar of these windows. */
function replay(windows: readonly object[], asOf: string) {
  const { cases, ...definitions } = readReplayInput(
    Buffer.from(
      JSON.stringify({
        calendars: [{ id: 'one', zone: 'UTC', windows }],
        policies: [{ id: 'one', targets: [{ priority: 'p1', resolution: 'PT4H', calendar: 'one' }] }],
        cases: [
          {
            id: 'ticket',
            policy: 'one',
            asOf,
            events: [{ at: '2026-01-01T00:00:00Z', type: 'created', value: { priority: 'p1', status: 'new' } }],
          },
        ],
      }),
    ),
  );
  return replayCase(makeSlaRules(definitions), cases[0]!);
}

describe('replayCase', () => {
  it('says why nothing is due where a calendar never opens, and only there', () => {
    const { resolution } = replay([], '2026-01-02T00:00:00Z');
    expect(resolution).toMatchObject({ state: 'running', dueAt: null, dueReason: 'not used up within 100 years' });
    const open = replay([{ days: DAYS, from: '00:00', to: '24:00' }], '2026-01-01T01:00:00Z');
    expect(open.resolution).toMatchObject({ state: 'running', dueAt: '2026-01-01T04:00:00Z' });
    expect(open.resolution).not.toHaveProperty('dueReason');
  });

  it('refuses a timeline of so many spans that nobody could read it', () => {
    const time = (minute: number): string =>
      `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
    const sevens = Array.from({ length: 200 }, (_, index) => ({
      days: DAYS,
      from: time(index * 7),
      to: time(index * 7 + 3),
    }));
    expect(replay(sevens, '2026-12-31T00:00:00Z').resolution.spans).toHaveLength(364 * 400);
    expect(() => replay(sevens, '2027-12-31T00:00:00Z')).toThrow(expect.objectContaining({ code: 'sla.too-long' }));
  });
});
