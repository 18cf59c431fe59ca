import { ConflictError } from '#kernel/errors';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { IdempotencyStore } from './rest.ts';

interface StoredAnswer {
  readonly operation: string;
  readonly request_hash: string;
  readonly response: unknown;
}

/**
 * Creates at most once for each (actor, key). The key's row and what is created commit together; a parallel request with the same key waits for the first on
 * the row's unique index and then gets its answer.
 */
export class DatabaseIdempotency implements IdempotencyStore {
  readonly #db: ScopedDb;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db;
  }

  async run(
    scope: TenantScope,
    key: { key: string; operation: string; requestHash: string },
    create: (scope: TenantScope) => Promise<unknown>,
  ): Promise<{ body: unknown; wasReplayed: boolean }> {
    return this.#db.inOneTransaction(scope, async (bound, tx) => {
      const owner = [scope.mspId, scope.actor.id, key.key];
      const claimed = await tx.sql(
        'insert into api_idempotency (msp_id, actor_id, key, operation, request_hash) values ($1, $2, $3, $4, $5) on conflict do nothing returning 1',
        [...owner, key.operation, key.requestHash],
      );
      if (claimed.length === 0) {
        const [stored] = await tx.sql<StoredAnswer>(
          'select operation, request_hash, response from api_idempotency where msp_id = $1 and actor_id = $2 and key = $3',
          owner,
        );
        if (stored === undefined || stored.operation !== key.operation || stored.request_hash !== key.requestHash) {
          throw new ConflictError(
            'idempotency.key-reused',
            'This Idempotency-Key was used for another request. Take a new key for each new thing.',
          );
        }
        return { body: stored.response, wasReplayed: true };
      }
      const body = await create(bound);
      await tx.sql('update api_idempotency set response = $4 where msp_id = $1 and actor_id = $2 and key = $3', [
        ...owner,
        JSON.stringify(body),
      ]);
      return { body, wasReplayed: false };
    });
  }
}
