import { z } from 'zod';
import { InvalidInputError } from '#kernel/errors';

export const readHolidaysInput = z.object({
  /** An iCalendar file (RFC 5545) as text. */
  text: z.string().min(1).max(1_000_000),
});
export const readHolidaysView = z.object({
  holidays: z.array(z.object({ date: z.iso.date(), yearly: z.boolean(), name: z.string() })),
  /** What is in the file and is no whole day, with its line and why it was passed over. */
  passedOver: z.array(z.object({ line: z.int(), reason: z.string() })),
});
export type ReadHolidays = z.input<typeof readHolidaysView>;

const MAX_HOLIDAYS = 1000;
const MAX_DAYS = 31;

interface Line {
  readonly number: number;
  readonly name: string;
  readonly parameters: string;
  readonly value: string;
}

/**
 * The whole-day events of an iCalendar file as holidays, sorted and each day once; an event of several days is one a day, a plain yearly rule is a yearly holiday. Events at a time of day,
 * cancelled ones and other rules are passed over, with the reason. Throws `sla.bad-feed`, which names the line, for what is no such file or is broken.
 */
export function readHolidayFeed(text: string): ReadHolidays {
  const lines = unfold(text);
  if (lines[0]?.name !== 'BEGIN' || lines[0].value.toUpperCase() !== 'VCALENDAR')
    throw badFeed(1, 'does not begin with BEGIN:VCALENDAR: this is no iCalendar file');
  if (lines.at(-1)?.name !== 'END') throw badFeed(lines.at(-1)?.number ?? 1, 'is the last: the file was cut off');
  const days = new Map<string, { date: string; yearly: boolean; name: string }>();
  const passedOver: { line: number; reason: string }[] = [];
  let event: Line[] | null = null;
  for (const line of lines) {
    const isEvent = line.value.toUpperCase() === 'VEVENT';
    if (line.name === 'BEGIN' && isEvent) {
      if (event !== null) throw badFeed(line.number, 'begins an event inside another');
      event = [line];
    } else if (line.name === 'END' && isEvent) {
      if (event === null) throw badFeed(line.number, 'ends an event that did not begin');
      const read = holidaysOf(event);
      if (typeof read === 'string') passedOver.push({ line: event[0]?.number ?? line.number, reason: read });
      else for (const day of read) days.set(`${day.date}${String(day.yearly)}`, day);
      if (days.size > MAX_HOLIDAYS)
        throw badFeed(line.number, `is beyond the ${MAX_HOLIDAYS} holidays that a calendar has`);
      event = null;
    } else event?.push(line);
  }
  if (event !== null) throw badFeed(event[0]?.number ?? 1, 'begins an event that does not end');
  const holidays = [...days.values()].toSorted((one, other) => one.date.localeCompare(other.date));
  return { holidays, passedOver: passedOver.slice(0, 100) };
}

function holidaysOf(event: readonly Line[]): { date: string; yearly: boolean; name: string }[] | string {
  const of = (name: string) => event.find((line) => line.name === name);
  const start = of('DTSTART');
  if (start === undefined) throw badFeed(event[0]?.number ?? 1, 'begins an event without DTSTART');
  if (of('STATUS')?.value.toUpperCase() === 'CANCELLED') return 'was cancelled';
  const first = dayOf(start);
  if (first === null) return 'has a time of day: only whole days are holidays';
  const rule = of('RRULE');
  const yearly = rule !== undefined;
  if (rule !== undefined && !/^FREQ=YEARLY(;INTERVAL=1)?(;BYMONTH=\d+;BYMONTHDAY=\d+)?$/i.test(rule.value))
    return 'recurs by a rule that is not plainly yearly';
  if (yearly && first.month === 2 && first.day === 29) return 'is a yearly 29 February, which most years do not have';
  const end = of('DTEND');
  const until = (end === undefined ? null : dayOf(end)) ?? first.add({ days: 1 });
  const length = first.until(until).days;
  if (length < 1) throw badFeed(end?.number ?? start.number, 'ends before it starts');
  if (length > MAX_DAYS) return `lasts ${length} days`;
  const name = (of('SUMMARY')?.value ?? '').replaceAll(/\\([,;\\])/g, '$1').slice(0, 200);
  return Array.from({ length }, (_, days) => ({ date: first.add({ days }).toString(), yearly, name }));
}

/** Null for a date with a time of day. */
function dayOf({ number, name, parameters, value }: Line): Temporal.PlainDate | null {
  if (/^\d{8}T\d{6}Z?$/.test(value)) return null;
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(value) ?? [];
  try {
    return Temporal.PlainDate.from(`${year}-${month}-${day}`);
  } catch {
    throw badFeed(number, `gives ${name}${parameters} no day: ${value.slice(0, 40)}`);
  }
}

/** Lines of RFC 5545 §3.1: what begins with a blank goes on with the line before it. */
function unfold(text: string): Line[] {
  const whole: { number: number; text: string }[] = [];
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const last = whole.at(-1);
    if (/^[ \t]/.test(line) && last !== undefined) last.text += line.slice(1);
    else if (line !== '') whole.push({ number: index + 1, text: line });
  }
  return whole.map(({ number, text: line }) => {
    const [, name, parameters = '', value] = /^([A-Za-z0-9-]+)((?:;[^:]*)?):(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw badFeed(number, 'is no line of an iCalendar file');
    return { number, name: name.toUpperCase(), parameters, value: value.trim() };
  });
}

function badFeed(line: number, reason: string): InvalidInputError {
  return new InvalidInputError('sla.bad-feed', `Line ${line} ${reason}.`, {
    fields: [{ path: ['text'], message: `line ${line} ${reason}` }],
  });
}
