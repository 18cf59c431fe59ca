import type { TenantScope } from '#kernel/tenant-scope';
import { scopedQuery } from '#platform/db/scoped-query';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { PeopleTables } from './ticket-name-queries.ts';
import type { StaffId } from './ticket-table.ts';

const staffOfActor = scopedQuery<PeopleTables, { actorId: string }>()<{ id: StaffId }>((query, p) =>
  query
    .selectFrom('identity_staff')
    .select('id')
    .where((either) => either.or([either('id', '=', p('actorId') as StaffId), either('login_id', '=', p('actorId'))]))
    .where('removed_at', 'is', null),
);

/** Which member of staff a scope stands for: what "mine" means. */
export class StaffIdentity {
  readonly #db: ScopedDb<PeopleTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<PeopleTables>();
  }

  /** The staff membership of the scope's actor, or null: a contact, a job, a key. */
  async of(scope: TenantScope): Promise<StaffId | null> {
    if (scope.audience !== 'staff') return null;
    const [row] = await this.#db.run(scope, staffOfActor, { actorId: scope.actor.id });
    return row?.id ?? null;
  }
}
