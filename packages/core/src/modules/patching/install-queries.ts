import { sql } from 'kysely';
import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { pageInput, toPage, type Page } from '#kernel/page';
import { clientIdSchema } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { assetIdSchema, type AssetQueries } from '#modules/assets';
import type { ScopedDb } from '#platform/db/scoped-db';
import { readCursor } from './patch-queries.ts';
import type { PatchInstallId, PatchTables } from './patch-table.ts';
import type { installView } from './patch-view.ts';

export const listInstallsInput = z.object({
  ...pageInput,
  clientId: clientIdSchema.optional(),
  assetId: assetIdSchema.optional(),
  batchId: idSchema('patch-batch').optional(),
});

type InstallItem = z.input<typeof installView>;

/** Reads installations. */
export class InstallQueries {
  readonly #db: ScopedDb<PatchTables>;
  readonly #assets: AssetQueries;

  constructor(deps: { db: ScopedDb; assets: AssetQueries }) {
    this.#db = deps.db.typed<PatchTables>();
    this.#assets = deps.assets;
  }

  /** Installations, newest first: of a machine, of a mass action, or all of the scope. Throws `page.bad-cursor`. */
  async list(scope: TenantScope, input: z.output<typeof listInstallsInput>): Promise<Page<InstallItem>> {
    const after = input.cursor === undefined ? null : readCursor(input.cursor, 1);
    return this.#db.transaction(scope, async (tx) => {
      let list = tx.query.selectFrom('patch_install').selectAll();
      if (input.clientId !== undefined) list = list.where('client_id', '=', input.clientId);
      if (input.assetId !== undefined) list = list.where('asset_id', '=', input.assetId);
      if (input.batchId !== undefined) list = list.where('batch_id', '=', input.batchId);
      // Ids are made in the order of time, so that the id alone is the key of the page.
      if (after !== null) list = list.where(sql<boolean>`id < ${after[0]}::uuid`);
      const rows = await list
        .orderBy('id', 'desc')
        .limit(input.limit + 1)
        .execute();
      const packages = await tx.sql<{
        install_id: PatchInstallId;
        name: string;
        version: string;
        outcome: string;
        version_after: string | null;
        message: string | null;
      }>(
        `select r.install_id, u.name, u.version, r.outcome, r.version_after, r.message from patch_result r join patch_update u on u.msp_id = r.msp_id and u.id = r.update_id
         where r.msp_id = $1 and r.install_id = any($2::uuid[]) order by u.name`,
        [scope.mspId, rows.map((row) => row.id)],
      );
      const names = new Map(
        (await this.#assets.byIds(scope, [...new Set(rows.map((row) => row.asset_id))], tx)).map((asset) => [
          asset.id,
          asset.name,
        ]),
      );
      return toPage(
        rows,
        input.limit,
        (row): InstallItem => ({
          id: row.id,
          batchId: row.batch_id,
          orderId: row.order_id,
          assetId: row.asset_id,
          clientId: row.client_id,
          assetName: names.get(row.asset_id) ?? '',
          state: row.state,
          message: row.message,
          reason: row.reason,
          actorLabel: row.actor_label,
          createdAt: row.created_at.toString(),
          finishedAt: row.finished_at?.toString() ?? null,
          packages: packages
            .filter((item) => item.install_id === row.id)
            .map((item) => ({
              name: item.name,
              version: item.version,
              outcome: item.outcome,
              versionAfter: item.version_after,
              message: item.message,
            })),
        }),
        (row) => [row.id],
      );
    });
  }
}
