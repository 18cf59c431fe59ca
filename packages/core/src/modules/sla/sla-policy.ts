import { z } from 'zod';
import { text } from '#kernel/text';
import { ROUND_THE_CLOCK, type WorkingTime } from './business-calendar.ts';
import { nanosecondsOf } from './exact-time.ts';

/** What a policy promises: the first answer, the answer to each later word of the client, the end. */
export const MEASURES = ['response', 'update', 'resolution'] as const;
export type Measure = (typeof MEASURES)[number];

const budget = z
  .string()
  .max(100)
  .transform((value, context) => {
    try {
      const duration = Temporal.Duration.from(value);
      if (duration.sign < 0) context.addIssue({ code: 'custom', message: 'must not be negative' });
      if (duration.years !== 0 || duration.months !== 0)
        context.addIssue({ code: 'custom', message: 'must not have years or months, whose length varies' });
      return duration;
    } catch {
      context.addIssue({ code: 'custom', message: 'must be an ISO 8601 duration such as PT4H' });
      return z.NEVER;
    }
  })
  .nullable()
  .default(null);

const target = z
  .object({
    priority: text({ max: 200 }),
    response: budget,
    update: budget,
    resolution: budget,
    calendar: text({ max: 200 }).nullable().default(null),
  })
  .refine((one) => one.calendar !== null || MEASURES.every((measure) => one[measure] === null), {
    path: ['calendar'],
    error: `must name a calendar, or ${ROUND_THE_CLOCK}`,
  });

/** Budgets by priority, and the statuses that stop all clocks. A null budget promises nothing; so does a priority without a target. */
export const policySchema = z
  .object({
    id: text({ max: 200 }),
    pauseStatuses: z
      .array(text({ max: 200 }))
      .max(200)
      .default([]),
    targets: z.array(target).max(200),
    /** At which percentages of a budget somebody is warned; what else a warning does is not the clocks' matter. */
    warnings: z
      .array(z.object({ percent: z.int().min(1).max(500) }))
      .max(10)
      .default([]),
  })
  .superRefine(({ targets, warnings }, context) => {
    for (const [index, { percent }] of warnings.entries())
      if (warnings.findIndex((other) => other.percent === percent) < index)
        context.addIssue({
          code: 'custom',
          path: ['warnings', index, 'percent'],
          message: `is named already: ${percent}`,
        });
    for (const [index, { priority }] of targets.entries()) {
      const earlier = targets.findIndex((other) => other.priority === priority);
      if (earlier < index)
        context.addIssue({
          code: 'custom',
          path: ['targets', index, 'priority'],
          message: `is that of targets[${earlier}] already: ${priority}`,
        });
    }
  });
export type SlaPolicy = z.output<typeof policySchema>;

/** Everything by which clocks are judged. */
export interface SlaRules {
  /** By id, with `24x7`. */
  readonly calendars: ReadonlyMap<string, WorkingTime>;
  readonly policies: ReadonlyMap<string, SlaPolicy>;
}

/** What holds for one clock of a ticket at one moment. */
export interface Regime {
  /** Null where nothing is promised. */
  readonly target: { readonly budget: bigint; readonly calendar: string } | null;
  readonly isPaused: boolean;
}

/** The regime of a measure under a policy, for what a ticket is at the moment. */
export function regimeOf(
  policy: SlaPolicy | undefined,
  ticket: { readonly priority: string; readonly status: string },
  measure: Measure,
): Regime {
  const found = policy?.targets.find(({ priority }) => priority === ticket.priority);
  const promised = found?.[measure] ?? null;
  const calendar = found?.calendar ?? null;
  return {
    target: promised === null || calendar === null ? null : { budget: nanosecondsOf(promised), calendar },
    isPaused: policy?.pauseStatuses.includes(ticket.status) ?? false,
  };
}

/** The percentages of which a policy warns. */
export function percentsOf(rules: SlaRules, policyId: string | null): number[] {
  const policy = policyId === null ? undefined : rules.policies.get(policyId);
  return policy?.warnings.map(({ percent }) => percent) ?? [];
}
