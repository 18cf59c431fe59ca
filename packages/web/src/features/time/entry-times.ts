import type { WorkType } from '#web/features/tickets/ticket-words.ts';

/** What an entry dialog is about: a new entry, of a ticket, of a client without one or of what is to be chosen, or one that is corrected. */
export interface EntryToWrite {
  /** A choice of `findWork`. */
  readonly work?: { readonly id: string; readonly label: string };
  /** Whose clock the form's times are on. */
  readonly timeZone: string;
  /** When the work began, as an instant; left out, an hour that has just ended. */
  readonly startedAt?: string;
  readonly minutes?: number;
  readonly change?: {
    readonly entryId: string;
    readonly version: number;
    readonly workType: WorkType;
    readonly note: string;
    readonly distanceMeters: number | null;
    /** True where a person said how much is billable. */
    readonly isBillableSet: boolean;
    readonly billableMinutes: number;
    readonly billableReason: string;
  };
}

/** What is typed, as it is typed: a wall clock of the entry's zone, minutes as digits. */
export interface EntryForm {
  date: string;
  start: string;
  minutes: string;
  workType: WorkType;
  distance: string;
  note: string;
  billable: string;
  reason: string;
  /** Why it is corrected. */
  why: string;
}

/** The form of an entry as it is opened. */
export function valuesOf(entry: EntryToWrite): EntryForm {
  const at =
    entry.startedAt === undefined
      ? Temporal.Now.zonedDateTimeISO(entry.timeZone).subtract({ hours: 1 })
      : Temporal.Instant.from(entry.startedAt).toZonedDateTimeISO(entry.timeZone);
  const { change } = entry;
  return {
    date: at.toPlainDate().toString(),
    start: at.toPlainTime().toString({ smallestUnit: 'minute' }),
    minutes: entry.minutes === undefined ? '' : String(entry.minutes),
    workType: change?.workType ?? 'remote',
    distance: change?.distanceMeters === null || change === undefined ? '' : String(change.distanceMeters / 1000),
    note: change?.note ?? '',
    billable: change?.isBillableSet === true ? String(change.billableMinutes) : '',
    reason: change?.isBillableSet === true ? change.billableReason.replace(/^set by [^:]*: /, '') : '',
    why: '',
  };
}

/** The instant at which the work began; undefined where date or time is not whole yet. A time that a spring night skips is as much later. */
export function startOf(form: Pick<EntryForm, 'date' | 'start'>, timeZone: string): string | undefined {
  if (form.date === '' || form.start === '') return undefined;
  return Temporal.PlainDateTime.from(`${form.date}T${form.start}`).toZonedDateTime(timeZone).toInstant().toString();
}

/** The wall clock at the end: `10:05`; empty as long as start or minutes are. */
export function endOf(form: Pick<EntryForm, 'start' | 'minutes'>): string {
  if (form.start === '' || minutesOf(form) === 0) return '';
  return Temporal.PlainTime.from(form.start)
    .add({ minutes: minutesOf(form) })
    .toString({ smallestUnit: 'minute' });
}

export function minutesOf(form: Pick<EntryForm, 'minutes'>): number {
  return Number.parseInt(form.minutes, 10) || 0;
}
