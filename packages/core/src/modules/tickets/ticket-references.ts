import { NotFoundError } from '#kernel/errors';
import type { ClientId } from '#kernel/id';
import type { AssetId } from '#modules/assets';
import type { TeamId } from '#modules/teams';
import type { ContactId, SiteId } from '#modules/tenancy';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { PeopleTables } from './ticket-name-queries.ts';
import type { StaffId, TicketQueueId, TicketTables } from './ticket-table.ts';

/** What a ticket points at. Null takes a reference away and is always allowed. */
export interface TicketReferences {
  readonly siteId?: SiteId | null | undefined;
  readonly contactId?: ContactId | null | undefined;
  readonly assetId?: AssetId | null | undefined;
  readonly queueId?: TicketQueueId | null | undefined;
  readonly teamId?: TeamId | null | undefined;
  readonly assigneeId?: StaffId | null | undefined;
}

/**
 * Throws a NotFoundError that names the field for whatever is not the client's, or not the MSP's. The keys would refuse it too, but only at commit and without
 * a name.
 */
export async function assertReferences(
  tx: ScopedTransaction<TicketTables>,
  clientId: ClientId,
  references: TicketReferences,
): Promise<void> {
  const { query } = tx.typed<TicketTables & PeopleTables>();
  for (const [field, table] of [
    ['siteId', 'site'],
    ['contactId', 'contact'],
    ['assetId', 'asset'],
  ] as const) {
    const id = references[field];
    if (id === undefined || id === null) continue;
    const row = await query
      .selectFrom(table)
      .select('id')
      .where('id', '=', id as never)
      .where('client_id', '=', clientId)
      .executeTakeFirst();
    if (row === undefined) throw missing(field, `is not a ${table} of this client`);
  }
  if (references.queueId !== undefined && references.queueId !== null) {
    const row = await query
      .selectFrom('ticket_queue')
      .select('id')
      .where('id', '=', references.queueId)
      .executeTakeFirst();
    if (row === undefined) throw missing('queueId', 'is not a queue of this MSP');
  }
  if (references.teamId !== undefined && references.teamId !== null) {
    const row = await query.selectFrom('team').select('id').where('id', '=', references.teamId).executeTakeFirst();
    if (row === undefined) throw missing('teamId', 'is not a team of this MSP');
  }
  if (references.assigneeId !== undefined && references.assigneeId !== null) {
    const row = await query
      .selectFrom('identity_staff')
      .select('id')
      .where('id', '=', references.assigneeId)
      .where('removed_at', 'is', null)
      .executeTakeFirst();
    if (row === undefined) throw missing('assigneeId', 'does not work for this MSP');
  }
}

function missing(field: string, message: string): NotFoundError {
  return new NotFoundError('tickets.reference-not-found', `${field} ${message}.`, {
    fields: [{ path: [field], message }],
  });
}
