import { sql } from 'kysely';
import { NotFoundError } from '#kernel/errors';
import type { MspId } from '#kernel/id';
import { assertComparisons, readFieldFilter } from '#modules/desk-fields';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { ViewSettings } from './view-settings.ts';

interface Known {
  msp_id: MspId;
  id: string;
}
interface Named {
  client: Known;
  client_group: Known;
  ticket_queue: Known;
  identity_staff: Known;
  contact: Known;
  team: Known;
  desk_category: Known;
  asset: Known;
}

/** Throws `ticket-views.reference-not-found`, with the field's name, where a filter names what whoever keeps it may not see, and `desk-fields.comparison-refused`, `desk-fields.field-not-found` for custom fields. */
export async function assertFilter(tx: ScopedTransaction<never>, filter: ViewSettings['filter']): Promise<void> {
  const people = (filter.assignees ?? []).filter((one) => one !== 'me' && one !== 'none');
  const wanted = [
    ['client', 'clientId', filter.clientId === undefined ? [] : [filter.clientId]],
    ['client_group', 'groupId', filter.groupId === undefined ? [] : [filter.groupId]],
    ['ticket_queue', 'queueId', filter.queueId === undefined ? [] : [filter.queueId]],
    ['identity_staff', 'assigneeId', filter.assigneeId === undefined ? [] : [filter.assigneeId]],
    ['identity_staff', 'assignees', people],
    ['team', 'teamId', filter.teamId === undefined ? [] : [filter.teamId]],
    ['desk_category', 'categoryId', filter.categoryId === undefined ? [] : [filter.categoryId]],
    ['contact', 'contactId', filter.contactId === undefined ? [] : [filter.contactId]],
    ['asset', 'assetId', filter.assetId === undefined ? [] : [filter.assetId]],
  ] as const;
  const comparisons = (filter.fields ?? []).flatMap((one) => {
    const read = readFieldFilter(one);
    return typeof read === 'string' ? [] : [read];
  });
  await assertComparisons(tx, comparisons, (index) => ['settings', 'filter', 'fields', index]);
  const { query } = tx.typed<Named>();
  for (const [table, field, ids] of wanted) {
    if (ids.length === 0) continue;
    const found = await query
      .selectFrom(table)
      .select('id')
      .where('id', '=', sql<never>`any(${ids}::uuid[])`)
      .execute();
    if (found.length === new Set<string>(ids).size) continue;
    throw new NotFoundError('ticket-views.reference-not-found', `${field} names something that is not there.`, {
      fields: [{ path: ['settings', 'filter', field], message: 'names something that is not there' }],
    });
  }
}
