import type { Insertable, Selectable } from 'kysely';
import { ConflictError } from '#kernel/errors';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import { pluginNotFound } from './installed-plugins.ts';
import type { PluginId, PluginPackageId, PluginTables, PluginVersionId } from './plugin-table.ts';

type Tx = ScopedTransaction<PluginTables>;
export type PluginRow = Selectable<PluginTables['plugin']>;

/** The only writer of `plugin` and `plugin_version`. */
export class PluginStore {
  async insert(tx: Tx, plugin: Insertable<PluginTables['plugin']>): Promise<void> {
    await tx.query.insertInto('plugin').values(plugin).execute();
  }

  async byName(tx: Tx, name: string): Promise<PluginRow | undefined> {
    return tx.query.selectFrom('plugin').selectAll().where('name', '=', name).forUpdate().executeTakeFirst();
  }

  /** The plugin, locked for a change. Throws `plugins.plugin-not-found`, also for another tenant's and one that was uninstalled. */
  async forChange(tx: Tx, id: PluginId): Promise<PluginRow> {
    const row = await tx.query
      .selectFrom('plugin')
      .selectAll()
      .where('id', '=', id)
      .where('state', '<>', 'removed')
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) throw pluginNotFound();
    return row;
  }

  /** Throws `plugins.plugin-changed` when somebody else was first. */
  async update(
    tx: Tx,
    plugin: { id: PluginId; version: number },
    change: Partial<Pick<PluginRow, 'state' | 'version_id' | 'previous_version_id'>>,
  ): Promise<void> {
    const result = await tx.query
      .updateTable('plugin')
      .set({ ...change, version: plugin.version + 1 })
      .where('id', '=', plugin.id)
      .where('version', '=', plugin.version)
      .executeTakeFirst();
    if (result.numUpdatedRows === 0n)
      throw new ConflictError(
        'plugins.plugin-changed',
        'Somebody else changed this plugin meanwhile. Look at it again, then repeat your change.',
      );
  }

  async remove(tx: Tx, id: PluginId): Promise<void> {
    await tx.query.deleteFrom('plugin').where('id', '=', id).execute();
  }

  /** The version of a package, with the consent given now; a version that was there before gets the new consent. */
  async saveVersion(tx: Tx, row: Insertable<PluginTables['plugin_version']>): Promise<PluginVersionId> {
    const { id } = await tx.query
      .insertInto('plugin_version')
      .values(row)
      .onConflict((conflict) =>
        conflict.columns(['msp_id', 'plugin_id', 'package_id']).doUpdateSet({
          consented_by: row.consented_by,
          consented_at: row.consented_at,
        }),
      )
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  }

  async packageOf(tx: Tx, versionId: PluginVersionId): Promise<PluginPackageId> {
    const row = await tx.query
      .selectFrom('plugin_version')
      .select('package_id')
      .where('id', '=', versionId)
      .executeTakeFirstOrThrow();
    return row.package_id;
  }

  /** Forgets versions that are neither run nor rolled back to. */
  async removeOldVersions(tx: Tx, plugin: PluginRow): Promise<void> {
    const kept = [plugin.version_id, ...(plugin.previous_version_id === null ? [] : [plugin.previous_version_id])];
    await tx.query
      .deleteFrom('plugin_version')
      .where('plugin_id', '=', plugin.id)
      .where('id', 'not in', kept)
      .execute();
  }
}
