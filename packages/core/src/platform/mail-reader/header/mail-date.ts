import type { ReadingNotes } from '../reading-notes.ts';
import { quoted } from '../reading-notes.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** RFC 5322 §4.3. */
const NAMED_ZONES: Readonly<Record<string, string>> = {
  est: '-05:00',
  edt: '-04:00',
  cst: '-06:00',
  cdt: '-05:00',
  mst: '-07:00',
  mdt: '-06:00',
  pst: '-08:00',
  pdt: '-07:00',
  cet: '+01:00',
  cest: '+02:00',
};
const RFC_5322 =
  /^(?:[\p{L}.]{1,12}\s{0,5},?\s{0,5})?(\d{1,2})[\s-]{1,5}([a-z]{3,9})\.?[\s-]{1,5}(\d{2,4})\s{1,5}(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\.\d{1,9})?\s{0,5}(.*)$/iu;
/** What C's `ctime` writes, with or without a zone before the year. */
const CTIME =
  /^[a-z]{3}\s{1,5}([a-z]{3})\s{1,5}(\d{1,2})\s{1,5}(\d{2}):(\d{2}):(\d{2})\s{1,5}(?:([a-z]{3,4})\s{1,5})?(\d{4})$/i;

/** Mail travels for days at most; a clock that runs ahead is off by hours. */
const AHEAD_HOURS = 24;

/** The instant of a `Date` field; null where it cannot be one. A date that lies ahead is given as it is, with a warning: it says what the sender's clock said. */
export function readDate(text: string, now: Temporal.Instant, notes: ReadingNotes): string | null {
  const instant = parse(
    text
      .replaceAll(/\([^()]*\)/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
    notes,
  );
  if (instant === null) {
    notes.warn(`The Date ${quoted(text)} is no date.`);
    return null;
  }
  if (Temporal.Instant.compare(instant, now.add({ hours: AHEAD_HOURS })) > 0)
    notes.warn(`The Date ${instant.toString()} lies in the future; the time of arrival should be used.`);
  // RFC 561 of 1973 first gave mail a date.
  if (Temporal.Instant.compare(instant, Temporal.Instant.from('1973-09-05T00:00:00Z')) < 0)
    notes.warn(`The Date ${instant.toString()} is older than mail; the time of arrival should be used.`);
  return instant.toString();
}

function parse(text: string, notes: ReadingNotes): Temporal.Instant | null {
  const match = RFC_5322.exec(text);
  if (match !== null) {
    const [, day = '', month = '', year = '', hour = '', minute = '', second = '0', zone = ''] = match;
    return toInstant({ year: fullYear(year), month, day, hour, minute, second }, offsetOf(zone, notes));
  }
  const ctime = CTIME.exec(text);
  if (ctime !== null) {
    const [, month = '', day = '', hour = '', minute = '', second = '', zone = '', year = ''] = ctime;
    return toInstant({ year: Number(year), month, day, hour, minute, second }, offsetOf(zone, notes));
  }
  try {
    return /^\d{4}-\d{2}-\d{2}[T ]/.test(text)
      ? Temporal.Instant.from(text.replace(/ (?=[+-]\d{2}:?\d{2}$)/, ''))
      : null;
  } catch {
    return null;
  }
}

interface Written {
  readonly year: number;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
}

function toInstant(written: Written, offset: string): Temporal.Instant | null {
  const month = MONTHS.indexOf(written.month.slice(0, 3).toLowerCase()) + 1;
  if (month === 0) return null;
  try {
    const local = Temporal.PlainDateTime.from(
      {
        year: written.year,
        month,
        day: Number(written.day),
        hour: Number(written.hour),
        minute: Number(written.minute),
        // A leap second.
        second: Math.min(Number(written.second), 60) === 60 ? 59 : Number(written.second),
      },
      { overflow: 'reject' },
    );
    return local.toZonedDateTime(offset).toInstant();
  } catch {
    return null;
  }
}

/** RFC 5322 §4.3: two digits below 50 are of this century; three digits count from 1900. */
function fullYear(text: string): number {
  const year = Number(text);
  if (text.length === 2) return year < 50 ? 2000 + year : 1900 + year;
  return text.length === 3 ? 1900 + year : year;
}

function offsetOf(zone: string, notes: ReadingNotes): string {
  const name = zone.trim().split(' ')[0] ?? '';
  const digits = /^(?:GMT|UTC)?([+-])(\d{2}):?(\d{2})$/i.exec(name);
  if (digits !== null && Number(digits[2]) <= 15 && Number(digits[3]) < 60)
    return `${digits[1]}${digits[2]}:${digits[3]}`;
  const named = NAMED_ZONES[name.toLowerCase()];
  if (named !== undefined) return named;
  if (!/^(?:gmt|utc?|z)$/i.test(name))
    notes.warn(
      name === ''
        ? 'The Date has no zone; it is read as UTC.'
        : `The Date’s zone ${quoted(name)} is not known; it is read as UTC.`,
    );
  return '+00:00';
}
