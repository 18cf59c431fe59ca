import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { idSchema } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { StaffIdentity } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import { logClientTimeInput, logTimeInput, minutesSchema, workOf } from './log-time.ts';
import { overlapsOf, overlapView } from './overlaps.ts';
import { rateTime, type RatingRules } from './rate-time.ts';
import { ratedPartView } from './time-view.ts';
import type { TimeTables } from './time-table.ts';
import type { WorkOn, WorkPlaces } from './work-place.ts';

const asked = {
  /** Without a start, they have just passed. */
  minutes: minutesSchema.default(1),
  /** An entry that is being corrected, which does not overlap with itself. */
  exceptEntryId: idSchema('time-entry').optional(),
};
export const previewTimeInput = logTimeInput.pick({ ticketId: true, workType: true, startedAt: true }).extend(asked);
export const previewClientTimeInput = logClientTimeInput
  .pick({ clientId: true, workType: true, startedAt: true })
  .extend(asked);
type PreviewInput = Omit<z.output<typeof previewTimeInput>, 'ticketId'> & WorkOn;
/** What logging would give: no minute is stored. */
export const previewTimeView = z.object({
  workedMinutes: z.int(),
  billableMinutes: z.int(),
  billableReason: z.string(),
  coverage: z.enum(['included', 'billable', 'not-covered']),
  agreementReason: z.string(),
  parts: z.array(ratedPartView),
  overlaps: z.array(overlapView),
});

interface Deps extends RatingRules {
  readonly db: ScopedDb;
  readonly places: WorkPlaces;
  readonly staff: StaffIdentity;
  readonly clock: Clock;
}

/** Rates time before it is logged, so that who logs it sees what it comes to. */
export class PreviewTime {
  readonly #db: ScopedDb<TimeTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TimeTables>();
    this.#deps = deps;
  }

  /** Throws what `WorkPlaces` throws, and what `LogTime` throws of durations. */
  async run(scope: TenantScope, input: PreviewInput): Promise<z.input<typeof previewTimeView>> {
    const { places, staff, clock } = this.#deps;
    const staffId = await staff.of(scope);
    return this.#db.transaction(scope, async (tx) => {
      const place = await places.read(tx, input);
      const { spans, minutes } = workOf(input, clock.now());
      const rating = await rateTime(tx, this.#deps, place, { workType: input.workType, spans, minutes });
      return {
        workedMinutes: minutes,
        billableMinutes: rating.billable_minutes,
        billableReason: rating.billable_reason,
        coverage: rating.coverage,
        agreementReason: rating.agreement_reason,
        parts: [...rating.parts],
        overlaps: staffId === null ? [] : await overlapsOf(tx, staffId, spans, input.exceptEntryId ?? null),
      };
    });
  }
}
