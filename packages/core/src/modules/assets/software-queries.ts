import { sql } from 'kysely';
import { z } from 'zod';
import { clientIdSchema } from '#kernel/id';
import { decodeCursor, pageInput, toPage, type Page } from '#kernel/page';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import { assetIdSchema } from './asset.ts';
import { findAsset } from './asset-detail-queries.ts';
import type { AssetTables } from './asset-table.ts';
import type { softwareView } from './asset-view.ts';

export const listSoftwareInput = z.object({
  assetId: assetIdSchema,
  ...pageInput,
  search: text({ max: 100 }).optional(),
  isIncludingRemoved: z.boolean().default(false),
});
export const listSoftwareTitlesInput = z.object({
  ...pageInput,
  clientId: clientIdSchema.optional(),
  namePrefix: text({ max: 100 }).optional(),
});
export const listSoftwareVersionsInput = z.object({ name: text({ max: 300 }), clientId: clientIdSchema.optional() });
export const listSoftwareHoldersInput = z.object({
  ...pageInput,
  name: text({ max: 300 }),
  version: text({ max: 300 }).optional(),
  clientId: clientIdSchema.optional(),
});

/** One name of software over all machines of the scope. */
export const softwareTitleView = z.object({
  name: z.string(),
  assetCount: z.int(),
  clientCount: z.int(),
  versionCount: z.int(),
});
export const softwareVersionView = z.object({
  version: z.string(),
  manager: z.string(),
  assetCount: z.int(),
  clientCount: z.int(),
});
export const softwareHolderView = z.object({
  assetId: assetIdSchema,
  assetName: z.string(),
  clientId: clientIdSchema,
  version: z.string(),
  architecture: z.string(),
  firstSeenAt: z.iso.datetime(),
});

/** Reads software: of one machine, and over all. Names are compared exactly; prefixes mind the case. */
export class SoftwareQueries {
  readonly #db: ScopedDb<AssetTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<AssetTables>();
  }

  /** The software of one machine, by name. Throws `assets.asset-not-found`, `page.bad-cursor`. */
  async ofAsset(
    scope: TenantScope,
    input: z.output<typeof listSoftwareInput>,
  ): Promise<Page<z.input<typeof softwareView>>> {
    const after = input.cursor === undefined ? null : decodeCursor(input.cursor, 4);
    const { rows, reportedAt } = await this.#db.transaction(scope, async (tx) => {
      await findAsset(tx, input.assetId);
      const report = await tx.query
        .selectFrom('asset_report')
        .select('reported_at')
        .where('asset_id', '=', input.assetId)
        .where('section', '=', 'software')
        .executeTakeFirst();
      let list = tx.query.selectFrom('asset_software').selectAll().where('asset_id', '=', input.assetId);
      if (!input.isIncludingRemoved) list = list.where('last_seen_at', 'is', null);
      if (input.search !== undefined)
        list = list.where(sql<boolean>`strpos(lower(name || ' ' || publisher), lower(${input.search})) > 0`);
      if (after !== null)
        list = list.where(
          sql<boolean>`(name, manager, architecture, version) > (${after[0]}::text, ${after[1]}::text, ${after[2]}::text, ${after[3]}::text)`,
        );
      const page = list.orderBy('name').orderBy('manager').orderBy('architecture').orderBy('version');
      return { rows: await page.limit(input.limit + 1).execute(), reportedAt: report?.reported_at };
    });
    return toPage(
      rows,
      input.limit,
      (row) => ({
        manager: row.manager,
        name: row.name,
        architecture: row.architecture,
        version: row.version,
        publisher: row.publisher,
        installedAt: row.installed_at?.toString() ?? null,
        sizeBytes: row.size_bytes,
        firstSeenAt: row.first_seen_at.toString(),
        lastSeenAt: (row.last_seen_at ?? reportedAt ?? row.first_seen_at).toString(),
        isInstalled: row.last_seen_at === null,
      }),
      (row) => [row.name, row.manager, row.architecture, row.version],
    );
  }

  /** What is installed anywhere, by name, with on how many machines of how many clients. */
  async titles(
    scope: TenantScope,
    input: z.output<typeof listSoftwareTitlesInput>,
  ): Promise<Page<z.input<typeof softwareTitleView>>> {
    const after = input.cursor === undefined ? null : decodeCursor(input.cursor, 1)[0];
    const rows = await this.#db.read(scope, (query) => {
      let list = query.selectFrom('asset_software').where('last_seen_at', 'is', null);
      if (input.clientId !== undefined) list = list.where('client_id', '=', input.clientId);
      if (input.namePrefix !== undefined)
        list = list.where(
          sql<boolean>`name collate "C" >= ${input.namePrefix} and name collate "C" < ${`${input.namePrefix}\u{10FFFF}`}`,
        );
      if (after !== null) list = list.where(sql<boolean>`name collate "C" > ${String(after)}`);
      return list
        .select([
          sql<string>`name collate "C"`.as('name'),
          sql<number>`count(distinct asset_id)::int`.as('assets'),
          sql<number>`count(distinct client_id)::int`.as('clients'),
          sql<number>`count(distinct version)::int`.as('versions'),
        ])
        .groupBy(sql`name collate "C"`)
        .orderBy(sql`name collate "C"`)
        .limit(input.limit + 1);
    });
    return toPage(
      rows,
      input.limit,
      (row) => ({ name: row.name, assetCount: row.assets, clientCount: row.clients, versionCount: row.versions }),
      (row) => [row.name],
    );
  }

  /** The versions of one name that are installed anywhere, the most common first. */
  async versions(
    scope: TenantScope,
    input: z.output<typeof listSoftwareVersionsInput>,
  ): Promise<{ items: z.input<typeof softwareVersionView>[] }> {
    const rows = await this.#db.read(scope, (query) => {
      let list = query
        .selectFrom('asset_software')
        .where('last_seen_at', 'is', null)
        .where(sql<boolean>`name collate "C" = ${input.name}`);
      if (input.clientId !== undefined) list = list.where('client_id', '=', input.clientId);
      return list
        .select([
          'version',
          'manager',
          sql<number>`count(distinct asset_id)::int`.as('assets'),
          sql<number>`count(distinct client_id)::int`.as('clients'),
        ])
        .groupBy(['version', 'manager'])
        .orderBy('assets', 'desc')
        .orderBy('version')
        .limit(1000);
    });
    return {
      items: rows.map((row) => ({
        version: row.version,
        manager: row.manager,
        assetCount: row.assets,
        clientCount: row.clients,
      })),
    };
  }

  /** Who has it: the machines on which a name, or one version of it, is installed; by version. */
  async holders(
    scope: TenantScope,
    input: z.output<typeof listSoftwareHoldersInput>,
  ): Promise<Page<z.input<typeof softwareHolderView>>> {
    const after = input.cursor === undefined ? null : decodeCursor(input.cursor, 3);
    const rows = await this.#db.read(scope, (query) => {
      let list = query
        .selectFrom('asset_software as s')
        .innerJoin('asset as a', 'a.id', 's.asset_id')
        .where('s.last_seen_at', 'is', null)
        .where(sql<boolean>`s.name collate "C" = ${input.name}`);
      if (input.version !== undefined) list = list.where('s.version', '=', input.version);
      if (input.clientId !== undefined) list = list.where('s.client_id', '=', input.clientId);
      if (after !== null)
        list = list.where(
          sql<boolean>`(s.version, s.asset_id::text, s.architecture) > (${String(after[0])}, ${String(after[1])}, ${String(after[2])})`,
        );
      return list
        .select(['s.asset_id', 'a.name', 's.client_id', 's.version', 's.architecture', 's.first_seen_at'])
        .orderBy('s.version')
        .orderBy(sql`s.asset_id::text`)
        .orderBy('s.architecture')
        .limit(input.limit + 1);
    });
    return toPage(
      rows,
      input.limit,
      (row) => ({
        assetId: row.asset_id,
        assetName: row.name,
        clientId: row.client_id,
        version: row.version,
        architecture: row.architecture,
        firstSeenAt: row.first_seen_at.toString(),
      }),
      (row) => [row.version, row.asset_id, row.architecture],
    );
  }
}
