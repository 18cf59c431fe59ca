import { z } from 'zod';
import { clientIdSchema, idSchema } from '#kernel/id';
import { pageInput } from '#kernel/page';
import { dateSchema, timeZoneSchema } from '#kernel/text';

/** What can be asked of the desk. */
export const DESK_REPORTS = [
  'sla-response',
  'sla-update',
  'sla-resolution',
  'first-response',
  'resolution-time',
  'backlog-age',
  'reopened',
  'one-touch',
] as const;
export type DeskReportName = (typeof DESK_REPORTS)[number];

/** Whether an outcome is counted, and for what: `excluded` ones are in no rate, and are shown with their reason. */
export type OutcomeRole = 'good' | 'bad' | 'excluded';

export interface OutcomeDefinition {
  readonly key: string;
  readonly title: string;
  readonly role: OutcomeRole;
}

/** What a report says of itself: which tickets it looks at, and what can have become of each. Every ticket looked at has exactly one outcome. */
export interface DeskReportDefinition {
  readonly title: string;
  /** Which tickets, in a sentence. */
  readonly population: string;
  /** What the rate is, in words; null where there is none. */
  readonly rate: string | null;
  /** What `value` measures; null where nothing is measured. */
  readonly value: string | null;
  /** Which outcomes the rate counts, of all that are not excluded; the good ones where absent. */
  readonly numerator?: readonly string[];
  readonly outcomes: readonly OutcomeDefinition[];
}

const PROMISE: readonly OutcomeDefinition[] = [
  { key: 'met', title: 'Met', role: 'good' },
  { key: 'breached', title: 'Breached', role: 'bad' },
  { key: 'undecided', title: 'Not decided yet: still open, and not due', role: 'excluded' },
  { key: 'no-promise', title: 'Nothing was promised', role: 'excluded' },
  { key: 'merged', title: 'Merged into another ticket', role: 'excluded' },
];
const OPENED = 'Tickets opened in these days.';
const RESOLVED = 'Tickets resolved for the first time in these days, merged ones left out.';

function promise(what: string): DeskReportDefinition {
  return {
    title: `SLA: ${what}`,
    population: `${OPENED} A promise that is overdue now is breached, also where the ticket is still open.`,
    rate: 'Met, out of met and breached',
    value: null,
    outcomes: PROMISE,
  };
}

export const DESK_REPORT_DEFINITIONS: Readonly<Record<DeskReportName, DeskReportDefinition>> = {
  'sla-response': promise('first answer'),
  'sla-update': promise('later answers'),
  'sla-resolution': promise('resolution'),
  'first-response': {
    title: 'First response',
    population: OPENED,
    rate: 'Answered, out of answered and waiting',
    value: 'From opening to the first public answer, or to the resolution, if that came first',
    outcomes: [
      { key: 'answered', title: 'Answered', role: 'good' },
      { key: 'waiting', title: 'Still waiting for an answer', role: 'bad' },
      { key: 'unknown', title: 'From before answers were timed', role: 'excluded' },
      { key: 'merged', title: 'Merged into another ticket', role: 'excluded' },
    ],
  },
  'resolution-time': {
    title: 'Resolution',
    population: OPENED,
    rate: 'Resolved, out of resolved and open',
    value: 'From opening to the last resolution',
    outcomes: [
      { key: 'resolved', title: 'Resolved', role: 'good' },
      { key: 'open', title: 'Still open', role: 'bad' },
      { key: 'merged', title: 'Merged into another ticket', role: 'excluded' },
    ],
  },
  'backlog-age': {
    title: 'Backlog age',
    population: 'Tickets that are open now, whenever they were opened.',
    rate: 'Younger than a week, out of all that are open',
    value: 'Since it was opened',
    outcomes: [
      { key: 'day', title: 'Less than a day', role: 'good' },
      { key: 'days', title: '1 to 3 days', role: 'good' },
      { key: 'week', title: '3 to 7 days', role: 'good' },
      { key: 'month', title: '7 to 30 days', role: 'bad' },
      { key: 'older', title: '30 days and more', role: 'bad' },
    ],
  },
  reopened: {
    title: 'Reopened',
    population: RESOLVED,
    rate: 'Reopened, out of all that were resolved',
    value: null,
    numerator: ['reopened'],
    outcomes: [
      { key: 'stayed', title: 'Stayed resolved', role: 'good' },
      { key: 'reopened', title: 'Reopened later', role: 'bad' },
    ],
  },
  'one-touch': {
    title: 'One touch',
    population: RESOLVED,
    rate: 'Resolved with one public answer and never reopened, out of all that were answered',
    value: 'Public answers',
    outcomes: [
      { key: 'one-touch', title: 'One answer, not reopened', role: 'good' },
      { key: 'several', title: 'Several answers, or reopened', role: 'bad' },
      { key: 'no-answer', title: 'Resolved without a public word: an alert that ended, a duplicate', role: 'excluded' },
    ],
  },
};

const DAYS = 400;

/** The days, in the reader's zone, both counted; and whose tickets, where not everybody's. */
export const reportRange = {
  from: dateSchema,
  to: dateSchema,
  zone: timeZoneSchema,
  clientId: clientIdSchema.optional(),
};

export function refuseBadRange(input: { from: string; to: string }, context: z.RefinementCtx): void {
  const days = Temporal.PlainDate.from(input.from).until(Temporal.PlainDate.from(input.to)).days;
  if (days < 0) context.addIssue({ code: 'custom', path: ['to'], message: 'must not be before from' });
  if (days > DAYS) context.addIssue({ code: 'custom', path: ['to'], message: `must be within ${DAYS} days of from` });
}

const report = z.enum(DESK_REPORTS);
export const deskReportInput = z.object({ report, ...reportRange }).superRefine(refuseBadRange);
export type DeskReportInput = z.output<typeof deskReportInput>;

export const deskReportTicketsInput = z
  .object({
    report,
    ...reportRange,
    priority: z.coerce.number().int().min(1).max(4).optional(),
    outcome: z.string().max(30).optional(),
    ...pageInput,
  })
  .superRefine(refuseBadRange);
export type DeskReportTicketsInput = z.output<typeof deskReportTicketsInput>;

const figures = {
  /** How many tickets had each outcome. */
  outcomes: z.record(z.string(), z.int()),
  /** Over what the rate is: the tickets that are counted, good and bad. */
  denominator: z.int(),
  /** 0 to 1; null where nothing is counted. */
  rate: z.number().nullable(),
  /** Of the value, in seconds (answers for one touch); null where nothing was measured. */
  median: z.number().nullable(),
  p90: z.number().nullable(),
};

export const deskReportView = z.object({
  report,
  title: z.string(),
  population: z.string(),
  rateWords: z.string().nullable(),
  valueWords: z.string().nullable(),
  outcomes: z.array(z.object({ key: z.string(), title: z.string(), role: z.enum(['good', 'bad', 'excluded']) })),
  total: z.object(figures),
  byClient: z.array(z.object({ clientId: clientIdSchema, clientName: z.string(), ...figures })),
  byPriority: z.array(z.object({ priority: z.int(), ...figures })),
  /** By week, its Monday in the reader's zone; empty where the report is about now. */
  byWeek: z.array(z.object({ week: z.iso.date(), ...figures })),
});
export type DeskReportView = z.input<typeof deskReportView>;

export const reportTicketView = z.object({
  ticketId: idSchema('ticket'),
  number: z.int(),
  subject: z.string(),
  clientId: clientIdSchema,
  clientName: z.string(),
  priority: z.int(),
  outcome: z.string(),
  at: z.iso.datetime(),
  value: z.number().nullable(),
});
