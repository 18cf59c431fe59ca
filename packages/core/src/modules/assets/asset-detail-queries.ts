import { sql } from 'kysely';
import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { InvalidInputError, NotFoundError } from '#kernel/errors';
import { isUuid } from '#kernel/id';
import { decodeCursor, pageInput, toPage, type Page } from '#kernel/page';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import { assetIdSchema } from './asset.ts';
import { byField, type StoredFact } from './asset-facts.ts';
import type { AssetRow } from './asset-store.ts';
import type { AssetId, AssetTables } from './asset-table.ts';
import {
  toAssetView,
  type AssetDetailView,
  type FactView,
  type assetChangeView,
  type serviceView,
} from './asset-view.ts';
import type { FactStore } from './fact-store.ts';

export const getAssetInput = z.object({ assetId: assetIdSchema });
export const listServicesInput = z.object({ assetId: assetIdSchema, search: text({ max: 100 }).optional() });
export const listChangesInput = z.object({ assetId: assetIdSchema, ...pageInput });

type Tx = ScopedTransaction<AssetTables>;
type Section = AssetTables['asset_report']['section'];

/** Reads one asset with all that is known of it. */
export class AssetDetailQueries {
  readonly #db: ScopedDb<AssetTables>;
  readonly #facts: FactStore;
  readonly #clock: Clock;

  constructor(deps: { db: ScopedDb; facts: FactStore; clock: Clock }) {
    this.#db = deps.db.typed<AssetTables>();
    this.#facts = deps.facts;
    this.#clock = deps.clock;
  }

  /** One asset, every section with source and time. Throws `assets.asset-not-found`, also for another tenant's. */
  async get(scope: TenantScope, assetId: AssetId, within?: AnyTransaction): Promise<AssetDetailView> {
    return this.#db.transaction(
      scope,
      async (tx) => {
        const row = await findAsset(tx, assetId);
        const key = { clientId: row.client_id, assetId };
        const parts = await this.#parts(tx, assetId);
        return {
          ...toAssetView(row, this.#clock.now()),
          source: row.source,
          hostname: row.hostname,
          facts: [...byField(await this.#facts.all(tx, key))]
            .toSorted(([a], [b]) => (a < b ? -1 : 1))
            .flatMap(([field, said]) => toFactView(field, said)),
          ...parts,
          relations: await relationsOf(tx, assetId),
        };
      },
      within,
    );
  }

  /** The services of an asset by name; empty for an asset that reports none. Throws `assets.asset-not-found`. */
  async services(
    scope: TenantScope,
    input: z.output<typeof listServicesInput>,
  ): Promise<{ items: z.input<typeof serviceView>[] }> {
    const rows = await this.#db.transaction(scope, async (tx) => {
      await findAsset(tx, input.assetId);
      let list = tx.query.selectFrom('asset_service').selectAll().where('asset_id', '=', input.assetId);
      if (input.search !== undefined)
        list = list.where(sql<boolean>`strpos(lower(name || ' ' || description), lower(${input.search})) > 0`);
      return list.orderBy('name').execute();
    });
    return {
      items: rows.map((row) => ({
        name: row.name,
        description: row.description,
        state: row.state,
        startMode: row.start_mode,
        changedAt: row.changed_at.toString(),
      })),
    };
  }

  /** What changed about an asset, newest first. Throws `assets.asset-not-found`, `page.bad-cursor`. */
  async changes(
    scope: TenantScope,
    input: z.output<typeof listChangesInput>,
  ): Promise<Page<z.input<typeof assetChangeView>>> {
    const after = input.cursor === undefined ? undefined : decodeCursor(input.cursor, 1)[0];
    if (after !== undefined && !(typeof after === 'string' && isUuid(after)))
      throw new InvalidInputError('page.bad-cursor', 'The cursor is not one that this list gave.', {
        fields: [{ path: ['cursor'], message: 'is not a cursor of this list' }],
      });
    const rows = await this.#db.transaction(scope, async (tx) => {
      const asset = await findAsset(tx, input.assetId);
      let list = tx.query
        .selectFrom('asset_change')
        .selectAll()
        .where('client_id', '=', asset.client_id)
        .where('asset_id', '=', input.assetId);
      if (after !== undefined)
        list = list.where(
          sql<boolean>`(at, id) < (select at, id from asset_change c where c.msp_id = ${scope.mspId} and c.id = ${after}::uuid)`,
        );
      return list
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(input.limit + 1)
        .execute();
    });
    return toPage(
      rows,
      input.limit,
      (row) => ({
        id: row.id,
        at: row.at.toString(),
        field: row.field,
        before: row.before,
        after: row.after,
        source: row.source,
        actorLabel: row.actor_label,
      }),
      (row) => [row.id],
    );
  }

  async #parts(tx: Tx, assetId: AssetId) {
    const of = <Table extends 'asset_disk' | 'asset_filesystem' | 'asset_interface'>(table: Table) =>
      tx.sql<AssetTables[Table]>(`select * from ${table} where msp_id = $1 and asset_id = $2 order by name`, [
        tx.scope.mspId,
        assetId,
      ]);
    const evidence = await tx.query
      .selectFrom('asset_evidence')
      .selectAll()
      .where('asset_id', '=', assetId)
      .orderBy('kind')
      .orderBy('value')
      .execute();
    const reports = await tx.query.selectFrom('asset_report').selectAll().where('asset_id', '=', assetId).execute();
    const [counts] = await tx.sql<{ software: number; services: number }>(
      `select (select count(*)::int from asset_software where msp_id = $1 and asset_id = $2 and last_seen_at is null) as software,
              (select count(*)::int from asset_service where msp_id = $1 and asset_id = $2) as services`,
      [tx.scope.mspId, assetId],
    );
    const section = (name: Section) => {
      const report = reports.find((candidate) => candidate.section === name);
      return report === undefined ? null : { source: report.source, reportedAt: report.reported_at.toString() };
    };
    return {
      evidence: evidence.map((item) => ({
        kind: item.kind,
        value: item.value,
        source: item.source,
        firstSeenAt: item.first_seen_at.toString(),
        lastSeenAt: item.last_seen_at.toString(),
      })),
      disks: (await of('asset_disk')).map((disk) => ({
        name: disk.name,
        sizeBytes: disk.size_bytes,
        model: disk.model,
        serialNumber: disk.serial_number,
        kind: disk.kind,
      })),
      filesystems: (await of('asset_filesystem')).map((volume) => ({
        mount: volume.name,
        device: volume.device,
        type: volume.type,
        sizeBytes: volume.size_bytes,
        usedBytes: volume.used_bytes,
        availableBytes: volume.available_bytes,
        isReadOnly: volume.is_read_only,
      })),
      networkInterfaces: (await of('asset_interface')).map((card) => ({
        name: card.name,
        macAddress: card.mac_address,
        mtu: card.mtu,
        speedMbit: card.speed_mbit,
        isUp: card.is_up,
        addresses: card.addresses,
      })),
      softwareCount: counts?.software ?? 0,
      serviceCount: counts?.services ?? 0,
      reports: { inventory: section('inventory'), software: section('software'), services: section('services') },
    };
  }
}

/** The asset with its presence. Throws `assets.asset-not-found`. */
export async function findAsset(tx: Tx, assetId: AssetId): Promise<AssetRow & { last_seen: Temporal.Instant | null }> {
  const row = await tx.query
    .selectFrom('asset as a')
    .innerJoin('asset_presence as p', 'p.asset_id', 'a.id')
    .selectAll('a')
    .select(sql<Temporal.Instant | null>`nullif(p.last_seen_at, '-infinity')`.as('last_seen'))
    .where('a.id', '=', assetId)
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError('assets.asset-not-found', 'There is no such asset.');
  return row;
}

function toFactView(field: string, said: readonly StoredFact[]): FactView[] {
  const [counts, ...others] = said;
  if (counts === undefined) return [];
  return [
    {
      field,
      value: counts.value,
      source: counts.source,
      observedAt: counts.observedAt.toString(),
      confidence: counts.confidence,
      isLocked: counts.isLocked,
      lockedBy: counts.lockedBy,
      others: others.map((fact) => ({
        source: fact.source,
        value: fact.value,
        observedAt: fact.observedAt.toString(),
      })),
    },
  ];
}

/** Both directions; the far end is there only if the scope covers it. */
async function relationsOf(tx: Tx, assetId: AssetId): Promise<AssetDetailView['relations']> {
  const rows = await tx.sql<{
    kind: AssetDetailView['relations'][number]['kind'];
    direction: 'to' | 'from';
    id: AssetId;
    client_id: AssetRow['client_id'];
    name: string;
  }>(
    `select r.kind, 'to' as direction, a.id, a.client_id, a.name from asset_relation r join asset a on a.msp_id = r.msp_id and a.client_id = r.to_client_id and a.id = r.to_asset_id where r.msp_id = $1 and r.asset_id = $2
     union all
     select r.kind, 'from', a.id, a.client_id, a.name from asset_relation r join asset a on a.msp_id = r.msp_id and a.client_id = r.client_id and a.id = r.asset_id where r.msp_id = $1 and r.to_asset_id = $2
     order by 1, 2, 5`,
    [tx.scope.mspId, assetId],
  );
  return rows.map((row) => ({
    kind: row.kind,
    direction: row.direction,
    assetId: row.id,
    clientId: row.client_id,
    name: row.name,
  }));
}
