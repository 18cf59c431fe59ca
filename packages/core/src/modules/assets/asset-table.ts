import type { Generated, GeneratedAlways, JSONColumnType } from 'kysely';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { SiteId } from '#modules/tenancy';
import type { AssetKind, AssetState, RelationKind } from './asset.ts';
import type { EvidenceKind } from './asset-identity.ts';

export type AssetId = Id<'asset'>;
export type UnmatchedId = Id<'asset-unmatched'>;
export type RelationId = Id<'asset-relation'>;

interface OfAsset {
  msp_id: MspId;
  client_id: ClientId;
  asset_id: AssetId;
}
type Json<Value> = JSONColumnType<Value & object, string, string>;

export interface AssetTables {
  asset: {
    msp_id: MspId;
    id: AssetId;
    client_id: ClientId;
    site_id: SiteId | null;
    kind: AssetKind;
    name: string;
    state: Generated<AssetState>;
    is_managed: boolean;
    source: string;
    hostname: Generated<string>;
    operating_system: Generated<string>;
    model: Generated<string>;
    serial_number: Generated<string>;
    primary_address: Generated<string>;
    name_sort: GeneratedAlways<string>;
    search_text: GeneratedAlways<string>;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
  asset_presence: OfAsset & { last_seen_at: Temporal.Instant };
  asset_evidence: OfAsset & {
    kind: EvidenceKind;
    value: string;
    source: string;
    first_seen_at: Temporal.Instant;
    last_seen_at: Temporal.Instant;
  };
  asset_unmatched: {
    msp_id: MspId;
    id: UnmatchedId;
    client_id: ClientId;
    source: string;
    name: string;
    evidence: Json<readonly { kind: EvidenceKind; value: string }[]>;
    evidence_digest: string;
    candidate_ids: AssetId[];
    reason: string;
    asset_id: AssetId | null;
    first_seen_at: Temporal.Instant;
    last_seen_at: Temporal.Instant;
    resolved_at: Temporal.Instant | null;
  };
  asset_fact: OfAsset & {
    field: string;
    source: string;
    value: Json<unknown>;
    confidence: number;
    observed_at: Temporal.Instant;
    is_locked: Generated<boolean>;
    locked_by: string | null;
  };
  asset_change: OfAsset & {
    id: Id<'asset-change'>;
    at: Temporal.Instant;
    field: string;
    before: Json<unknown> | null;
    after: Json<unknown> | null;
    source: string;
    actor_label: string | null;
  };
  asset_disk: OfAsset & { name: string; size_bytes: number; model: string; serial_number: string; kind: string };
  asset_filesystem: OfAsset & {
    name: string;
    device: string;
    type: string;
    size_bytes: number;
    used_bytes: number;
    available_bytes: number;
    is_read_only: boolean;
  };
  asset_interface: OfAsset & {
    name: string;
    mac_address: string;
    mtu: number | null;
    speed_mbit: number | null;
    is_up: boolean;
    addresses: string[];
  };
  asset_service: OfAsset & {
    name: string;
    description: string;
    state: string;
    start_mode: string;
    changed_at: Temporal.Instant;
  };
  asset_software: OfAsset & {
    manager: string;
    name: string;
    architecture: string;
    version: string;
    publisher: string;
    installed_at: Temporal.Instant | null;
    size_bytes: number | null;
    first_seen_at: Temporal.Instant;
    last_seen_at: Temporal.Instant | null;
  };
  asset_report: OfAsset & {
    section: 'inventory' | 'software' | 'services';
    source: string;
    digest: string;
    reported_at: Temporal.Instant;
    is_complete: boolean;
  };
  asset_relation: OfAsset & {
    id: RelationId;
    to_client_id: ClientId;
    to_asset_id: AssetId;
    kind: RelationKind;
    source: string;
    created_at: Temporal.Instant;
  };
}
