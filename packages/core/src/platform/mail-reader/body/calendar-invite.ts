import { quoted, type ReadingNotes } from '../reading-notes.ts';

/** Says in the notes what an iCalendar part (RFC 5545) asks for: method, summary, start and end of its first event. */
export function noteInvite(source: string, declaredMethod: string | undefined, notes: ReadingNotes): void {
  // An event's first lines say what is asked; a calendar of thousands of events is a file.
  const lines = source
    .slice(0, 100_000)
    .replaceAll(/\r?\n[ \t]/g, '')
    .split(/\r?\n/);
  // A time zone before the event has starts of its own.
  const event = lines.findIndex((line) => /^BEGIN:(?:VEVENT|VTODO)\s*$/i.test(line));
  const find = (name: string, from = Math.max(event, 0)): string | undefined =>
    lines.slice(from).find((line) => new RegExp(`^${name}[:;]`, 'i').test(line));
  if (find('BEGIN', 0) === undefined) {
    notes.warn('A calendar part has no calendar in it.');
    return;
  }
  const method = valueOf(find('METHOD', 0)) ?? declaredMethod ?? 'PUBLISH';
  const start = timeOf(find('DTSTART'));
  const end = timeOf(find('DTEND'));
  const summary = valueOf(find('SUMMARY'))
    ?.replaceAll(/\\([,;\\])/g, '$1')
    .replaceAll(/\\n/gi, ' ');
  const when = start === null ? 'without a start' : `from ${start}${end === null ? '' : ` to ${end}`}`;
  notes.because(
    `Calendar invite (${quoted(method.toUpperCase()).slice(1, -1)}): ${quoted(summary ?? 'no summary')}, ${when}.`,
  );
}

function valueOf(line: string | undefined): string | undefined {
  const value = line?.slice(line.indexOf(':') + 1).trim();
  return value === '' ? undefined : value;
}

/** `DTSTART;TZID=Europe/Berlin:20260302T100000` as `2026-03-02T10:00:00 Europe/Berlin`. */
function timeOf(line: string | undefined): string | null {
  const match = /^[A-Z]+((?:;[^:]{0,200})?):(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?/i.exec(line ?? '');
  if (match === null) return null;
  const [, parameters = '', year, month, day, hour, minute, second, utc] = match;
  const zone = /;TZID="?([^";:]{1,80})/i.exec(parameters)?.[1];
  const date = `${year}-${month}-${day}`;
  if (hour === undefined) return date;
  return `${date}T${hour}:${minute}:${second}${utc ?? ''}${zone === undefined ? '' : ` ${zone}`}`;
}
