import type { MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { DeskCategoryId } from '#modules/desk-catalogue';
import type { BusinessHours } from '#modules/sla';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { Condition } from './condition-input.ts';
import type { RuleCriteria } from './criteria-input.ts';
import type { Circumstances, SlaCalendarId } from './ticket-facts.ts';

interface CategoryTables {
  desk_category: { msp_id: MspId; id: DeskCategoryId; parent_id: DeskCategoryId | null };
}

const MOMENT = Temporal.Duration.from({ seconds: 1 });

/** Says what conditions ask of the world around a ticket: whether calendars are open, and which categories lie in which. */
export class RuleSurroundings {
  readonly #db: ScopedDb<CategoryTables>;
  readonly #hours: BusinessHours;

  constructor(deps: { db: ScopedDb; hours: BusinessHours }) {
    this.#db = deps.db.typed<CategoryTables>();
    this.#hours = deps.hours;
  }

  /** What any of the definitions may ask, at any moment. A calendar that is gone is closed. */
  async of(
    scope: TenantScope,
    definitions: readonly RuleCriteria[],
  ): Promise<(now: Temporal.Instant) => Circumstances> {
    const isOpen = await this.#calendars(scope, [...new Set(definitions.flatMap(calendarsIn))]);
    const parents = await this.#parents(scope, definitions);
    return (now) => ({
      now,
      isInHours: (id) => isOpen.get(id)?.(now) ?? false,
      categoriesAbove: (id) => lineage(parents, id),
    });
  }

  async #calendars(
    scope: TenantScope,
    ids: readonly SlaCalendarId[],
  ): Promise<Map<SlaCalendarId, (at: Temporal.Instant) => boolean>> {
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
    return isOpen;
  }

  /** What each category lies in; read only where a rule asks. */
  async #parents(
    scope: TenantScope,
    definitions: readonly RuleCriteria[],
  ): Promise<Map<DeskCategoryId, DeskCategoryId | null>> {
    const asks = definitions.some((one) => conditionsIn(one).some(({ op }) => op === 'under' || op === 'not-under'));
    if (!asks) return new Map();
    const rows = await this.#db.read(scope, (query) => query.selectFrom('desk_category').select(['id', 'parent_id']));
    return new Map(rows.map((row) => [row.id, row.parent_id]));
  }
}

/** Whether a definition asks for the hours at all. */
export function asksForHours(definition: RuleCriteria): boolean {
  return calendarsIn(definition).length > 0;
}

function conditionsIn(definition: RuleCriteria): Condition[] {
  return definition.if.groups.flatMap((group) => group.conditions);
}

function calendarsIn(definition: RuleCriteria): SlaCalendarId[] {
  return conditionsIn(definition).flatMap((condition) => (condition.field === 'hours' ? [condition.value] : []));
}

function lineage(parents: ReadonlyMap<DeskCategoryId, DeskCategoryId | null>, id: DeskCategoryId): DeskCategoryId[] {
  const found: DeskCategoryId[] = [];
  for (let at: DeskCategoryId | null = id; at !== null && !found.includes(at); at = parents.get(at) ?? null)
    found.push(at);
  return found;
}
