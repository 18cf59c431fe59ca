import type { StayWarning } from '#modules/ola';
import type { Warning } from '#modules/sla';

/** What a warning says of its ticket. */
export interface WarnedTicket {
  readonly number: number;
  readonly subject: string;
  readonly priority: number;
}

const PROMISES = { response: 'the first answer', update: 'the next answer', resolution: 'the resolution' } as const;

function promiseOf(warning: Warning | StayWarning): string {
  return warning.measure === 'team' ? `the time with ${warning.teamName}` : PROMISES[warning.measure];
}

/** One line: which ticket, and how far. */
export function titleOf({ number, subject, priority }: WarnedTicket, warning: Warning | StayWarning): string {
  const { percent } = warning;
  const how =
    percent < 100
      ? `${percent} % of the time is used`
      : percent === 100
        ? 'overdue'
        : `${percent} % of the time is used: overdue`;
  return `T-${number} (P${priority}) ${promiseOf(warning)}: ${how} – ${subject}`.slice(0, 250);
}

/** What was promised, by which policy, and until when. The instant is in UTC: a mail does not know where it is read. */
export function bodyOf(warning: Warning | StayWarning): string {
  const { percent, dueAt, policyName } = warning;
  const due = dueAt === null ? '' : ` It ${percent < 100 ? 'is' : 'was'} due at ${minuteOf(dueAt)} UTC.`;
  const promise = promiseOf(warning);
  return `${promise.charAt(0).toUpperCase()}${promise.slice(1)} under the policy ${policyName} has used ${percent} % of its time.${due}`;
}

function minuteOf(at: Temporal.Instant): string {
  return at.toZonedDateTimeISO('UTC').toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ');
}
