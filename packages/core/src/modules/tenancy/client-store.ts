import { ConflictError, NotFoundError } from '#kernel/errors';
import type { ClientId } from '#kernel/id';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { Insertable, Selectable } from 'kysely';
import type { TenancyTables } from './tenancy-table.ts';

export type ClientRow = Selectable<TenancyTables['client']>;
type Tx = ScopedTransaction<TenancyTables>;

/** The only writer of `client`. */
export class ClientStore {
  async insert(tx: Tx, client: Insertable<TenancyTables['client']>): Promise<void> {
    await tx.query.insertInto('client').values(client).execute();
  }

  /**
   * The client, locked for a change, but not against rows that only refer to it: two tickets of one client that open at once would each wait for the other. Throws `tenancy.client-not-found`, also for another
   * tenant's.
   */
  async forChange(tx: Tx, id: ClientId): Promise<ClientRow> {
    const row = await tx.query
      .selectFrom('client')
      .selectAll()
      .where('id', '=', id)
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (row === undefined) throw new NotFoundError('tenancy.client-not-found', 'There is no such client.');
    return row;
  }

  /** Changes a client that the caller read at `version`. Throws `tenancy.client-changed` when somebody else was first. */
  async update(
    tx: Tx,
    id: ClientId,
    version: number,
    change: Partial<Pick<ClientRow, 'name' | 'state' | 'time_zone' | 'email_domains' | 'parent_id' | 'bill_to_id'>>,
  ): Promise<void> {
    const result = await tx.query
      .updateTable('client')
      .set({ ...change, version: version + 1 })
      .where('id', '=', id)
      .where('version', '=', version)
      .executeTakeFirst();
    if (result.numUpdatedRows === 0n)
      throw new ConflictError(
        'tenancy.client-changed',
        'Somebody else changed this client meanwhile. Look at it again, then repeat your change.',
      );
  }

  /** Whether a short code is taken. */
  async hasShortCode(tx: Tx, shortCode: string): Promise<boolean> {
    return (
      (await tx.query.selectFrom('client').select('id').where('short_code', '=', shortCode).executeTakeFirst()) !==
      undefined
    );
  }
}
