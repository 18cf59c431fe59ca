import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { NotFoundError } from '#kernel/errors';
import { idSchema } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AuditTrail } from './audit-trail.ts';

export const eraseEntryInput = z.object({ entryId: idSchema('audit-entry'), reason: text({ max: 300 }) });

/** Erases what an entry says, where the law demands it. That it was there, by whom and on what, stays in the chain; so does the erasing. */
export class ErasePayload {
  readonly #db: ScopedDb;
  readonly #audit: AuditTrail;
  readonly #clock: Clock;

  constructor(deps: { db: ScopedDb; audit: AuditTrail; clock: Clock }) {
    this.#db = deps.db;
    this.#audit = deps.audit;
    this.#clock = deps.clock;
  }

  /** Throws `audit.entry-not-found`, also for one that was erased before. Needs reach over all clients. */
  async run(scope: TenantScope, input: z.output<typeof eraseEntryInput>): Promise<Record<string, never>> {
    return this.#db.transaction(scope, async (tx) => {
      const [row] = await tx.sql<{ erased: boolean }>('select audit_erase($1, $2) as erased', [
        input.entryId,
        this.#clock.now(),
      ]);
      if (row?.erased !== true) throw new NotFoundError('audit.entry-not-found', 'There is no such entry to erase.');
      await this.#audit.record(tx, {
        action: 'audit.erase-entry',
        subject: { kind: 'audit-entry', id: input.entryId, clientId: null },
        summary: `Erased what an entry said: ${input.reason}`,
      });
      return {};
    });
  }
}
