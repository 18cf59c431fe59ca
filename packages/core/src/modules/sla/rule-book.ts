import type { MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import { BusinessCalendar, ROUND_THE_CLOCK, roundTheClock, type WorkingTime } from './business-calendar.ts';
import { calendarSchema } from './calendar-input.ts';
import { policySchema, type SlaPolicy, type SlaRules } from './sla-policy.ts';
import type { TicketClocks } from './ticket-clocks.ts';
import type { SlaTables } from './sla-table.ts';

const KEPT = 2000;

/** Versions of policies and calendars, ready to judge by. Versions never change, so that each is read once; keys hold the MSP, so that none is another's. */
export class RuleBook {
  readonly #db: ScopedDb<SlaTables>;
  readonly #policies = new Map<string, SlaPolicy>();
  readonly #calendars = new Map<string, WorkingTime>();
  /** The calendar of each version. */
  readonly #origins = new Map<string, string>();

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<SlaTables>();
  }

  /** All that is needed to judge these clocks, and to put them under these versions of policies. */
  async rules(
    scope: TenantScope,
    clocks: readonly TicketClocks[],
    policyVersions: readonly (string | null)[] = [],
    calendarVersions: readonly string[] = [],
  ): Promise<SlaRules> {
    const wanted = new Set([...clocks.map(({ policy }) => policy), ...policyVersions].filter((id) => id !== null));
    const policies = await this.#read(scope, this.#policies, wanted, (ids) => this.#readPolicies(scope, ids));
    const named = [...policies.values()].flatMap(({ targets }) => targets.map(({ calendar }) => calendar));
    const used = clocks.flatMap((one) => [
      ...one.replacedCalendars.map(({ to }) => to),
      ...[one.response, one.resolution, ...one.updates].flatMap(({ stretches }) =>
        stretches.map(({ calendar }) => calendar),
      ),
    ]);
    const ids = new Set([...named, ...used, ...calendarVersions].filter((id) => id !== null && id !== ROUND_THE_CLOCK));
    const calendars = await this.#read(scope, this.#calendars, ids, (missing) => this.#readCalendars(scope, missing));
    return { policies, calendars: new Map([[ROUND_THE_CLOCK, roundTheClock], ...calendars]) };
  }

  /** Whether two versions, both read before, are of one calendar. */
  sameCalendar(mspId: MspId): (one: string, other: string) => boolean {
    return (one, other) => {
      const origin = this.#origins.get(`${mspId}:${one}`);
      return origin !== undefined && origin === this.#origins.get(`${mspId}:${other}`);
    };
  }

  async #read<Rule>(
    scope: TenantScope,
    kept: Map<string, Rule>,
    ids: ReadonlySet<string | null>,
    read: (ids: string[]) => Promise<[string, Rule][]>,
  ): Promise<Map<string, Rule>> {
    const found = new Map<string, Rule>();
    const missing: string[] = [];
    for (const id of ids) {
      if (id === null) continue;
      const rule = kept.get(`${scope.mspId}:${id}`);
      if (rule === undefined) missing.push(id);
      else found.set(id, rule);
    }
    if (missing.length === 0) return found;
    for (const [id, rule] of await read(missing)) {
      if (kept.size >= KEPT) kept.clear();
      kept.set(`${scope.mspId}:${id}`, rule);
      found.set(id, rule);
    }
    return found;
  }

  async #readPolicies(scope: TenantScope, ids: string[]): Promise<[string, SlaPolicy][]> {
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('sla_policy_version')
        .select(['id', 'definition'])
        .where('id', 'in', ids as never[]),
    );
    return rows.map(({ id, definition }) => [id, policySchema.parse({ id, ...definition })]);
  }

  async #readCalendars(scope: TenantScope, ids: string[]): Promise<[string, WorkingTime][]> {
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('sla_calendar_version')
        .select(['id', 'calendar_id', 'definition'])
        .where('id', 'in', ids as never[]),
    );
    for (const { id, calendar_id } of rows) this.#origins.set(`${scope.mspId}:${id}`, calendar_id);
    return rows.map(({ id, definition }) => [id, new BusinessCalendar(calendarSchema.parse({ id, ...definition }))]);
  }
}
