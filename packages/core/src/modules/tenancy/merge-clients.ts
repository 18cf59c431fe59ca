import { z } from 'zod';
import { ConflictError, ForbiddenError } from '#kernel/errors';
import { clientIdSchema, type ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ClientStore } from './client-store.ts';
import type { TenancyTables } from './tenancy-table.ts';

export const mergeClientsInput = z.object({
  clientId: clientIdSchema,
  version: z.int(),
  intoId: clientIdSchema,
});

interface Deps {
  readonly db: ScopedDb;
  readonly store: ClientStore;
  readonly audit: AuditTrail;
}

/** Makes one client out of two that were one all along. History stays where it was written; the survivor's scope lists both. */
export class MergeClients {
  readonly #db: ScopedDb<TenancyTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TenancyTables>();
    this.#deps = deps;
  }

  /**
   * Throws `tenancy.client-not-found`, `tenancy.client-changed`, `tenancy.merge-with-itself`, `tenancy.already-merged`, `tenancy.internal-client`. Needs reach over all
   * clients, since it changes who sees what.
   */
  async run(scope: TenantScope, input: z.output<typeof mergeClientsInput>): Promise<{ version: number }> {
    const { store, audit } = this.#deps;
    if (scope.reach.kind !== 'all')
      throw new ForbiddenError('tenancy.needs-full-reach', 'Merging needs reach over all clients.');
    const [fromId, intoId] = [input.clientId as ClientId, input.intoId as ClientId];
    if (fromId === intoId)
      throw new ConflictError('tenancy.merge-with-itself', 'A client cannot be merged into itself.');
    return this.#db.transaction(scope, async (tx) => {
      // Locked in one order whichever way round they are named, so that two merges cannot wait for each other.
      const [first, second] = fromId < intoId ? [fromId, intoId] : [intoId, fromId];
      const rows = [await store.forChange(tx, first), await store.forChange(tx, second)];
      const from = rows.find((row) => row.id === fromId);
      const into = rows.find((row) => row.id === intoId);
      if (from === undefined || into === undefined) throw new TypeError('Both clients were locked.');
      if (from.is_internal || into.is_internal)
        throw new ConflictError('tenancy.internal-client', 'The internal client is not merged.');
      if (from.merged_into !== null || into.merged_into !== null)
        throw new ConflictError('tenancy.already-merged', 'One of the two was merged before.');
      await store.update(tx, fromId, input.version, { state: 'archived' });
      await tx.query.updateTable('client').set({ merged_into: intoId }).where('id', '=', fromId).execute();
      // What was merged into the one that goes follows it, so that there is one step to the survivor, never a chain.
      await tx.query.updateTable('client').set({ merged_into: intoId }).where('merged_into', '=', fromId).execute();
      for (const id of [fromId, intoId])
        await audit.record(tx, {
          action: 'tenancy.merge-clients',
          subject: { kind: 'client', id, clientId: id },
          summary: `Merged ${from.name} into ${into.name}`,
          before: { state: from.state },
          after: { merged_into: intoId },
        });
      return { version: input.version + 1 };
    });
  }
}
