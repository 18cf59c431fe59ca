import { z } from 'zod';
import { timeZoneSchema } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import { createCalendarInput, createPolicyInput } from './definition-input.ts';
import type { SlaCalendars } from './sla-calendars.ts';
import type { SlaChoices } from './sla-choices.ts';
import type { SlaPolicies } from './sla-policies.ts';
import type { SlaCalendarId, SlaPolicyId } from './sla-table.ts';

export const makeDefaultInput = z.object({ zone: timeZoneSchema });

/** By priority: the answer, each later answer, the end. P1 counts round the clock. */
const TARGETS = [
  { priority: 1, response: 'PT30M', update: 'PT2H', resolution: 'PT4H' },
  { priority: 2, response: 'PT1H', update: 'PT4H', resolution: 'PT8H' },
  { priority: 3, response: 'PT4H', update: 'PT8H', resolution: 'PT24H' },
  { priority: 4, response: 'PT8H', update: 'PT16H', resolution: 'PT40H' },
];

/** Whoever works on a ticket hears of it while there is time, and when it is too late. */
const WARNINGS = [75, 100].map((percent) => ({ percent, notify: ['assignee'] }));

/** Makes what most start with: office hours, a policy that counts by them, and the choice of it for every ticket. */
export class MakeDefaultSla {
  readonly #db: ScopedDb;
  readonly #calendars: SlaCalendars;
  readonly #policies: SlaPolicies;
  readonly #choices: SlaChoices;

  constructor(deps: { db: ScopedDb; calendars: SlaCalendars; policies: SlaPolicies; choices: SlaChoices }) {
    this.#db = deps.db;
    this.#calendars = deps.calendars;
    this.#policies = deps.policies;
    this.#choices = deps.choices;
  }

  /** All or nothing. Throws `sla.name-taken` where it was made already. */
  async run(
    scope: TenantScope,
    { zone }: z.output<typeof makeDefaultInput>,
  ): Promise<{ calendarId: SlaCalendarId; policyId: SlaPolicyId }> {
    return this.#db.transaction(scope, async (tx) => {
      const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri'];
      const windows = [{ days: weekdays, from: '09:00', to: '17:00' }];
      const calendar = createCalendarInput.parse({ name: 'Office hours', zone, windows });
      const { calendarId } = await this.#calendars.create(scope, calendar, tx);
      const targets = TARGETS.map((one) => ({ ...one, calendarId: one.priority === 1 ? null : calendarId }));
      const pauseStatuses = ['waiting-client'];
      const policy = createPolicyInput.parse({ name: 'Standard', pauseStatuses, targets, warnings: WARNINGS });
      const { policyId } = await this.#policies.create(scope, policy, tx);
      await this.#choices.set(scope, { clientId: null, ticketType: null, policyId }, tx);
      return { calendarId, policyId };
    });
  }
}
