import type { TenantScope } from '#kernel/tenant-scope';
import type { BusinessHours } from '#modules/sla';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { RuleDefinition } from './rule-input.ts';
import type { Circumstances, SlaCalendarId } from './ticket-facts.ts';

const MOMENT = Temporal.Duration.from({ seconds: 1 });

/** Says for the calendars that rules name whether they are open. */
export class RuleHours {
  readonly #db: ScopedDb;
  readonly #hours: BusinessHours;

  constructor(deps: { db: ScopedDb; hours: BusinessHours }) {
    this.#db = deps.db;
    this.#hours = deps.hours;
  }

  /** What any of the definitions may ask, at any moment. A calendar that is gone is closed. */
  async of(
    scope: TenantScope,
    definitions: readonly RuleDefinition[],
  ): Promise<(now: Temporal.Instant) => Circumstances> {
    const ids = [...new Set(definitions.flatMap(calendarsIn))];
    const isOpen = new Map<SlaCalendarId, (at: Temporal.Instant) => boolean>();
    if (ids.length > 0)
      await this.#db.transaction(scope, async (tx) => {
        // A handful of calendars, not rows: an MSP has about as many as it has countries.
        for (const id of ids) {
          const calendar = await this.#hours.of(tx, id);
          if (calendar !== null)
            isOpen.set(id, (at) => {
              const reason = calendar.cut(at, at.add(MOMENT))[0]?.reason;
              return reason === 'business-hours' || reason === '24x7';
            });
        }
      });
    return (now) => ({ now, isInHours: (id) => isOpen.get(id)?.(now) ?? false });
  }
}

/** Whether a definition asks for the hours at all. */
export function asksForHours(definition: RuleDefinition): boolean {
  return calendarsIn(definition).length > 0;
}

function calendarsIn(definition: RuleDefinition): SlaCalendarId[] {
  return definition.if.groups.flatMap((group) =>
    group.conditions.flatMap((condition) => (condition.field === 'hours' ? [condition.value] : [])),
  );
}
