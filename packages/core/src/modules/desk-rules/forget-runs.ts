import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';

/** The log answers "why did that happen"; after so long the ticket's own history does. */
const KEPT = Temporal.Duration.from({ hours: 180 * 24 });
const BATCH = 5000;

/** Does `desk-rules.forget-runs`. What a rule of time ran for stays known as long as its ticket may still be looked at. */
export class ForgetRuns {
  readonly #deps: { readonly db: ScopedDb; readonly clock: Clock };

  constructor(deps: { db: ScopedDb; clock: Clock }) {
    this.#deps = deps;
  }

  async run(scope: TenantScope): Promise<void> {
    const before = this.#deps.clock.now().subtract(KEPT);
    let gone = BATCH;
    while (gone === BATCH)
      gone = await this.#deps.db.transaction(scope, async (tx) => {
        const rows = await tx.sql(
          `delete from desk_rule_run where msp_id = $1 and id in (
             select r.id from desk_rule_run r join ticket t on t.msp_id = r.msp_id and t.id = r.ticket_id
             where r.msp_id = $1 and r.at < $2 and t.status = 'closed' order by r.at limit ${BATCH})
           returning 1`,
          [scope.mspId, before],
        );
        return rows.length;
      });
  }
}
