import type { Clock } from '#kernel/clock';
import { newId, type ClientId } from '#kernel/id';
import type { StaffId } from '#modules/identity';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import type { NoticeKind, NoticeTables } from './notice-table.ts';

/** What somebody is to know. */
export interface Notice {
  readonly staffIds: readonly StaffId[];
  readonly clientId: ClientId | null;
  /** Names the cause: nobody is told of one twice. */
  readonly key: string;
  readonly kind: NoticeKind;
  readonly title: string;
  readonly body: string;
  /** Where in the console it leads, from its root: `/tickets/…`. */
  readonly path: `/${string}`;
}

/** Puts notices before members of staff. */
export class TellStaff {
  readonly #live: LiveHub;
  readonly #clock: Clock;

  constructor(deps: { live: LiveHub; clock: Clock }) {
    this.#live = deps.live;
    this.#clock = deps.clock;
  }

  /** In the caller's transaction. Answers who was not told of it before; whoever does not work here any more is left out. */
  async run(within: AnyTransaction, notice: Notice): Promise<StaffId[]> {
    const tx = within.typed<NoticeTables>();
    if (notice.staffIds.length === 0) return [];
    const staff = await tx.query
      .selectFrom('identity_staff')
      .select('id')
      .where('id', 'in', [...new Set(notice.staffIds)])
      .where('removed_at', 'is', null)
      .execute();
    if (staff.length === 0) return [];
    const told = await tx.query
      .insertInto('notice')
      .values(
        staff.map(({ id }) => ({
          msp_id: tx.scope.mspId,
          id: newId<'notice'>(),
          client_id: notice.clientId,
          staff_id: id,
          key: notice.key,
          kind: notice.kind,
          title: notice.title,
          body: notice.body,
          path: notice.path,
          created_at: this.#clock.now(),
          read_at: null,
        })),
      )
      .onConflict((conflict) => conflict.columns(['msp_id', 'staff_id', 'key']).doNothing())
      .returning('staff_id')
      .execute();
    for (const { staff_id: id } of told)
      this.#live.touch(tx, { clientId: notice.clientId, topic: 'notice', id, version: 1 });
    return told.map(({ staff_id }) => staff_id);
  }
}
