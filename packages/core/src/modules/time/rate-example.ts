import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { idSchema, newId } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import { assertCalendar, assertLines, linesInput, WORK_TYPES, type CoverageLine } from '#modules/agreements';
import type { BusinessHours } from '#modules/sla';
import type { MspQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import { minutesSchema } from './log-time.ts';
import { rateWork } from './rate-work.ts';
import { ratedPartView } from './time-view.ts';

export const rateExampleInput = z.object({
  /** What the contract is or will be called. */
  name: text({ min: 0, max: 120 }).default(''),
  calendarId: idSchema('sla-calendar').nullable().default(null),
  lines: linesInput,
  workType: z.enum(WORK_TYPES).default('onsite'),
  minutes: minutesSchema,
  /** When the work begins on the calendar's wall clock, or on the MSP's without one: `2026-11-23T18:50`. Left out, now. */
  at: z.iso
    .datetime({ local: true, offset: false, error: 'must be a local date and time, such as 2026-11-23T18:50' })
    .transform((value) => Temporal.PlainDateTime.from(value.replace(/Z$/, '')).round('minute'))
    .optional(),
});
/** What a piece of work would come to by terms that nobody has agreed yet. */
export const rateExampleView = z.object({
  timeZone: z.string(),
  /** A wall clock in `timeZone`. */
  startsAt: z.string(),
  workedMinutes: z.int(),
  billableMinutes: z.int(),
  billableReason: z.string(),
  coverage: z.enum(['included', 'billable', 'not-covered']),
  parts: z.array(ratedPartView),
});

interface Deps {
  readonly db: ScopedDb;
  readonly hours: BusinessHours;
  readonly msp: MspQueries;
  readonly clock: Clock;
}

/** Rates an example by the lines of a contract that is being written, with the same rules that rate logged time. Stores nothing. */
export class RateExample {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws `agreements.line-makes-no-sense`, `agreements.calendar-not-found`. */
  async run(scope: TenantScope, input: z.output<typeof rateExampleInput>): Promise<z.input<typeof rateExampleView>> {
    const { db, hours, msp, clock } = this.#deps;
    assertLines(input.lines);
    const ours = await msp.get(scope);
    return db.transaction(scope, async (tx) => {
      await assertCalendar(tx, input.calendarId);
      const calendar = await hours.of(tx, input.calendarId);
      const timeZone = calendar?.zone ?? ours.timeZone;
      const local = input.at ?? clock.now().toZonedDateTimeISO(timeZone).toPlainDateTime().round('minute');
      const from = local.toZonedDateTime(timeZone).toInstant();
      const lines = input.lines.map((line): CoverageLine => ({ ...line, id: newId<'agreement-line'>() }));
      const rated = rateWork(
        {
          workType: input.workType,
          spans: [{ from, to: from.add({ minutes: input.minutes }) }],
          minutes: input.minutes,
        },
        { name: input.name === '' ? null : input.name, lines, calendar },
      );
      return {
        timeZone,
        startsAt: local.toString(),
        workedMinutes: input.minutes,
        billableMinutes: rated.billableMinutes,
        billableReason: rated.billableReason,
        coverage: rated.coverage,
        parts: [...rated.parts],
      };
    });
  }
}
