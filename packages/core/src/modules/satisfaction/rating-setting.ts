import { z } from 'zod';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { SatisfactionTables } from './satisfaction-table.ts';

export const settingInput = z.object({
  isOn: z.boolean(),
  /** No contact is asked again within so many days. */
  pauseDays: z.int().min(0, { error: 'must be 0 to 365' }).max(365, { error: 'must be 0 to 365' }),
});

/** Whether and how often the MSP asks its clients' contacts. Off until somebody turns it on. */
export class RatingSetting {
  readonly #db: ScopedDb<SatisfactionTables>;
  readonly #audit: AuditTrail;

  constructor(deps: { db: ScopedDb; audit: AuditTrail }) {
    this.#db = deps.db.typed<SatisfactionTables>();
    this.#audit = deps.audit;
  }

  async get(scope: TenantScope): Promise<z.output<typeof settingInput>> {
    const row = await this.#db.readFirst(scope, (query) => query.selectFrom('satisfaction_setting').selectAll());
    return { isOn: row?.is_on ?? false, pauseDays: row?.pause_days ?? 7 };
  }

  /** Throws `scope.needs-all-clients`. */
  async set(scope: TenantScope, input: z.output<typeof settingInput>): Promise<void> {
    requireWholeMsp(scope);
    await this.#db.transaction(scope, async (tx) => {
      const set = { is_on: input.isOn, pause_days: input.pauseDays };
      await tx.query
        .insertInto('satisfaction_setting')
        .values({ msp_id: scope.mspId, ...set })
        .onConflict((conflict) => conflict.column('msp_id').doUpdateSet(set))
        .execute();
      await this.#audit.record(tx, {
        action: 'satisfaction.set',
        subject: { kind: 'msp', id: scope.mspId, clientId: null },
        summary: input.isOn
          ? 'Asks contacts how tickets were resolved'
          : 'Asks contacts no more how tickets were resolved',
        after: input,
      });
    });
  }
}
