import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertRecurrence, occurrenceAfter, occurrencesAfter } from './recurrence.ts';
import { filled, placeholdersOf, recurringTemplate } from './recurring-input.ts';
import vectors from './recurrence.vectors.json' with { type: 'json' };

const recurrence = (rule: string, startsAt = '2026-11-23T09:00', timeZone = 'Europe/Berlin') => ({
  rule,
  startsAt: Temporal.PlainDateTime.from(startsAt),
  timeZone,
});

describe('occurrencesAfter', () => {
  it.each(vectors)('$what', ({ rule, startsAt, timeZone, at }) => {
    const found = occurrencesAfter(recurrence(rule, startsAt, timeZone), null, at.length + 1);
    expect(found.map((one) => one.at.toString())).toEqual(at);
  });

  it('goes on from any occurrence as if it had counted from the start', () => {
    const rules = [
      'FREQ=DAILY;INTERVAL=3',
      'FREQ=WEEKLY;BYDAY=MO,FR',
      'FREQ=MONTHLY;BYMONTHDAY=-1',
      'FREQ=MONTHLY;BYDAY=2TU',
      'FREQ=DAILY;COUNT=20',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...rules), fc.integer({ min: 1, max: 15 }), (rule, skip) => {
        const by = recurrence(rule);
        const all = occurrencesAfter(by, null, 20);
        const rest = occurrencesAfter(by, all[skip - 1]?.local ?? null, 20 - skip);
        expect(rest.map(({ at }) => at.toString())).toEqual(all.slice(skip).map(({ at }) => at.toString()));
      }),
      { numRuns: 40 },
    );
  });

  it('finds what comes next years after the start without walking there', () => {
    const next = occurrenceAfter(
      recurrence('FREQ=DAILY', '2001-01-01T09:00'),
      Temporal.PlainDateTime.from('2026-11-20T10:00'),
    );
    expect(next?.local.toString()).toBe('2026-11-21T09:00:00');
  });
});

describe('assertRecurrence', () => {
  it.each([
    ['FREQ=HOURLY', 'FREQ=HOURLY'],
    ['FREQ=DAILY;BYHOUR=3', 'BYHOUR'],
    ['INTERVAL=2', 'FREQ'],
    ['FREQ=DAILY;FREQ=DAILY', 'once'],
    ['FREQ=DAILY;COUNT=2;UNTIL=20270101', 'both'],
    ['FREQ=MONTHLY;BYMONTHDAY=30;BYMONTH=2', 'at least once'],
    ['FREQ=DAILY;INTERVAL=0', 'INTERVAL=0'],
    ['FREQ=MONTHLY;BYMONTHDAY=77', 'BYMONTHDAY=77'],
    ['FREQ=DAILY;UNTIL=20261399', 'recurrence rule'],
    ['FREQ=DAILY;UNTIL=20200101', 'at least once'],
    ['nonsense', 'nonsense'],
    ['FREQ=DAILY;\nDTSTART=X', 'must not have'],
  ])('refuses %s', (rule, words) => {
    expect(() => assertRecurrence(recurrence(rule))).toThrow(
      expect.objectContaining({ code: 'recurring-tickets.bad-rule', message: expect.stringContaining(words) }),
    );
  });
});

describe('filled', () => {
  it('fills in what it knows and runs nothing', () => {
    const by = placeholdersOf(Temporal.PlainDate.from('2026-11-23'), 'Acme {date}');
    expect(filled('{client}: backups {month} {year}, week {week}, Q{quarter} {date} {other}', by)).toBe(
      'Acme {date}: backups November 2026, week 48, Q4 2026-11-23 {other}',
    );
    expect(recurringTemplate.safeParse({ subject: 'For {secret}' }).error?.issues[0]?.path).toEqual(['subject']);
  });
});
