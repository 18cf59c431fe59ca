import { sql } from 'kysely';
import { ConflictError, NotFoundError } from '#kernel/errors';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { DeskRuleId, DeskRuleTables } from './rules-table.ts';

type Tx = ScopedTransaction<DeskRuleTables>;

/** The only writer of `desk_rule` and `desk_rule_set`. */
export class RuleStore {
  /** Locks the MSP's set of rules and raises its version, so that every cache reads again and two people do not reorder at once. */
  async changeSet(tx: Tx): Promise<void> {
    await tx.query
      .insertInto('desk_rule_set')
      .values({ msp_id: tx.scope.mspId, version: 1 })
      .onConflict((conflict) =>
        conflict.column('msp_id').doUpdateSet({ version: sql<number>`desk_rule_set.version + 1` }),
      )
      .execute();
  }

  /** Throws `desk-rules.rule-not-found`, and `desk-rules.rule-changed` on a stale version where one is given. */
  async forChange(tx: Tx, id: DeskRuleId, version?: number) {
    const row = await tx.query.selectFrom('desk_rule').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
    if (row === undefined) throw ruleNotFound();
    if (version !== undefined && row.version !== version)
      throw new ConflictError(
        'desk-rules.rule-changed',
        'Somebody else changed this rule meanwhile. Look at it again, then repeat your change.',
      );
    return row;
  }

  /** Puts rules in the order of a list of all of them. */
  async reorder(tx: Tx, ids: readonly DeskRuleId[]): Promise<void> {
    await tx.sql(
      `update desk_rule r set place = n.place from unnest($2::uuid[]) with ordinality n(id, place)
       where r.msp_id = $1 and r.id = n.id and r.place <> n.place`,
      [tx.scope.mspId, ids],
    );
  }
}

export function ruleNotFound(): NotFoundError {
  return new NotFoundError('desk-rules.rule-not-found', 'There is no such rule.');
}
