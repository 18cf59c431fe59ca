import { z } from 'zod';
import { ConflictError } from '#kernel/errors';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { DeskCatalogueTables } from './desk-catalogue-table.ts';
import { DEFAULT_MATRIX, rate, type Level, type Matrix, type Priority } from './matrix.ts';

const cell = z.int().min(1, { error: 'must be 1 to 4' }).max(4, { error: 'must be 1 to 4' });

export const setMatrixInput = z.object({
  /** 0 where the MSP has none of its own yet. */
  version: z.int(),
  /** Impact high with urgency high, medium and low; then impact medium; then impact low. */
  cells: z.array(cell).length(9, { error: 'must be nine priorities' }),
  vipSteps: z.int().min(0, { error: 'must be 0 to 3' }).max(3, { error: 'must be 0 to 3' }),
});
export const matrixView = z.object({ cells: z.array(z.int()), vipSteps: z.int(), version: z.int() });

/** A priority, and why it is that one. */
export interface RatedPriority {
  readonly priority: Priority;
  readonly reason: string;
}

/** Impact × urgency → priority, as the MSP has it. A change counts for what is rated from then on. */
export class PriorityMatrix {
  readonly #db: ScopedDb<DeskCatalogueTables>;
  readonly #audit: AuditTrail;

  constructor(deps: { db: ScopedDb; audit: AuditTrail }) {
    this.#db = deps.db.typed<DeskCatalogueTables>();
    this.#audit = deps.audit;
  }

  async get(scope: TenantScope): Promise<z.input<typeof matrixView>> {
    const row = await this.#db.readFirst(scope, (query) => query.selectFrom('desk_matrix').selectAll());
    return row === undefined
      ? { cells: [...DEFAULT_MATRIX.cells], vipSteps: DEFAULT_MATRIX.vipSteps, version: 0 }
      : { cells: row.cells, vipSteps: row.vip_steps, version: row.version };
  }

  /** Throws `scope.needs-all-clients`, `desk-catalogue.matrix-changed` on a stale version. */
  async set(scope: TenantScope, input: z.output<typeof setMatrixInput>): Promise<{ version: number }> {
    requireWholeMsp(scope);
    return this.#db.transaction(scope, async (tx) => {
      const before = await tx.query.selectFrom('desk_matrix').selectAll().forUpdate().executeTakeFirst();
      if ((before?.version ?? 0) !== input.version) throw stale();
      const version = input.version + 1;
      const row = { cells: input.cells, vip_steps: input.vipSteps, version };
      const written = await tx.query
        .insertInto('desk_matrix')
        .values({ msp_id: scope.mspId, ...row })
        // Two people who make the first one at once: the second sees that it was late.
        .onConflict((conflict) =>
          conflict.column('msp_id').doUpdateSet(row).where('desk_matrix.version', '=', input.version),
        )
        .returning('version')
        .executeTakeFirst();
      if (written === undefined) throw stale();
      await this.#audit.record(tx, {
        action: 'desk-catalogue.set-matrix',
        subject: { kind: 'desk-matrix', id: scope.mspId, clientId: null },
        summary: 'Changed how impact and urgency give a priority',
        before: before === undefined ? {} : { cells: before.cells, vipSteps: before.vip_steps },
        after: { cells: input.cells, vipSteps: input.vipSteps },
      });
      return { version };
    });
  }

  /** Rates a ticket in the caller's transaction. */
  async rate(
    tx: AnyTransaction,
    ticket: { readonly impact: Level; readonly urgency: Level; readonly isVip: boolean },
  ): Promise<RatedPriority> {
    const row = await tx
      .typed<DeskCatalogueTables>()
      .query.selectFrom('desk_matrix')
      .select(['cells', 'vip_steps'])
      .executeTakeFirst();
    const matrix: Matrix = row === undefined ? DEFAULT_MATRIX : { cells: row.cells, vipSteps: row.vip_steps };
    return rate(matrix, ticket);
  }
}

function stale(): ConflictError {
  return new ConflictError(
    'desk-catalogue.matrix-changed',
    'Somebody else changed the matrix meanwhile. Look at it again, then repeat your change.',
  );
}
