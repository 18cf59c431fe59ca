import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import { CHAIN_START, sealOf } from './audit-digest.ts';
import type { AuditTables } from './audit-table.ts';

/** One lock of the chain's head covers this many entries; a thousand take a few tens of milliseconds. */
const BATCH = 1000;

/** Seals what stands in line into the MSP's chain. Actions do not wait for it: a head locked by every action would cut throughput by ten. */
export class SealEntries {
  readonly #db: ScopedDb<AuditTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<AuditTables>();
  }

  /** Answers how many entries were sealed. Safe to run at several workers: the head's lock puts them in line. */
  async run(scope: TenantScope): Promise<number> {
    let total = 0;
    for (;;) {
      const sealed = await this.#batch(scope);
      total += sealed;
      if (sealed < BATCH) return total;
    }
  }

  async #batch(scope: TenantScope): Promise<number> {
    return this.#db.transaction(scope, async (tx) => {
      await tx.query
        .insertInto('audit_chain')
        .values({ msp_id: scope.mspId, sequence: 0, hash: CHAIN_START })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const head = await tx.query.selectFrom('audit_chain').selectAll().forUpdate().executeTakeFirstOrThrow();
      const entries = await tx.query
        .selectFrom('audit_pending')
        .innerJoin('audit_entry', 'audit_entry.id', 'audit_pending.entry_id')
        .selectAll('audit_entry')
        .orderBy('audit_entry.id')
        .limit(BATCH)
        .execute();
      if (entries.length === 0) return 0;
      let { sequence, hash } = head;
      const seals = entries.map((entry) => {
        sequence += 1;
        hash = sealOf(hash, sequence, entry, entry.digest);
        return { msp_id: scope.mspId, sequence, entry_id: entry.id, hash };
      });
      await tx.query.insertInto('audit_seal').values(seals).execute();
      await tx.query
        .deleteFrom('audit_pending')
        .where(
          'entry_id',
          'in',
          entries.map((entry) => entry.id),
        )
        .execute();
      await tx.query.updateTable('audit_chain').set({ sequence, hash }).execute();
      return entries.length;
    });
  }
}
