import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { MspQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import { defineJob } from '#platform/jobs/job-queue';
import type { AgreementTables } from './agreement-table.ts';

/** Calls agreements ended whose last day has passed where the MSP is. */
export const endPassedAgreements = defineJob({
  name: 'agreements.end-passed-agreements',
  payload: z.object({}),
  cron: '10 0 * * *',
});

/** Does `agreements.end-passed-agreements`; running it twice changes nothing. */
export class EndPassedAgreements {
  readonly #db: ScopedDb<AgreementTables>;
  readonly #msp: MspQueries;
  readonly #clock: Clock;

  constructor(deps: { db: ScopedDb; msp: MspQueries; clock: Clock }) {
    this.#db = deps.db.typed<AgreementTables>();
    this.#msp = deps.msp;
    this.#clock = deps.clock;
  }

  async run(scope: TenantScope): Promise<void> {
    const { timeZone } = await this.#msp.get(scope);
    const today = this.#clock.now().toZonedDateTimeISO(timeZone).toPlainDate();
    await this.#db.transaction(scope, async (tx) => {
      await tx.query
        .updateTable('agreement')
        .set((update) => ({ state: 'ended', version: update('version', '+', 1) }))
        .where('state', '=', 'active')
        .where('ends_on', '<', today)
        .execute();
    });
  }
}
