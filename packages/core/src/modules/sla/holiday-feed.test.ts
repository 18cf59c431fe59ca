import { describe, expect, it } from 'vitest';
import { readHolidayFeed } from './holiday-feed.ts';

const feed = (...lines: string[]) => ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR'].join('\r\n');
const event = (...lines: string[]) => feed('BEGIN:VEVENT', ...lines, 'END:VEVENT');

describe('readHolidayFeed', () => {
  it('takes whole days, one a day, yearly ones as such, and unfolds long names', () => {
    const text = feed(
      'BEGIN:VEVENT',
      'DTSTART;VALUE=DATE:20261225',
      'DTEND;VALUE=DATE:20261227',
      'SUMMARY:Christmas\\, both ',
      ' days',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'DTSTART;VALUE=DATE:20260501',
      'RRULE:FREQ=YEARLY',
      'END:VEVENT',
    );
    expect(readHolidayFeed(text)).toEqual({
      holidays: [
        { date: '2026-05-01', yearly: true, name: '' },
        { date: '2026-12-25', yearly: false, name: 'Christmas, both days' },
        { date: '2026-12-26', yearly: false, name: 'Christmas, both days' },
      ],
      passedOver: [],
    });
  });

  it.each([
    ['a time of day', ['DTSTART:20261225T090000Z'], 'has a time of day: only whole days are holidays'],
    ['another rule', ['DTSTART:20261225', 'RRULE:FREQ=MONTHLY'], 'recurs by a rule that is not plainly yearly'],
    [
      'a yearly 29 February',
      ['DTSTART:20280229', 'RRULE:FREQ=YEARLY'],
      'is a yearly 29 February, which most years do not have',
    ],
    ['a cancelled event', ['DTSTART:20261225', 'STATUS:CANCELLED'], 'was cancelled'],
  ])('passes over %s, with the reason', (_, lines, reason) => {
    expect(readHolidayFeed(event(...lines))).toEqual({ holidays: [], passedOver: [{ line: 3, reason }] });
  });

  it.each([
    ['what is no such file', '<html>', 1],
    ['a page that has a colon', 'Location: elsewhere', 1],
    ['a file that was cut off', event('DTSTART:20261225').split('\r\nEND:VEVENT')[0] ?? '', 4],
    ['a day that is none', event('DTSTART:20261345'), 4],
    ['an end before its start', event('DTSTART:20261225', 'DTEND:20261224'), 5],
    ['an event without a start', event('SUMMARY:Nothing'), 3],
  ])('refuses %s and names the line', (_, text, line) => {
    expect(() => readHolidayFeed(text)).toThrow(new RegExp(`^Line ${line} `));
  });
});
