import { sql, type Insertable, type Selectable } from 'kysely';
import { NotFoundError } from '#kernel/errors';
import { newId } from '#kernel/id';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { PluginPackageId, PluginTables } from './plugin-table.ts';

type Tx = ScopedTransaction<PluginTables>;
export type PackageRow = Selectable<PluginTables['plugin_package']>;

/** The only writer of `plugin_package` and `plugin_publisher`. */
export class PackageStore {
  /** The id of the package with this content; the one that is there already where the same file came before. */
  async insert(
    tx: Tx,
    row: Insertable<PluginTables['plugin_package']>,
  ): Promise<{ id: PluginPackageId; isNew: boolean }> {
    const inserted = await tx.query
      .insertInto('plugin_package')
      .values(row)
      .onConflict((conflict) => conflict.columns(['msp_id', 'digest']).doNothing())
      .returning('id')
      .executeTakeFirst();
    if (inserted !== undefined) return { id: inserted.id, isNew: true };
    const known = await tx.query
      .selectFrom('plugin_package')
      .select('id')
      .where('digest', '=', row.digest)
      .executeTakeFirstOrThrow();
    return { id: known.id, isNew: false };
  }

  /** Throws `plugins.package-not-found`, also for another tenant's. */
  async get(tx: Tx, id: PluginPackageId): Promise<PackageRow> {
    const row = await tx.query.selectFrom('plugin_package').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw new NotFoundError('plugins.package-not-found', 'There is no such packed plugin.');
    return row;
  }

  async byDigest(tx: Tx, digest: string): Promise<PackageRow | undefined> {
    return tx.query.selectFrom('plugin_package').selectAll().where('digest', '=', digest).executeTakeFirst();
  }

  /** Removes packages that no version uses: all of one plugin, or those received before a moment. Answers what was removed. */
  async removeUnused(
    tx: Tx,
    which: { name: string } | { receivedBefore: Temporal.Instant },
  ): Promise<Pick<PackageRow, 'storage_key' | 'digest'>[]> {
    const unused = tx.query
      .deleteFrom('plugin_package')
      .where('id', 'not in', tx.query.selectFrom('plugin_version').select('package_id'));
    const narrowed =
      'name' in which ? unused.where('name', '=', which.name) : unused.where('received_at', '<', which.receivedBefore);
    return narrowed.returning(['storage_key', 'digest']).execute();
  }

  /** The key that is pinned for a publisher. */
  async pinnedKey(tx: Tx, publisher: string): Promise<string | undefined> {
    const row = await tx.query
      .selectFrom('plugin_publisher')
      .select('public_key')
      .where('name', '=', publisher)
      .executeTakeFirst();
    return row?.public_key;
  }

  /** Pins the key, in the place of another where there was one. */
  async pinKey(tx: Tx, publisher: string, key: string, at: Temporal.Instant): Promise<void> {
    await tx.query
      .insertInto('plugin_publisher')
      .values({ msp_id: tx.scope.mspId, id: newId(), name: publisher, public_key: key, pinned_at: at })
      .onConflict((conflict) => conflict.columns(['msp_id', 'name']).doUpdateSet({ public_key: key, pinned_at: at }))
      .execute();
  }

  /** Forgets publishers of whom nothing is installed. */
  async unpinUnused(tx: Tx): Promise<void> {
    await tx.query
      .deleteFrom('plugin_publisher')
      .where('name', 'not in', tx.query.selectFrom('plugin').select(sql<string>`split_part(name, '/', 1)`.as('name')))
      .execute();
  }
}
