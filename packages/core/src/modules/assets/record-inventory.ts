import type { Clock } from '#kernel/clock';
import { newId, type ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { SiteId } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import { assetAdded } from './asset-events.ts';
import { factsOf } from './asset-facts.ts';
import { identify, usableEvidence, type EvidenceItem, type MachineEvidence } from './asset-identity.ts';
import type { AssetRow, AssetStore } from './asset-store.ts';
import { applySummary } from './asset-summary.ts';
import type { AssetId, AssetTables, UnmatchedId } from './asset-table.ts';
import type { ComponentStore } from './component-store.ts';
import type { FactStore } from './fact-store.ts';
import type { IdentityStore } from './identity-store.ts';
import type { MachineInventory } from './machine-inventory.ts';

/** Whose machine, and what tells it from others. */
export interface IdentifyInput {
  readonly clientId: ClientId;
  /** `agent`, `plugin-<name>`. */
  readonly source: string;
  readonly evidence: MachineEvidence;
  readonly name: string;
  readonly siteId?: SiteId | undefined;
  /** True where the source also manages the machine; never taken back by a source that does not. */
  readonly isManaged?: boolean | undefined;
  /**
   * When several assets fit: `queue` (the default) makes nothing and leaves the decision to a person; `make` adds a new asset beside the queue's row, for a source that
   * cannot work without one. Neither guesses.
   */
  readonly ifAmbiguous?: 'queue' | 'make' | undefined;
}

/** Which asset the evidence speaks of. `ambiguous` has an asset only where the caller asked to make one. */
export type IdentifyResult =
  | { readonly outcome: 'matched' | 'made'; readonly assetId: AssetId }
  | { readonly outcome: 'ambiguous'; readonly assetId: AssetId | null; readonly unmatchedId: UnmatchedId };

/** A report on a machine: of a known asset, or with evidence of which it is. */
export type RecordInventoryInput = {
  readonly source: string;
  readonly inventory: MachineInventory;
  /** When it was so, by the source. */
  readonly observedAt: Temporal.Instant;
  readonly confidence?: number | undefined;
} & ({ readonly assetId: AssetId } | Omit<IdentifyInput, 'source' | 'name'>);

interface Deps {
  readonly db: ScopedDb;
  readonly assets: AssetStore;
  readonly identities: IdentityStore;
  readonly facts: FactStore;
  readonly components: ComponentStore;
  readonly audit: AuditTrail;
  readonly jobs: JobQueue;
  readonly live: LiveHub;
  readonly clock: Clock;
}
type Tx = ScopedTransaction<AssetTables>;

/** Takes what a machine says of itself, finds or makes its asset within the client, and keeps facts with source and time. */
export class RecordInventory {
  readonly #db: ScopedDb<AssetTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<AssetTables>();
    this.#deps = deps;
  }

  /** Finds or makes the asset of a machine, without a report; for enrolment. Throws `assets.client-not-found`. */
  async identify(scope: TenantScope, input: IdentifyInput, within?: AnyTransaction): Promise<IdentifyResult> {
    return this.#db.transaction(scope, (tx) => this.#identify(tx, input), within);
  }

  /** Records a report; one that is older than what is known changes nothing. Throws `assets.asset-not-found`, `assets.client-not-found`. */
  async run(scope: TenantScope, input: RecordInventoryInput, within?: AnyTransaction): Promise<IdentifyResult> {
    return this.#db.transaction(
      scope,
      async (tx) => {
        const found = await this.#resolve(tx, input);
        if (found.assetId !== null) await this.#record(tx, found.assetId, input);
        return found;
      },
      within,
    );
  }

  async #resolve(tx: Tx, input: RecordInventoryInput): Promise<IdentifyResult> {
    if ('assetId' in input) return { outcome: 'matched', assetId: input.assetId };
    return this.#identify(tx, {
      ...input,
      name: input.inventory.hostname,
      evidence: { ...evidenceIn(input.inventory), ...input.evidence },
    });
  }

  async #identify(tx: Tx, input: IdentifyInput): Promise<IdentifyResult> {
    const { assets, identities, clock } = this.#deps;
    const evidence = usableEvidence(input.source, input.evidence);
    const verdict = identify(evidence, await identities.candidates(tx, input.clientId, evidence));
    const at = clock.now();
    if (verdict.kind === 'matched') {
      if (input.isManaged === true) await assets.markManaged(tx, verdict.assetId);
      await identities.add(tx, { clientId: input.clientId, assetId: verdict.assetId }, evidence, input.source, at);
      return { outcome: 'matched', assetId: verdict.assetId };
    }
    if (verdict.kind === 'unknown') return { outcome: 'made', assetId: await this.#make(tx, input, evidence) };
    const unmatchedId = await identities.queueUnmatched(tx, {
      clientId: input.clientId,
      source: input.source,
      name: input.name,
      evidence,
      candidateIds: verdict.candidateIds,
      reason: verdict.reason,
      at,
    });
    const assetId = input.ifAmbiguous === 'make' ? await this.#make(tx, input, evidence) : null;
    return { outcome: 'ambiguous', assetId, unmatchedId };
  }

  async #make(tx: Tx, input: IdentifyInput, evidence: readonly EvidenceItem[]): Promise<AssetId> {
    const { assets, identities, audit, jobs, live, clock } = this.#deps;
    const { clientId, source, name } = input;
    const assetId = newId<'asset'>();
    const at = clock.now();
    await assets.insert(tx, {
      id: assetId,
      client_id: clientId,
      site_id: input.siteId ?? null,
      kind: 'other',
      name,
      source,
      is_managed: input.isManaged ?? false,
      created_at: at,
    });
    await identities.add(tx, { clientId, assetId }, evidence, source, at);
    await audit.record(tx, {
      action: 'assets.record-inventory',
      subject: { kind: 'asset', id: assetId, clientId },
      summary: `Found the machine ${name}`,
      after: { name, source, evidence },
      isClientVisible: true,
    });
    await jobs.publish(tx, assetAdded, { aggregateId: assetId, version: 1 }, { assetId, clientId });
    live.touch(tx, { clientId, topic: 'asset', id: assetId, version: 1, isForContacts: true });
    return assetId;
  }

  async #record(tx: Tx, assetId: AssetId, input: RecordInventoryInput): Promise<void> {
    const { assets, facts, identities } = this.#deps;
    const asset = await assets.forChange(tx, assetId);
    const key = { clientId: asset.client_id, assetId };
    const { source, inventory } = input;
    // A machine's clock may run ahead; a time to come would make all later reports look old.
    const now = this.#deps.clock.now();
    const at = Temporal.Instant.compare(input.observedAt, now) > 0 ? now : input.observedAt;
    await identities.add(tx, key, usableEvidence(source, evidenceIn(inventory)), source, at);
    const before = await facts.all(tx, key);
    await facts.put(tx, key, { source, facts: factsOf(inventory, input.confidence), at });
    const isNewest = before.every(
      (fact) => fact.source !== source || Temporal.Instant.compare(fact.observedAt, at) <= 0,
    );
    const parts = isNewest ? await this.#syncParts(tx, key, inventory, at) : [];
    const managed: Partial<AssetRow> =
      !('assetId' in input) && input.isManaged === true && !asset.is_managed ? { is_managed: true } : {};
    const { changes } = await applySummary(tx, this.#deps, { asset, before, also: managed });
    await facts.addChanges(tx, key, [...(before.length === 0 ? [] : changes), ...parts], {
      source,
      at,
      actorLabel: null,
    });
  }

  async #syncParts(
    tx: Tx,
    key: { clientId: ClientId; assetId: AssetId },
    inventory: MachineInventory,
    at: Temporal.Instant,
  ) {
    const { components } = this.#deps;
    const { disks, filesystems, networkInterfaces } = inventory;
    const changes = [];
    if (disks !== undefined) {
      const parts = disks.map((disk) => ({
        name: disk.name,
        size_bytes: disk.sizeBytes,
        model: disk.model ?? '',
        serial_number: disk.serialNumber ?? '',
        kind: disk.kind,
      }));
      changes.push(...(await components.sync(tx, key, 'disks', parts, at)));
    }
    if (filesystems !== undefined) {
      const parts = filesystems.map((volume) => ({
        name: volume.mount,
        device: volume.device,
        type: volume.type,
        size_bytes: volume.sizeBytes,
        used_bytes: volume.usedBytes,
        available_bytes: volume.availableBytes,
        is_read_only: volume.isReadOnly,
      }));
      changes.push(...(await components.sync(tx, key, 'filesystems', parts, at)));
    }
    if (networkInterfaces !== undefined) {
      const parts = networkInterfaces.map((card) => ({
        name: card.name,
        mac_address: card.macAddress ?? '',
        mtu: card.mtu ?? null,
        speed_mbit: card.speedMbit ?? null,
        is_up: card.isUp,
        addresses: card.addresses,
      }));
      changes.push(...(await components.sync(tx, key, 'interfaces', parts, at)));
    }
    return changes;
  }
}

/** The evidence that lies in a report itself. */
function evidenceIn(inventory: MachineInventory): MachineEvidence {
  return {
    smbiosUuid: inventory.hardware?.smbiosUuid,
    serialNumber: inventory.hardware?.serialNumber,
    machineId: inventory.operatingSystem?.machineId,
    macAddresses: inventory.networkInterfaces?.flatMap((card) => card.macAddress ?? []),
  };
}
