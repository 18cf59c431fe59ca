import { RRuleTemporal } from 'rrule-temporal';
import { InvalidInputError } from '#kernel/errors';

/** When something comes back: the rule of RFC 5545 (RRULE) and the wall clock of its first occurrence, in a zone. */
export interface Recurrence {
  readonly rule: string;
  readonly startsAt: Temporal.PlainDateTime;
  readonly timeZone: string;
}

/** One occurrence: what the wall clock says, which names it, and the instant at which it is. */
export interface Occurrence {
  readonly local: Temporal.PlainDateTime;
  readonly at: Temporal.Instant;
}

/** What each part may hold; the library passes over numbers that it does not know instead of refusing them. */
const PARTS: Readonly<Record<string, (value: string) => boolean>> = {
  FREQ: (value) => /^(DAILY|WEEKLY|MONTHLY|YEARLY)$/.test(value),
  INTERVAL: (value) => isNumber(value, 999) && !value.startsWith('-'),
  COUNT: (value) => isNumber(value, 9999) && !value.startsWith('-'),
  UNTIL: (value) => /^\d{8}(T\d{6}Z?)?$/.test(value),
  BYDAY: (value) => value.split(',').every((day) => /^([+-]?([1-9]|[1-4]\d|5[0-3]))?(MO|TU|WE|TH|FR|SA|SU)$/.test(day)),
  BYMONTHDAY: (value) => areNumbers(value, 31),
  BYMONTH: (value) => areNumbers(value, 12) && !value.includes('-'),
  BYSETPOS: (value) => areNumbers(value, 366),
  BYWEEKNO: (value) => areNumbers(value, 53),
  BYYEARDAY: (value) => areNumbers(value, 366),
  WKST: (value) => /^(MO|TU|WE|TH|FR|SA|SU)$/.test(value),
};
/** A rule that finds nothing must not be searched for ever; ten thousand days are 27 years. */
const MOST_STEPS = 10_000;

/**
 * The first occurrence after a wall clock, or from the start on; null where none comes any more.
 *
 * The library counts on a clock without zone (UTC stands for it), and its wall clock is put into the zone here, as RFC 5545 asks (3.3.5): a time that a spring night skips is
 * as much later as the night is shorter, of a time that an autumn night has twice the first one counts. Left to itself the library drops the skipped ones. Days that a month does
 * not have are left out (3.3.10): the 31st comes seven times a year, 29 February every four years; `BYMONTHDAY=-1` is each month's last day.
 */
export function occurrenceAfter(recurrence: Recurrence, after: Temporal.PlainDateTime | null): Occurrence | null {
  const rule = ruleOf(recurrence);
  const from = after ?? recurrence.startsAt;
  const found = stepsOf(() => rule.next(from.toZonedDateTime('UTC'), after === null));
  if (found === null) return null;
  const local = found.toPlainDateTime();
  return { local, at: local.toZonedDateTime(recurrence.timeZone, { disambiguation: 'compatible' }).toInstant() };
}

/** The next occurrences from a wall clock on, or from the start, at most so many. */
export function occurrencesAfter(
  recurrence: Recurrence,
  after: Temporal.PlainDateTime | null,
  count: number,
): Occurrence[] {
  const found: Occurrence[] = [];
  let last = after;
  while (found.length < count) {
    const next = occurrenceAfter(recurrence, last);
    if (next === null) break;
    found.push(next);
    last = next.local;
  }
  return found;
}

/** Throws `recurring-tickets.bad-rule`, saying what it must be. */
export function assertRecurrence(recurrence: Recurrence): void {
  const parts = recurrence.rule.split(';');
  const wrong = parts.find((part) => {
    const [name = '', value = ''] = part.split('=');
    return !Object.hasOwn(PARTS, name) || PARTS[name]?.(value) !== true || part !== `${name}=${value}`;
  });
  if (wrong !== undefined) throw badRule(`must not have “${wrong.slice(0, 40)}”`);
  const names = parts.map((part) => part.slice(0, part.indexOf('=')));
  if (new Set(names).size !== names.length) throw badRule('must name each part once');
  if (!names.includes('FREQ')) throw badRule('must have FREQ=DAILY, WEEKLY, MONTHLY or YEARLY');
  if (names.includes('COUNT') && names.includes('UNTIL')) throw badRule('must end by COUNT or by UNTIL, not by both');
  if (occurrenceAfter(recurrence, null) === null) throw badRule('must come at least once');
}

function ruleOf({ rule, startsAt }: Recurrence): RRuleTemporal {
  try {
    return new RRuleTemporal({
      rruleString: `RRULE:${withFloatingUntil(rule)}`,
      dtstart: startsAt.toZonedDateTime('UTC'),
      maxIterations: MOST_STEPS,
      strict: true,
      cache: false,
    });
  } catch (error) {
    throw badRule(`must be a recurrence rule: ${error instanceof Error ? error.message.slice(0, 120) : 'it is none'}`);
  }
}

/** An end is a day or a wall clock here too; a rule from elsewhere may have it in UTC, which is hours off at most. */
function withFloatingUntil(rule: string): string {
  return rule.replace(/UNTIL=(\d{8})(?:T(\d{6})Z?)?(?=;|$)/, (_, day: string, time: string | undefined) => {
    return `UNTIL=${day}T${time ?? '235959'}Z`;
  });
}

/** A rule that never comes makes the library give up with an error of its own. */
function stepsOf<Result>(find: () => Result): Result {
  try {
    return find();
  } catch (error) {
    throw badRule(
      error instanceof Error && error.message.includes('iterations')
        ? 'must come at least once in 27 years'
        : 'must be a recurrence rule',
    );
  }
}

function areNumbers(value: string, most: number): boolean {
  return value.split(',').every((one) => isNumber(one, most));
}

function isNumber(value: string, most: number): boolean {
  return /^[+-]?[1-9]\d{0,3}$/.test(value) && Math.abs(Number(value)) <= most;
}

function badRule(message: string): InvalidInputError {
  return new InvalidInputError('recurring-tickets.bad-rule', `The rule ${message}.`, {
    fields: [{ path: ['rule'], message }],
  });
}
