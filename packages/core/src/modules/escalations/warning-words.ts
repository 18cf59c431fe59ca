import type { Warning } from '#modules/sla';

/** What a warning says of its ticket. */
export interface WarnedTicket {
  readonly number: number;
  readonly subject: string;
  readonly priority: number;
}

const PROMISES = { response: 'The first answer', update: 'The next answer', resolution: 'The resolution' } as const;

/** One line: which ticket, and how far. */
export function titleOf({ number, subject, priority }: WarnedTicket, { measure, percent }: Warning): string {
  const how =
    percent < 100
      ? `${percent} % of the time is used`
      : percent === 100
        ? 'overdue'
        : `${percent} % of the time is used: overdue`;
  return `T-${number} (P${priority}) ${PROMISES[measure].toLowerCase()}: ${how} – ${subject}`.slice(0, 250);
}

/** What was promised, by which policy, and until when. The instant is in UTC: a mail does not know where it is read. */
export function bodyOf({ measure, percent, dueAt, policyName }: Warning): string {
  const due = dueAt === null ? '' : ` It ${percent < 100 ? 'is' : 'was'} due at ${minuteOf(dueAt)} UTC.`;
  return `${PROMISES[measure]} under the policy ${policyName} has used ${percent} % of its time.${due}`;
}

function minuteOf(at: Temporal.Instant): string {
  return at.toZonedDateTimeISO('UTC').toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ');
}
