import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError } from '#kernel/errors';
import { idSchema, newId } from '#kernel/id';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { RunMacro } from '#modules/replies';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import { nextOccurrence } from '#modules/rule-conditions';
import { type LoopingRule, findLoops } from './find-loops.ts';
import type { RuleDefinition, createRuleInput, updateRuleInput } from './rule-input.ts';
import { assertRuleReferences } from './rule-references.ts';
import type { RuleStore } from './rule-store.ts';
import { lookAtAll } from './rules-jobs.ts';
import type { DeskRuleId, DeskRuleTables } from './rules-table.ts';

export const MAX_RULES = 1000;

export const setRuleActiveInput = z.object({ ruleId: idSchema('desk-rule'), version: z.int(), isActive: z.boolean() });
export const removeRuleInput = z.object({ ruleId: idSchema('desk-rule'), version: z.int() });
export const orderRulesInput = z.object({
  /** All rules, in the order in which they are to be asked. */
  ruleIds: z.array(idSchema('desk-rule')).min(1).max(MAX_RULES),
});
/** What was saved, and what should be looked at: rules that may set each other off. */
export const savedRuleView = z.object({
  ruleId: idSchema('desk-rule'),
  version: z.int(),
  warnings: z.array(z.string()),
});
export type SavedRule = z.input<typeof savedRuleView>;

type Tx = ScopedTransaction<DeskRuleTables>;

interface Deps {
  readonly db: ScopedDb;
  readonly store: RuleStore;
  readonly macros: RunMacro;
  readonly audit: AuditTrail;
  readonly jobs: JobQueue;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Makes and changes rules. They hold for all clients, so that whoever is kept to some may not. */
export class SaveRule {
  readonly #db: ScopedDb<DeskRuleTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<DeskRuleTables>();
    this.#deps = deps;
  }

  /** Puts a rule at the end. Throws `desk-rules.rule-loops`, `desk-rules.reference-not-found`, `desk-rules.too-many-rules`, `scope.needs-all-clients`. */
  async create(scope: TenantScope, input: z.output<typeof createRuleInput>): Promise<SavedRule> {
    requireWholeMsp(scope);
    const { store, clock } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      await store.changeSet(tx);
      const id = newId<'desk-rule'>();
      const { count, last } = await lastPlace(tx);
      if (count >= MAX_RULES)
        throw new ConflictError('desk-rules.too-many-rules', `There are ${MAX_RULES} rules, which is as many as fit.`);
      const warnings = await this.#assertSound(tx, { ...input, id });
      const now = clock.now();
      await tx.query
        .insertInto('desk_rule')
        .values({
          msp_id: scope.mspId,
          id,
          name: input.name,
          place: last + 1,
          is_active: input.isActive,
          stops: input.stops,
          definition: JSON.stringify(input.definition),
          off_reason: null,
          next_at: nextOccurrence(input.definition.when, now),
          created_at: now,
          updated_at: now,
        })
        .execute();
      await this.#saved(tx, id, `Made the rule ${input.name}`, { after: input });
      return { ruleId: id, version: 1, warnings };
    });
  }

  /** Throws as `create`, and `desk-rules.rule-not-found`, `desk-rules.rule-changed`. */
  async update(scope: TenantScope, input: z.output<typeof updateRuleInput>): Promise<SavedRule> {
    requireWholeMsp(scope);
    return this.#db.transaction(scope, async (tx) => {
      await this.#deps.store.changeSet(tx);
      const before = await this.#deps.store.forChange(tx, input.ruleId, input.version);
      const warnings = await this.#assertSound(tx, { ...input, id: input.ruleId });
      const { ruleId, version, name, stops, isActive, definition } = input;
      await this.#change(tx, ruleId, version, {
        name,
        stops,
        is_active: isActive,
        definition: JSON.stringify(definition),
        off_reason: isActive || before.is_active ? null : before.off_reason,
        next_at: nextOccurrence(definition.when, this.#deps.clock.now()),
      });
      const { definition: was, is_active, stops: stopped } = before;
      await this.#saved(tx, ruleId, `Changed the rule ${name}`, {
        before: { name: before.name, definition: was, isActive: is_active, stops: stopped },
        after: { name, definition, isActive, stops },
      });
      return { ruleId, version: version + 1, warnings };
    });
  }

  /** Switches a rule on or off. Throws as `update`. */
  async setActive(scope: TenantScope, input: z.output<typeof setRuleActiveInput>): Promise<SavedRule> {
    requireWholeMsp(scope);
    return this.#db.transaction(scope, async (tx) => {
      await this.#deps.store.changeSet(tx);
      const { ruleId, version, isActive } = input;
      const rule = await this.#deps.store.forChange(tx, ruleId, version);
      const warnings = isActive ? await this.#assertSound(tx, { ...rule, isActive }) : [];
      await this.#change(tx, ruleId, version, {
        is_active: isActive,
        off_reason: null,
        next_at: nextOccurrence(rule.definition.when, this.#deps.clock.now()),
      });
      await this.#saved(tx, ruleId, `Switched the rule ${rule.name} ${isActive ? 'on' : 'off'}`, {});
      return { ruleId, version: version + 1, warnings };
    });
  }

  /** Asks rules in another order. Throws `desk-rules.order-incomplete` where the list is not all of them. */
  async order(scope: TenantScope, { ruleIds }: z.output<typeof orderRulesInput>): Promise<void> {
    requireWholeMsp(scope);
    await this.#db.transaction(scope, async (tx) => {
      await this.#deps.store.changeSet(tx);
      const rows = await tx.query.selectFrom('desk_rule').select('id').execute();
      const wanted = new Set<string>(ruleIds);
      if (wanted.size !== ruleIds.length || rows.length !== wanted.size || rows.some(({ id }) => !wanted.has(id)))
        throw new ConflictError(
          'desk-rules.order-incomplete',
          'The order must name every rule once. Somebody may have made or removed one meanwhile.',
          { fields: [{ path: ['ruleIds'], message: 'must be all rules' }] },
        );
      await this.#deps.store.reorder(tx, ruleIds);
      await this.#saved(tx, ruleIds[0] ?? newId(), 'Changed the order of the rules', { after: { ruleIds } });
    });
  }

  /** Removes a rule; what it did stays in the log. Throws `desk-rules.rule-not-found`, `desk-rules.rule-changed`. */
  async remove(scope: TenantScope, input: z.output<typeof removeRuleInput>): Promise<void> {
    requireWholeMsp(scope);
    await this.#db.transaction(scope, async (tx) => {
      await this.#deps.store.changeSet(tx);
      const rule = await this.#deps.store.forChange(tx, input.ruleId, input.version);
      await tx.query.deleteFrom('desk_rule').where('id', '=', rule.id).execute();
      await this.#saved(tx, rule.id, `Removed the rule ${rule.name}`, { before: { definition: rule.definition } });
    });
  }

  /** Switches a rule off that went round in circles, in the platform's name, and says why. Does nothing for one that is off or gone. */
  async switchOff(scope: TenantScope, ruleId: DeskRuleId, reason: string): Promise<void> {
    await this.#db.transaction(scope, async (tx) => {
      await this.#deps.store.changeSet(tx);
      const rule = await tx.query
        .selectFrom('desk_rule')
        .selectAll()
        .where('id', '=', ruleId)
        .forUpdate()
        .executeTakeFirst();
      if (rule === undefined || !rule.is_active) return;
      await this.#change(tx, ruleId, rule.version, { is_active: false, off_reason: reason });
      await this.#saved(tx, ruleId, `Switched the rule ${rule.name} off: ${reason}`, {});
    });
  }

  async #change(tx: Tx, id: DeskRuleId, version: number, change: object): Promise<void> {
    await tx.query
      .updateTable('desk_rule')
      .set({ ...change, version: version + 1, updated_at: this.#deps.clock.now() })
      .where('id', '=', id)
      .execute();
  }

  async #assertSound(
    tx: Tx,
    rule: { id: DeskRuleId; name: string; isActive: boolean; definition: RuleDefinition },
  ): Promise<string[]> {
    await assertRuleReferences(tx, rule.definition);
    // At most as many as a rule has actions.
    for (const [place, action] of rule.definition.actions.entries())
      if (action.do === 'run-macro')
        await this.#deps.macros.assertForRules(tx.scope, action.macroId, ['definition', 'actions', place, 'macroId']);
    if (!rule.isActive) return [];
    const others = await tx.query
      .selectFrom('desk_rule')
      .select(['id', 'name', 'definition'])
      .where('is_active', '=', true)
      .orderBy('place')
      .execute();
    const loops = findLoops(
      rule,
      others satisfies LoopingRule[],
      await this.#deps.macros.stepsOf(tx.scope, macrosOf([rule, ...others])),
    );
    const words = loops.map((loop) => {
      const names = loop.rules.map(({ name }) => `‘${name}’`);
      return `${names.join(', then ')} would change the ${loop.field} of a ticket round and round.`;
    });
    const certain = loops.findIndex((loop) => loop.isCertain);
    if (certain >= 0)
      throw new ConflictError('desk-rules.rule-loops', words[certain] ?? '', {
        fields: [{ path: ['definition', 'actions'], message: words[certain] ?? '' }],
      });
    return words;
  }

  async #saved(tx: Tx, id: DeskRuleId, summary: string, values: { before?: object; after?: object }): Promise<void> {
    const { audit, jobs, live } = this.#deps;
    await audit.record(tx, {
      action: 'desk-rules.manage-rule',
      subject: { kind: 'desk-rule', id, clientId: null },
      summary,
      ...values,
    });
    // Rules of time are to look at every open ticket anew.
    await jobs.send(tx, lookAtAll, { after: null });
    live.touch(tx, { clientId: null, topic: 'desk-rule', id, version: 0 });
  }
}

/** The macros that rules run. */
function macrosOf(rules: readonly { readonly definition: RuleDefinition }[]) {
  const actions = rules.flatMap(({ definition }) => definition.actions);
  return [...new Set(actions.flatMap((action) => (action.do === 'run-macro' ? [action.macroId] : [])))];
}

async function lastPlace(tx: Tx): Promise<{ count: number; last: number }> {
  const { count, last } = await tx.query
    .selectFrom('desk_rule')
    .select(({ fn }) => [fn.countAll<number>().as('count'), fn.max<number | null>('place').as('last')])
    .executeTakeFirstOrThrow();
  return { count, last: last ?? 0 };
}
