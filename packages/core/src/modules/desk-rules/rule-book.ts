import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import { scopedQuery } from '#platform/db/scoped-query';
import { type RuleDefinition, definitionSchema } from './rule-input.ts';
import type { DeskRuleId, DeskRuleTables } from './rules-table.ts';

/** A rule that is on, ready to be asked. */
export interface ActiveRule {
  readonly id: DeskRuleId;
  readonly name: string;
  readonly version: number;
  readonly stops: boolean;
  readonly definition: RuleDefinition;
}

/** An MSP's rules as of one version of the set. */
export interface RuleSet {
  readonly version: number;
  /** In the order in which they are asked. */
  readonly rules: readonly ActiveRule[];
}

const NONE: RuleSet = { version: 0, rules: [] };
const MAX_KEPT = 500;

const versionOfSet = scopedQuery<DeskRuleTables, object>()<{ version: number }>((query) =>
  query.selectFrom('desk_rule_set').select('version'),
);

/** The active rules of each MSP, read and parsed once for each version of the set: what is asked at every event is one small row. */
export class RuleBook {
  readonly #db: ScopedDb<DeskRuleTables>;
  readonly #kept = new Map<string, RuleSet>();

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<DeskRuleTables>();
  }

  async active(scope: TenantScope): Promise<RuleSet> {
    const [set] = await this.#db.run(scope, versionOfSet, {});
    if (set === undefined) return NONE;
    const kept = this.#kept.get(scope.mspId);
    if (kept?.version === set.version) return kept;
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('desk_rule')
        .select(['id', 'name', 'version', 'stops', 'definition'])
        .where('is_active', '=', true)
        .orderBy('place')
        .orderBy('id'),
    );
    const rules = rows.map((row) => ({ ...row, definition: definitionSchema.parse(row.definition) }));
    const read: RuleSet = { version: set.version, rules };
    if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
    this.#kept.set(scope.mspId, read);
    return read;
  }
}
