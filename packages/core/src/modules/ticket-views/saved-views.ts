import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, ForbiddenError, NotFoundError } from '#kernel/errors';
import { idSchema, newId } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { StaffId, StaffIdentity } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import { assertFilter } from './filter-queries.ts';
import { SHARE_VIEWS } from './view-policy.ts';
import { viewSettings } from './view-settings.ts';
import type { TicketViewId, ViewTables } from './view-table.ts';

const fields = { name: text({ max: 60 }), isShared: z.boolean().default(false), settings: viewSettings };
export const createViewInput = z.object(fields);
export const updateViewInput = z.object({ viewId: idSchema('ticket-view'), version: z.int(), ...fields });
export const deleteViewInput = z.object({ viewId: idSchema('ticket-view') });
export const arrangeViewsInput = z.object({
  places: z
    .array(z.object({ view: text({ max: 40 }), isHidden: z.boolean().default(false) }))
    .max(200, { error: 'must be at most 200 views' }),
});

/** As many as anybody keeps apart: each is counted whenever the queue is looked at. */
const MAX_OWN = 40;
const MAX_SHARED = 40;

interface Deps {
  readonly db: ScopedDb;
  readonly staff: StaffIdentity;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}
type Tx = ScopedTransaction<ViewTables>;

/** Keeps views of the queue. */
export class SavedViews {
  readonly #db: ScopedDb<ViewTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<ViewTables>();
    this.#deps = deps;
  }

  /** Throws `ticket-views.not-staff`, `ticket-views.may-not-share`, `ticket-views.too-many`, `ticket-views.reference-not-found`. */
  async create(scope: TenantScope, input: z.output<typeof createViewInput>): Promise<{ viewId: TicketViewId }> {
    const owner = await this.#me(scope);
    if (input.isShared) assertMayShare(scope);
    return this.#db.transaction(scope, async (tx) => {
      await assertFilter(tx.typed<never>(), input.settings.filter);
      await assertRoom(tx, owner, input.isShared);
      const id = newId<'ticket-view'>();
      await tx.query
        .insertInto('ticket_view')
        .values({
          msp_id: scope.mspId,
          id,
          owner_id: owner,
          is_shared: input.isShared,
          name: input.name,
          settings: JSON.stringify(input.settings),
          created_at: this.#deps.clock.now(),
        })
        .execute();
      await this.#tell(tx, id, 1, `Made the view ${input.name}`, input);
      return { viewId: id };
    });
  }

  /** Throws `ticket-views.view-not-found` (also for somebody else's own), `ticket-views.view-changed` on a stale version, and as `create`. */
  async update(scope: TenantScope, input: z.output<typeof updateViewInput>): Promise<{ version: number }> {
    const me = await this.#me(scope);
    return this.#db.transaction(scope, async (tx) => {
      const known = await locked(tx, input.viewId, me);
      if (known.is_shared || input.isShared) assertMayShare(scope);
      if (known.version !== input.version)
        throw new ConflictError('ticket-views.view-changed', 'Somebody else changed this view meanwhile.');
      await assertFilter(tx.typed<never>(), input.settings.filter);
      if (known.is_shared !== input.isShared) await assertRoom(tx, known.owner_id, input.isShared);
      const version = input.version + 1;
      await tx.query
        .updateTable('ticket_view')
        .set({ name: input.name, is_shared: input.isShared, settings: JSON.stringify(input.settings), version })
        .where('id', '=', input.viewId)
        .execute();
      await this.#tell(tx, input.viewId, version, `Changed the view ${input.name}`, input);
      return { version };
    });
  }

  /** Throws `ticket-views.view-not-found`, `ticket-views.may-not-share`. */
  async delete(scope: TenantScope, { viewId }: z.output<typeof deleteViewInput>): Promise<void> {
    const me = await this.#me(scope);
    await this.#db.transaction(scope, async (tx) => {
      const known = await locked(tx, viewId, me);
      if (known.is_shared) assertMayShare(scope);
      await tx.query.deleteFrom('ticket_view').where('id', '=', viewId).execute();
      await this.#tell(tx, viewId, known.version + 1, `Deleted the view ${known.name}`, {});
    });
  }

  /** Keeps the caller's own order of views, and which they hide. Throws `ticket-views.not-staff`. */
  async arrange(scope: TenantScope, { places }: z.output<typeof arrangeViewsInput>): Promise<void> {
    const me = await this.#me(scope);
    await this.#db.transaction(scope, async (tx) => {
      const written = JSON.stringify(places);
      await tx.query
        .insertInto('ticket_view_order')
        .values({ msp_id: scope.mspId, staff_id: me, places: written })
        .onConflict((conflict) => conflict.columns(['msp_id', 'staff_id']).doUpdateSet({ places: written }))
        .execute();
      this.#deps.live.touch(tx, { clientId: null, topic: 'ticket-view', id: me, version: 1 });
    });
  }

  async #me(scope: TenantScope): Promise<StaffId> {
    const me = await this.#deps.staff.of(scope);
    if (me === null) throw new ForbiddenError('ticket-views.not-staff', 'Views belong to members of staff.');
    return me;
  }

  async #tell(tx: Tx, id: TicketViewId, version: number, summary: string, after: object): Promise<void> {
    await this.#deps.audit.record(tx, {
      action: 'ticket-views.keep-view',
      subject: { kind: 'ticket-view', id, clientId: null },
      summary,
      after,
    });
    this.#deps.live.touch(tx, { clientId: null, topic: 'ticket-view', id, version });
  }
}

function assertMayShare(scope: TenantScope): void {
  if (!scope.permissions.has(SHARE_VIEWS))
    throw new ForbiddenError('ticket-views.may-not-share', 'Your role does not change views that everybody sees.');
}

async function locked(tx: Tx, id: TicketViewId, me: StaffId) {
  const row = await tx.query
    .selectFrom('ticket_view')
    .select(['owner_id', 'is_shared', 'name', 'version'])
    .where('id', '=', id)
    .where((view) => view.or([view('is_shared', '=', true), view('owner_id', '=', me)]))
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError('ticket-views.view-not-found', 'There is no such view.');
  return row;
}

async function assertRoom(tx: Tx, owner: StaffId, isShared: boolean): Promise<void> {
  const most = isShared ? MAX_SHARED : MAX_OWN;
  const all = tx.query.selectFrom('ticket_view').select('id').where('is_shared', '=', isShared);
  const rows = await (isShared ? all : all.where('owner_id', '=', owner)).limit(most).execute();
  if (rows.length >= most)
    throw new ConflictError(
      'ticket-views.too-many',
      `There are ${most} ${isShared ? 'shared' : 'own'} views already. Delete one that nobody uses.`,
    );
}
