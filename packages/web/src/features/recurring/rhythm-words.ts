const DAYS: Readonly<Record<string, string>> = {
  MO: 'Monday',
  TU: 'Tuesday',
  WE: 'Wednesday',
  TH: 'Thursday',
  FR: 'Friday',
  SA: 'Saturday',
  SU: 'Sunday',
};
const UNITS: Readonly<Record<string, string>> = { DAILY: 'day', WEEKLY: 'week', MONTHLY: 'month', YEARLY: 'year' };
const PLACES: Readonly<Record<string, string>> = {
  1: 'first',
  2: 'second',
  3: 'third',
  4: 'fourth',
  5: 'fifth',
  '-1': 'last',
};
const KNOWN = new Set(['FREQ', 'INTERVAL', 'BYDAY', 'BYMONTHDAY', 'COUNT', 'UNTIL', 'WKST']);

/** A recurrence (RFC 5545) as people say it: `Every month on the second Tuesday`. What has parts that we have no words for stays as it is. */
export function rhythmWords(rule: string): string {
  const parts = new Map(
    rule.split(';').map((part): [string, string] => {
      const [name = '', value = ''] = part.split('=');
      return [name, value];
    }),
  );
  const unit = UNITS[parts.get('FREQ') ?? ''];
  if (unit === undefined || [...parts.keys()].some((name) => !KNOWN.has(name))) return rule;
  const days = daysOf(parts);
  if (days === null) return rule;
  return `${everyOf(unit, Number(parts.get('INTERVAL') ?? '1'))}${days}${endOf(parts)}`;
}

function everyOf(unit: string, interval: number): string {
  if (unit === 'month' && interval === 3) return 'Every quarter';
  if (interval === 1) return `Every ${unit}`;
  return interval === 2 ? `Every other ${unit}` : `Every ${interval} ${unit}s`;
}

/** On which days; nothing where the first occurrence says it, null where there are no words. */
function daysOf(parts: ReadonlyMap<string, string>): string | null {
  const weekdays = parts.get('BYDAY');
  const monthDays = parts.get('BYMONTHDAY');
  if (weekdays !== undefined && monthDays !== undefined) return null;
  if (weekdays === 'MO,TU,WE,TH,FR') return ', Monday to Friday';
  const named = (weekdays ?? monthDays)?.split(',').map(weekdays === undefined ? monthDayOf : weekdayOf) ?? [];
  if (named.some((one) => one === null)) return null;
  if (named.length === 0) return '';
  const last = named.at(-1);
  return named.length === 1 ? ` on ${last}` : ` on ${named.slice(0, -1).join(', ')} and ${last}`;
}

function weekdayOf(value: string): string | null {
  const [, place = '', day = ''] = /^([+-]?\d)?([A-Z]{2})$/.exec(value) ?? [];
  const name = DAYS[day];
  if (name === undefined) return null;
  if (place === '') return name;
  const word = PLACES[place.replace('+', '')];
  return word === undefined ? null : `the ${word} ${name}`;
}

function monthDayOf(value: string): string | null {
  const day = Number(value);
  if (day === -1) return 'the last day';
  return Number.isInteger(day) && day > 0 ? `day ${day}` : null;
}

function endOf(parts: ReadonlyMap<string, string>): string {
  const count = parts.get('COUNT');
  if (count !== undefined) return count === '1' ? ', once' : `, ${count} times`;
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})/.exec(parts.get('UNTIL') ?? '') ?? [];
  return year === undefined ? '' : `, until ${year}-${month}-${day}`;
}
