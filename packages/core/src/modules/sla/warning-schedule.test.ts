import { describe, expect, it } from 'vitest';
import { makeSlaRules } from './replay.ts';
import { readReplayInput } from './replay-input.ts';
import { advanceTicketClocks, applyEvent, startTicketClocks, type TicketClocks } from './ticket-clocks.ts';
import { afterWarning, crossingsOf, nextWarning, type Warned } from './warning-schedule.ts';

const at = (time: string): Temporal.Instant => Temporal.Instant.from(`2026-11-${time}Z`);
const { rules } = (() => {
  const input = {
    calendars: [
      {
        id: 'office',
        zone: 'Europe/London',
        windows: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' }],
      },
    ],
    policies: [
      {
        id: 'gold',
        pauseStatuses: ['waiting'],
        targets: [
          { priority: '3', response: null, update: 'PT2H', resolution: 'PT4H', calendar: 'office' },
          { priority: '1', response: null, update: null, resolution: 'PT1H', calendar: 'office' },
        ],
      },
    ],
    cases: [],
  };
  return { rules: makeSlaRules(readReplayInput(Buffer.from(JSON.stringify(input)))) };
})();
const PERCENTS = [50, 75, 100];
const created = { at: at('20T16:00:00'), type: 'created' as const, value: { priority: '3', status: 'new' } };
/** A Friday at four: an hour of it counts, and three of Monday. */
const started = (): TicketClocks => startTicketClocks(rules, 'gold', created);
const next = (clocks: TicketClocks, warned: Warned = {}) =>
  nextWarning(rules, clocks, PERCENTS, warned)?.toString() ?? null;
function sweep(clocks: TicketClocks, time: string, warned: Warned = {}) {
  const now = advanceTicketClocks(rules, clocks, at(time));
  const crossings = crossingsOf(rules, now, PERCENTS, warned);
  return { crossings, warned: afterWarning(now, warned, crossings), now };
}

describe('warnings', () => {
  it('come in the time that counts, and of a broken promise at its first instant', () => {
    expect(next(started())).toBe('2026-11-23T10:00:00Z');
    expect(sweep(started(), '23T09:59:59').crossings).toEqual([]);
    const half = sweep(started(), '23T10:00:00');
    expect(half.crossings).toMatchObject([{ measure: 'resolution', percent: 50 }]);
    expect(next(half.now, half.warned)).toBe('2026-11-23T11:00:00Z');
    const most = sweep(half.now, '23T11:00:00', half.warned);
    expect(next(most.now, most.warned)).toBe('2026-11-23T12:00:00.000001Z');
    expect(sweep(most.now, '23T12:00:00', most.warned).crossings).toEqual([]);
    const broken = sweep(most.now, '23T12:00:00.000001', most.warned);
    expect(broken.crossings.map(({ percent }) => percent)).toEqual([100]);
    expect(next(broken.now, broken.warned)).toBeNull();
  });

  it('are given once, and of several that are late the highest alone', () => {
    const late = sweep(started(), '23T16:00:00');
    expect(late.crossings.map(({ percent }) => percent)).toEqual([100]);
    expect(sweep(late.now, '23T16:30:00', late.warned).crossings).toEqual([]);
  });

  it('wait while a ticket is paused, and end with what was promised', () => {
    const paused = applyEvent(rules, started(), { at: at('20T16:30:00'), type: 'status', value: 'waiting' });
    expect(next(paused)).toBeNull();
    expect(sweep(paused, '25T10:00:00').crossings).toEqual([]);
    const again = applyEvent(rules, paused, { at: at('24T09:00:00'), type: 'status', value: 'open' });
    expect(next(again)).toBe('2026-11-24T10:30:00Z');
    expect(next(applyEvent(rules, again, { at: at('24T09:30:00'), type: 'resolved' }))).toBeNull();
  });

  it('come at once where a change of target leaves less, and not again after a reopening', () => {
    const raised = applyEvent(rules, started(), { at: at('20T16:48:00'), type: 'priority', value: '1' });
    expect(next(raised)).toBe('2026-11-20T16:48:00Z');
    const told = sweep(raised, '20T16:48:00');
    expect(told.crossings.map(({ percent }) => percent)).toEqual([75]);
    const done = applyEvent(rules, told.now, { at: at('20T16:50:00'), type: 'resolved' });
    const again = applyEvent(rules, done, { at: at('23T09:00:00'), type: 'reopened', value: 'open' });
    const kept = afterWarning(again, afterWarning(done, told.warned, []), []);
    expect(next(again, kept)).toBe('2026-11-23T09:10:00.000001Z');
  });

  it('are given for each wait of the client anew', () => {
    const asked = applyEvent(rules, started(), { at: at('23T09:00:00'), type: 'client-reply' });
    const first = sweep(asked, '23T10:30:00');
    expect(first.crossings).toMatchObject([{ measure: 'update', percent: 75 }, { percent: 50 }]);
    const answered = applyEvent(rules, first.now, { at: at('23T10:40:00'), type: 'public-reply' });
    const second = applyEvent(rules, answered, { at: at('23T10:45:00'), type: 'client-reply' });
    expect(next(second, afterWarning(second, first.warned, []))).toBe('2026-11-23T11:00:00Z');
    const later = sweep(second, '23T11:45:00', afterWarning(second, first.warned, []));
    expect(later.crossings).toMatchObject([
      { measure: 'update', percent: 50 },
      { measure: 'resolution', percent: 75 },
    ]);
  });
});
