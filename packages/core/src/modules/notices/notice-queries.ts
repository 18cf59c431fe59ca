import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { NotFoundError } from '#kernel/errors';
import { clientIdSchema, idSchema } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { StaffId } from '#modules/identity';
import type { ScopedDb } from '#platform/db/scoped-db';
import { NOTICE_KINDS, type NoticeTables } from './notice-table.ts';

export const noticeView = z.object({
  id: idSchema('notice'),
  clientId: clientIdSchema.nullable(),
  kind: z.enum(NOTICE_KINDS),
  title: z.string(),
  body: z.string(),
  path: z.string(),
  createdAt: z.iso.datetime(),
  isRead: z.boolean(),
});
export type NoticeView = z.input<typeof noticeView>;
/** Null is all. */
export const markNoticesInput = z.object({ noticeIds: z.array(idSchema('notice')).max(100).nullable() });

const NEWEST = 50;
/** More are shown as this many and a plus. */
const COUNTED = 100;

/** A person's own notices; nobody reads another's. */
export class MyNotices {
  readonly #db: ScopedDb<NoticeTables>;
  readonly #clock: Clock;

  constructor(deps: { db: ScopedDb; clock: Clock }) {
    this.#db = deps.db.typed<NoticeTables>();
    this.#clock = deps.clock;
  }

  /** The newest fifty, and how many are unread, up to a hundred. Empty for a key or a job. */
  async list(scope: TenantScope): Promise<{ items: NoticeView[]; unread: number }> {
    const me = await this.#me(scope);
    if (me === null) return { items: [], unread: 0 };
    const [rows, unread] = await Promise.all([
      this.#db.read(scope, (query) =>
        query
          .selectFrom('notice')
          .select(['id', 'client_id', 'kind', 'title', 'body', 'path', 'created_at', 'read_at'])
          .where('staff_id', '=', me)
          .orderBy('created_at', 'desc')
          .orderBy('id', 'desc')
          .limit(NEWEST),
      ),
      this.#db.read(scope, (query) =>
        query.selectFrom('notice').select('id').where('staff_id', '=', me).where('read_at', 'is', null).limit(COUNTED),
      ),
    ]);
    return {
      unread: unread.length,
      items: rows.map((row) => ({
        id: row.id,
        clientId: row.client_id,
        kind: row.kind,
        title: row.title,
        body: row.body,
        path: row.path,
        createdAt: row.created_at.toString(),
        isRead: row.read_at !== null,
      })),
    };
  }

  /** Marks notices as read. Throws `notices.notice-not-found`, also for another's. */
  async mark(scope: TenantScope, { noticeIds }: z.output<typeof markNoticesInput>): Promise<void> {
    const me = await this.#me(scope);
    await this.#db.transaction(scope, async (tx) => {
      if (noticeIds !== null && noticeIds.length > 0) {
        const known = await tx.query
          .selectFrom('notice')
          .select(['id', 'staff_id'])
          .where('id', 'in', noticeIds)
          .execute();
        if (known.filter(({ staff_id }) => staff_id === me).length < new Set(noticeIds).size)
          throw new NotFoundError('notices.notice-not-found', 'There is no such notice of yours.');
      }
      if (me === null) return;
      const mine = tx.query
        .updateTable('notice')
        .set({ read_at: this.#clock.now() })
        .where('staff_id', '=', me)
        .where('read_at', 'is', null);
      if (noticeIds === null) await mine.execute();
      else if (noticeIds.length > 0) await mine.where('id', 'in', noticeIds).execute();
    });
  }

  async #me(scope: TenantScope): Promise<StaffId | null> {
    if (scope.audience !== 'staff') return null;
    const row = await this.#db.readFirst(scope, (query) =>
      query
        .selectFrom('identity_staff')
        .select('id')
        .where((either) =>
          either.or([either('id', '=', scope.actor.id as StaffId), either('login_id', '=', scope.actor.id)]),
        )
        .where('removed_at', 'is', null),
    );
    return row?.id ?? null;
  }
}
