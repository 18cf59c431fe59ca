import type { Insertable } from 'kysely';
import type { TenantScope } from '#kernel/tenant-scope';
import type { TicketId } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { PastRun } from './chain-guard.ts';
import type { DeskRuleId, DeskRuleTables } from './rules-table.ts';

/** What rules lately did on a ticket: enough for loop protection. */
export interface Trail {
  readonly runs: readonly (PastRun & {
    readonly occurrence: string;
    readonly at: Temporal.Instant;
    readonly state: string;
  })[];
}

const LOOKED_BACK = Temporal.Duration.from({ hours: 24 });
/** More than any hour's limit lets pass in a day of quiet looping. */
const MAX_TRAIL = 2000;

/** The only writer of `desk_rule_run`. */
export class RunLog {
  readonly #db: ScopedDb<DeskRuleTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<DeskRuleTables>();
  }

  /** The runs of the last day on a ticket, newest first. */
  async trail(scope: TenantScope, ticketId: TicketId, now: Temporal.Instant): Promise<Trail['runs']> {
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('desk_rule_run')
        .select(['rule_id', 'chain_id', 'depth', 'from_version', 'to_version', 'occurrence', 'at', 'state'])
        .where('ticket_id', '=', ticketId)
        .where('at', '>', now.subtract(LOOKED_BACK))
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(MAX_TRAIL),
    );
    return rows.map((row) => ({
      ruleId: row.rule_id,
      chainId: row.chain_id,
      depth: row.depth,
      fromVersion: row.from_version,
      toVersion: row.to_version,
      occurrence: row.occurrence,
      at: row.at,
      state: row.state,
    }));
  }

  /** Whether a rule has dealt with an occurrence on a ticket. */
  async has(
    tx: ScopedTransaction<DeskRuleTables>,
    run: { ruleId: DeskRuleId; ticketId: TicketId; occurrence: string },
  ): Promise<boolean> {
    const row = await tx.query
      .selectFrom('desk_rule_run')
      .select('id')
      .where('ticket_id', '=', run.ticketId)
      .where('rule_id', '=', run.ruleId)
      .where('occurrence', '=', run.occurrence)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** The rules that ran for an occurrence on a ticket. */
  async ranFor(scope: TenantScope, ticketId: TicketId, occurrence: string): Promise<Set<string>> {
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('desk_rule_run')
        .select('rule_id')
        .where('ticket_id', '=', ticketId)
        .where('occurrence', '=', occurrence)
        .where('state', '=', 'ran'),
    );
    return new Set(rows.map((row) => row.rule_id));
  }

  /** Which of some tickets a rule has dealt with, by ticket and occurrence. */
  async dealtWith(
    scope: TenantScope,
    ruleIds: readonly DeskRuleId[],
    ticketIds: readonly TicketId[],
  ): Promise<Set<string>> {
    if (ruleIds.length === 0 || ticketIds.length === 0) return new Set();
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('desk_rule_run')
        .select(['rule_id', 'ticket_id', 'occurrence'])
        .where('ticket_id', 'in', ticketIds)
        .where('rule_id', 'in', ruleIds),
    );
    return new Set(rows.map((row) => `${row.rule_id} ${row.ticket_id} ${row.occurrence}`));
  }

  /** Writes a run; one that is there for the same occurrence stays as it is. */
  async append(
    tx: ScopedTransaction<DeskRuleTables>,
    run: Omit<Insertable<DeskRuleTables['desk_rule_run']>, 'msp_id'>,
  ): Promise<void> {
    await tx.query
      .insertInto('desk_rule_run')
      .values({ ...run, msp_id: tx.scope.mspId })
      .onConflict((conflict) => conflict.columns(['msp_id', 'ticket_id', 'rule_id', 'occurrence']).doNothing())
      .execute();
  }
}
