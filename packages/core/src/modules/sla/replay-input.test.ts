import { describe, expect, it } from 'vitest';
import { readReplayInput } from './replay-input.ts';

const calendar = {
  id: 'day',
  zone: 'Europe/Berlin',
  windows: [{ days: ['mon', 'tue'], from: '09:00', to: '17:00' }],
  holidays: [{ date: '2026-12-25', yearly: true }],
};
const target = { priority: 'p1', response: 'PT1H', update: null, resolution: 'PT8H', calendar: 'day' };
const policy = { id: 'gold', pauseStatuses: ['pending'], targets: [target] };
const created = { at: '2026-03-02T09:00:00Z', type: 'created', value: { priority: 'p1', status: 'new' } };
const ticket = { id: 't', policy: 'gold', asOf: '2026-03-03T09:00:00Z', events: [created] };
const whole = { calendars: [calendar], policies: [policy], cases: [ticket] };

const withWindow = (window: object) => ({
  ...whole,
  calendars: [{ ...calendar, windows: [...calendar.windows, window] }],
});
const withCalendar = (fields: object) => ({ ...whole, calendars: [{ ...calendar, ...fields }] });
const withHoliday = (holiday: object) => withCalendar({ holidays: [holiday] });
const withTarget = (fields: object) => ({ ...whole, policies: [{ ...policy, targets: [{ ...target, ...fields }] }] });
const withEvents = (...events: unknown[]) => ({ ...whole, cases: [{ ...ticket, events }] });
const event = (at: string, type: string, value?: unknown) => ({ at: `2026-03-02T${at}:00Z`, type, value });

function refusal(input: unknown): string {
  try {
    readReplayInput(Buffer.from(typeof input === 'string' ? input : JSON.stringify(input)));
  } catch (error) {
    expect(error).toMatchObject({ code: 'sla.bad-input', kind: 'invalid-input' });
    return (error as Error).message;
  }
  return 'accepted';
}

describe('readReplayInput', () => {
  it('reads what is right, and what may be left out', () => {
    expect(refusal(whole)).toBe('accepted');
    expect(refusal({ cases: [{ id: 't', asOf: ticket.asOf, events: [created] }] })).toBe('accepted');
    expect(refusal(withTarget({ calendar: '24x7' }))).toBe('accepted');
    expect(refusal(withTarget({ response: null, resolution: null, calendar: null }))).toBe('accepted');
    expect(refusal(withHoliday({ date: '2028-02-29' }))).toBe('accepted');
  });

  it.each([
    [
      'windows that overlap',
      withWindow({ days: ['tue', 'wed'], from: '16:59', to: '18:00' }),
      'calendars[0].windows[1]: overlaps with windows[0] on tue',
    ],
    [
      'one window within another',
      withWindow({ days: ['mon'], from: '10:00', to: '11:00' }),
      'calendars[0].windows[1]: overlaps with windows[0] on mon',
    ],
    [
      'an end before the start',
      withWindow({ days: ['wed'], from: '22:00', to: '06:00' }),
      'calendars[0].windows[1].to: must be later than from',
    ],
    [
      'an end at the start',
      withWindow({ days: ['wed'], from: '22:00', to: '22:00' }),
      'calendars[0].windows[1].to: must be later than from',
    ],
    [
      'a start at 24:00',
      withWindow({ days: ['wed'], from: '24:00', to: '24:00' }),
      'calendars[0].windows[1].from: must be a time',
    ],
    [
      'a time that is none',
      withWindow({ days: ['wed'], from: '9:00', to: '24:01' }),
      'calendars[0].windows[1].from: must be a time',
    ],
    [
      'a day twice',
      withWindow({ days: ['wed', 'wed'], from: '09:00', to: '10:00' }),
      'calendars[0].windows[1].days: must name each day once',
    ],
    [
      'a day that is none',
      withWindow({ days: ['moonday'], from: '09:00', to: '10:00' }),
      'calendars[0].windows[1].days[0]: must be one of mon',
    ],
    [
      'no day',
      withWindow({ days: [], from: '09:00', to: '10:00' }),
      'calendars[0].windows[1].days: must name at least one day',
    ],
    ['an unknown zone', withCalendar({ zone: 'Mars/Olympus' }), 'calendars[0].zone: must be an IANA time zone'],
    ['an offset as zone', withCalendar({ zone: '+01:00' }), 'calendars[0].zone: must be an IANA time zone'],
    [
      'a yearly 29 February',
      withHoliday({ date: '2028-02-29', yearly: true }),
      'calendars[0].holidays[0].date: must not be 29 February',
    ],
    ['a 30 February', withHoliday({ date: '2028-02-30', yearly: false }), 'calendars[0].holidays[0].date: '],
    ['the reserved id', withCalendar({ id: '24x7' }), 'calendars[0].id: must not be the reserved 24x7'],
    [
      'one calendar twice',
      { ...whole, calendars: [calendar, calendar] },
      'calendars[1].id: is that of calendars[0] already: day',
    ],
    [
      'one policy twice',
      { ...whole, policies: [policy, policy] },
      'policies[1].id: is that of policies[0] already: gold',
    ],
    [
      'one priority twice',
      { ...whole, policies: [{ ...policy, targets: [target, target] }] },
      'policies[0].targets[1].priority: is that of targets[0] already: p1',
    ],
    [
      'an unknown calendar',
      withTarget({ calendar: 'nope' }),
      'policies[0].targets[0].calendar: there is no calendar “nope”',
    ],
    [
      'a budget without a calendar',
      withTarget({ calendar: null }),
      'policies[0].targets[0].calendar: must name a calendar',
    ],
    ['a negative budget', withTarget({ response: '-PT1H' }), 'policies[0].targets[0].response: must not be negative'],
    ['a month', withTarget({ resolution: 'P1M' }), 'policies[0].targets[0].resolution: must not have years or months'],
    ['a year', withTarget({ update: 'P1Y' }), 'policies[0].targets[0].update: must not have years or months'],
    [
      'a budget in words',
      withTarget({ response: '1 hour' }),
      'policies[0].targets[0].response: must be an ISO 8601 duration',
    ],
    [
      'a budget too large for any clock',
      withTarget({ response: 'PT9999999999999999H' }),
      'policies[0].targets[0].response: must be an ISO 8601 duration',
    ],
    [
      'an unknown policy',
      { ...whole, cases: [{ ...ticket, policy: 'nope' }] },
      'cases[0].policy: there is no policy “nope”',
    ],
    [
      'an unknown policy in an event',
      withEvents(created, event('10:00', 'policy', 'nope')),
      'cases[0].events[1].value: there is no policy “nope”',
    ],
    [
      'an unknown calendar in an event',
      withEvents(created, event('10:00', 'calendar', { from: 'day', to: 'nope' })),
      'cases[0].events[1].value.to: there is no calendar “nope”',
    ],
    [
      'events out of order',
      withEvents(created, event('11:00', 'resolved'), event('10:59', 'merged')),
      'cases[0].events[2].at: must not lie before events[1]',
    ],
    [
      'an event before the ticket',
      withEvents(event('08:00', 'resolved'), created),
      'cases[0].events[0].type: must be created',
    ],
    [
      'an event of before creation',
      withEvents(created, event('08:59', 'resolved')),
      'cases[0].events[1].at: must not lie before events[0]',
    ],
    ['two creations', withEvents(created, created), 'cases[0].events[1].type: must not be created a second time'],
    ['no events', withEvents(), 'cases[0].events: must begin with created'],
    [
      'an unknown event',
      withEvents(created, event('10:00', 'exploded')),
      'cases[0].events[1].type: must be one of created, status',
    ],
    ['a status without a value', withEvents(created, event('10:00', 'status')), 'cases[0].events[1].value: '],
    ['a reopening without its status', withEvents(created, event('10:00', 'reopened')), 'cases[0].events[1].value: '],
    [
      'an instant without an offset',
      { ...whole, cases: [{ ...ticket, asOf: '2026-03-02T09:00:00' }] },
      'cases[0].asOf: must be an instant',
    ],
    [
      'an instant in another age',
      { ...whole, cases: [{ ...ticket, asOf: '9999-03-02T09:00:00Z' }] },
      'cases[0].asOf: must lie in 1970 to 2199',
    ],
    ['what is no JSON', '{"cases": [', 'The input is not JSON: '],
    ['what is no object', '[]', 'The input: '],
    ['nothing', '', 'The input is not JSON: '],
  ])('refuses %s', (_what, input, message) => {
    expect(refusal(input).slice(0, message.length)).toBe(message);
    expect(refusal(input)).not.toContain('\n');
  });

  it('names up to five faults, and how many there are besides', () => {
    const events = [created, ...Array.from({ length: 8 }, () => event('10:00', 'exploded'))];
    const lines = refusal(withEvents(...events)).split('; ');
    expect(lines).toHaveLength(6);
    expect(lines.at(-1)).toBe('and 3 more');
  });

  it('knows calendars by ids that objects have already', () => {
    const odd = {
      ...withCalendar({ id: '__proto__' }),
      policies: [{ ...policy, targets: [{ ...target, calendar: 'constructor' }] }],
    };
    expect(refusal(odd)).toBe('policies[0].targets[0].calendar: there is no calendar “constructor”');
  });
});
