import { z } from 'zod';
import { idSchema, type Id } from '#kernel/id';
import { dateSchema, text, timeZoneSchema } from '#kernel/text';
import { ROUND_THE_CLOCK } from './business-calendar.ts';
import { calendarSchema } from './calendar-input.ts';
import { policySchema } from './sla-policy.ts';

/** Statuses in which a ticket may wait without its clocks running. */
const PAUSE_STATUSES = ['new', 'in-progress', 'waiting-client', 'waiting-vendor'] as const;

const time = z.string().max(5);

/** A calendar as it is given, kept and shown; what it means, and what it must not be, is the clocks' own schema. */
export const calendarInput = z.object({
  zone: timeZoneSchema,
  windows: z.array(z.object({ days: z.array(z.string().max(3)).min(1).max(7), from: time, to: time })).max(200),
  holidays: z
    .array(z.object({ date: dateSchema, yearly: z.boolean().default(false) }))
    .max(1000)
    .default([]),
});
export type CalendarInput = z.output<typeof calendarInput>;
/** A day on which a calendar is closed, once or each year. */
export type CalendarHoliday = CalendarInput['holidays'][number];

const budget = z.string().max(100).nullable().default(null);

/** Who is told of a warning: who works on the ticket, the policy's leads, whoever is on call. */
export const WARNED = ['assignee', 'lead', 'on-call'] as const;

const warning = z.object({
  percent: z.int().min(1).max(500),
  notify: z.array(z.enum(WARNED)).max(3).default([]),
  /** One priority higher, if there is one. */
  raisePriority: z.boolean().default(false),
  /** Where the ticket goes; null leaves it. */
  queueId: idSchema('ticket-queue').nullable().default(null),
  /** Who gets the ticket; null leaves it. */
  assigneeId: idSchema('staff').nullable().default(null),
});
const people = z.array(idSchema('staff')).max(50).default([]);

const policyFields = {
  warnings: z.array(warning).max(10).default([]),
  leadIds: people,
  onCallIds: people,
  pauseStatuses: z.array(z.enum(PAUSE_STATUSES)).max(4).default([]),
  targets: z
    .array(
      z.object({
        priority: z.int().min(1).max(4),
        /** ISO 8601 without years and months; null promises nothing. */
        response: budget,
        update: budget,
        resolution: budget,
        /** Null counts round the clock. */
        calendarId: idSchema('sla-calendar').nullable().default(null),
      }),
    )
    .max(4),
};
const policyInput = z.object(policyFields);
export type PolicyInput = z.output<typeof policyInput>;

/** What a version of a policy keeps: as the clocks read it, naming versions of calendars. */
export interface StoredPolicy {
  readonly pauseStatuses: readonly string[];
  readonly targets: readonly {
    readonly priority: string;
    readonly response: string | null;
    readonly update: string | null;
    readonly resolution: string | null;
    /** The id of a calendar's version, or `24x7`. */
    readonly calendar: string;
  }[];
  /** Absent in versions from before there were warnings. */
  readonly warnings?: readonly StoredWarning[];
  readonly leadIds?: readonly Id<'staff'>[];
  readonly onCallIds?: readonly Id<'staff'>[];
}
export type StoredWarning = z.output<typeof warning>;

const name = text({ max: 80 });

export const createCalendarInput = z.object({ name, ...calendarInput.shape }).superRefine(refuseBadCalendar);
export const updateCalendarInput = z
  .object({ calendarId: idSchema('sla-calendar'), version: z.int(), name, ...calendarInput.shape })
  .superRefine(refuseBadCalendar);
/** `sla` is promised to clients, `ola` between the MSP's own teams. */
export const POLICY_KINDS = ['sla', 'ola'] as const;
export type PolicyKind = (typeof POLICY_KINDS)[number];
export const createPolicyInput = z
  .object({ name, kind: z.enum(POLICY_KINDS).default('sla'), ...policyFields })
  .superRefine((input, context) => {
    refuseBadPolicy(input, context);
    for (const { path, message } of olaFaults(input.kind, input)) context.addIssue({ code: 'custom', path, message });
  });
export const updatePolicyInput = z
  .object({ policyId: idSchema('sla-policy'), version: z.int(), name, ...policyFields })
  .superRefine(refuseBadPolicy);

/** A policy as the clocks read it. `versionOf` gives the version that a calendar has now. */
export function storedPolicy(input: PolicyInput, versionOf: (calendarId: Id<'sla-calendar'>) => string): StoredPolicy {
  return {
    pauseStatuses: input.pauseStatuses,
    warnings: input.warnings,
    leadIds: input.leadIds,
    onCallIds: input.onCallIds,
    targets: input.targets.map(({ priority, response, update, resolution, calendarId }) => ({
      priority: String(priority),
      response,
      update,
      resolution,
      calendar: calendarId === null ? ROUND_THE_CLOCK : versionOf(calendarId),
    })),
  };
}

/** An OLA knows one clock: how long a ticket may be with a team. */
export function olaFaults(
  kind: PolicyKind,
  { targets }: PolicyInput,
): { path: (string | number)[]; message: string }[] {
  if (kind === 'sla') return [];
  return targets.flatMap((target, index) =>
    (['response', 'update'] as const)
      .filter((measure) => target[measure] !== null)
      .map((measure) => ({
        path: ['targets', index, measure],
        message: 'must be empty: an OLA promises the resolution alone, which is the time with the team',
      })),
  );
}

function refuseBadCalendar({ zone, windows, holidays }: CalendarInput, context: z.RefinementCtx): void {
  repeatIssues(calendarSchema.safeParse({ id: 'new', zone, windows, holidays }), context);
}

function refuseBadPolicy(input: PolicyInput, context: z.RefinementCtx): void {
  repeatIssues(policySchema.safeParse({ id: 'new', ...storedPolicy(input, (id) => id) }), context);
}

function repeatIssues(result: z.ZodSafeParseResult<unknown>, context: z.RefinementCtx): void {
  for (const { path, message } of result.error?.issues ?? []) context.addIssue({ code: 'custom', path, message });
}
