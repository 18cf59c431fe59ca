import type { EntityData } from '@bailiwick/sdk';
import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { RaiseAlert, RecoverAlert } from '#modules/alerts';
import {
  machineInventorySchema,
  type AssetId,
  type MarkSeen,
  type RecordInventory,
  type RecordSoftware,
} from '#modules/assets';
import type { AppendSamples } from '#modules/monitoring';
import type { ConnectionId, ConnectionQueries } from '#modules/plugin-host';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import { seenAtOf } from './entity.ts';
import {
  alertOf,
  evidenceOf,
  fingerprintOf,
  inventoryOf,
  PLUGIN_CONFIDENCE,
  seriesOf,
  sourceOf,
  type LandingRecord,
} from './landing.ts';
import type { LandingStore } from './landing-store.ts';
import { landRecords } from './sync-jobs.ts';
import type { SyncTables } from './sync-table.ts';

type Tx = ScopedTransaction<SyncTables>;

interface Deps {
  readonly db: ScopedDb;
  readonly clock: Clock;
  readonly jobs: JobQueue;
  readonly connections: ConnectionQueries;
  readonly store: LandingStore;
  readonly recordInventory: RecordInventory;
  readonly recordSoftware: RecordSoftware;
  readonly markSeen: MarkSeen;
  readonly raiseAlert: RaiseAlert;
  readonly recoverAlert: RecoverAlert;
  readonly appendSamples: AppendSamples;
}

/** Records in one transaction: few, for each holds locks on its client's assets. */
const RECORDS_A_STEP = 50;
/** Steps in one job; more go on in the next one, after others had their turn. */
const STEPS_A_JOB = 100;
const SOFTWARE_MANAGER = 'vendor';
const MOST_PACKAGES = 15_000;

/**
 * Applies records to the modules that they are about, through those modules' own doors: device → assets, software → assets, alert → alerts, metric → monitoring. A record
 * and the note that it is applied are one transaction, so that twice is once.
 */
export class LandRecords {
  readonly #db: ScopedDb<SyncTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<SyncTables>();
    this.#deps = deps;
  }

  async run(scope: TenantScope, connectionId: ConnectionId): Promise<number> {
    const { connections, jobs } = this.#deps;
    const { plugin } = await connections.byId(scope, connectionId);
    const source = sourceOf(plugin);
    let applied = 0;
    for (let step = 0; step < STEPS_A_JOB; step += 1) {
      // Each step sees what the one before has made.
      // oxlint-disable-next-line no-await-in-loop
      const taken = await this.#db.transaction(scope, (tx) => this.#step(tx, connectionId, source));
      applied += taken;
      if (taken === 0) return applied;
    }
    await this.#db.transaction(scope, (tx) => jobs.send(tx, landRecords, { connectionId }));
    return applied;
  }

  async #step(tx: Tx, connectionId: ConnectionId, source: string): Promise<number> {
    const { store } = this.#deps;
    const records = await store.take(tx, connectionId, RECORDS_A_STEP);
    const devices = records.filter((record) => record.entity === 'device');
    // Others wait until all devices of this step have their assets.
    if (devices.length > 0) {
      for (const device of devices) await this.#landDevice(tx, device, source);
      return devices.length;
    }
    for (const [scopeId, ofScope] of Map.groupBy(records, (record) => record.scopeId)) {
      const refs = ofScope.flatMap((record) => record.deviceRef ?? []);
      const assets = await store.assetsOf(tx, scopeId, refs);
      const of = (entity: string) => ofScope.filter((record) => record.entity === entity);
      for (const alert of of('alert')) await this.#landAlert(tx, alert, assets, source);
      await this.#landSoftware(tx, of('software'), assets, source);
      await this.#landMetrics(tx, of('metric'), assets);
    }
    return records.length;
  }

  async #landDevice(tx: Tx, record: LandingRecord, source: string): Promise<void> {
    const { store, recordInventory, markSeen } = this.#deps;
    // Gone at the vendor: the asset stays with its history, until a person archives it.
    if (record.isDeleted) return store.landed(tx, record, { problem: null });
    const device = record.data as EntityData<'device'>;
    const inventory = machineInventorySchema.safeParse(inventoryOf(device));
    if (!inventory.success) {
      const [issue] = inventory.error.issues;
      return store.landed(tx, record, {
        problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}`,
      });
    }
    const found = await recordInventory.run(
      tx.scope,
      {
        clientId: record.clientId,
        source,
        evidence: evidenceOf(record, device),
        inventory: inventory.data,
        observedAt: record.changedAt,
        confidence: PLUGIN_CONFIDENCE,
        isManaged: device.isManaged,
      },
      tx,
    );
    const seenAt = seenAtOf(record.observed);
    if (found.assetId !== null && seenAt !== null)
      await markSeen.runMany(tx.scope, [{ assetId: found.assetId, at: seenAt }], tx);
    const isAmbiguous = found.outcome === 'ambiguous';
    await store.landed(tx, record, {
      problem: isAmbiguous ? 'Several assets fit. A person decides which one it is.' : null,
      assetId: found.assetId,
    });
    if (found.assetId !== null && record.assetId !== found.assetId) await store.wakeDependents(tx, record);
  }

  async #landAlert(tx: Tx, record: LandingRecord, assets: ReadonlyMap<string, AssetId>, source: string): Promise<void> {
    const { store, raiseAlert, recoverAlert, clock } = this.#deps;
    const alert = record.data as EntityData<'alert'>;
    const assetId = record.deviceRef === null ? null : (assets.get(record.deviceRef) ?? null);
    if (record.isDeleted || alert.state === 'recovered') {
      const recoveredAt = alert.recoveredAt === undefined ? clock.now() : Temporal.Instant.from(alert.recoveredAt);
      await recoverAlert.run(
        tx.scope,
        {
          clientId: record.clientId,
          fingerprint: fingerprintOf(record),
          message: record.isDeleted ? 'The vendor no longer lists it.' : 'Recovered at the vendor.',
          at: recoveredAt,
        },
        tx,
      );
      return store.landed(tx, record, { problem: null, assetId });
    }
    const { alertId } = await raiseAlert.run(tx.scope, alertOf({ ...record, assetId }, alert, source), tx);
    await store.landed(tx, record, { problem: null, assetId, alertId });
  }

  async #landSoftware(
    tx: Tx,
    records: readonly LandingRecord[],
    assets: ReadonlyMap<string, AssetId>,
    source: string,
  ): Promise<void> {
    const { store, recordSoftware, clock } = this.#deps;
    for (const [device, ofDevice] of Map.groupBy(records, (record) => record.deviceRef ?? '')) {
      const assetId = assets.get(device);
      const [first] = ofDevice;
      if (assetId === undefined || first === undefined) {
        await store.allLanded(tx, ofDevice, { problem: NO_DEVICE });
        continue;
      }
      const packages = (await store.softwareOf(tx, first.scopeId, device)) as EntityData<'software'>[];
      await recordSoftware.run(
        tx.scope,
        {
          assetId,
          source,
          observedAt: clock.now(),
          software: {
            isComplete: packages.length <= MOST_PACKAGES,
            packages: packages.slice(0, MOST_PACKAGES).map(({ name, version, publisher }) => ({
              name,
              version,
              manager: SOFTWARE_MANAGER,
              ...(publisher === undefined ? {} : { publisher }),
            })),
          },
        },
        tx,
      );
      await store.allLanded(tx, ofDevice, { problem: null, assetId });
    }
  }

  async #landMetrics(tx: Tx, records: readonly LandingRecord[], assets: ReadonlyMap<string, AssetId>): Promise<void> {
    const { store, appendSamples, clock } = this.#deps;
    for (const [device, ofDevice] of Map.groupBy(records, (record) => record.deviceRef ?? '')) {
      const assetId = assets.get(device);
      const [first] = ofDevice;
      if (assetId === undefined || first === undefined) {
        await store.allLanded(tx, ofDevice, { problem: NO_DEVICE });
        continue;
      }
      const samples = ofDevice.map((record) => record.data as EntityData<'metric'>);
      const moments = [
        ...Map.groupBy(samples, (sample) => Temporal.Instant.from(sample.at).epochMilliseconds),
      ].toSorted(([a], [b]) => a - b);
      const base = clock.now().epochMilliseconds * 1000;
      const { refused } = await appendSamples.run(
        tx.scope,
        {
          clientId: first.clientId,
          assetId,
          epoch: first.connectionId,
          reports: moments.map(([at, ofMoment], index) => ({
            // Samples of one device come at different times and land in any order: the sequence counts landings, not times.
            sequence: base + index,
            at: Temporal.Instant.fromEpochMilliseconds(at),
            series: ofMoment.map(seriesOf),
            values: ofMoment.map((sample) => sample.value),
          })),
        },
        tx,
      );
      await store.allLanded(tx, ofDevice, { problem: refused[0]?.message ?? null, assetId });
    }
  }
}

const NO_DEVICE = 'Its device is not known yet.';
