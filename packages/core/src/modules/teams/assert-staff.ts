import { NotFoundError } from '#kernel/errors';
import type { StaffId } from '#modules/identity';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { StaffTables } from './team-table.ts';

/** Throws `teams.staff-not-found`, naming the place, unless all work for this MSP. */
export async function assertStaff(
  tx: AnyTransaction,
  ids: readonly StaffId[],
  pathOf: (index: number) => (string | number)[],
): Promise<void> {
  if (ids.length === 0) return;
  const rows = await tx
    .typed<StaffTables>()
    .query.selectFrom('identity_staff')
    .select('id')
    .where('id', 'in', ids)
    .where('removed_at', 'is', null)
    .execute();
  const known = new Set(rows.map((row) => row.id));
  const lost = ids.findIndex((id) => !known.has(id));
  if (lost !== -1)
    throw new NotFoundError('teams.staff-not-found', 'There is no such member of staff.', {
      fields: [{ path: pathOf(lost), message: 'does not work for this MSP' }],
    });
}
