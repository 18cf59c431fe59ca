import type { Generated } from 'kysely';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { AssetId } from '#modules/assets';
import type { InstallState, PatchDecision } from './patch.ts';

export type PatchUpdateId = Id<'patch-update'>;
export type PatchBatchId = Id<'patch-batch'>;
export type PatchInstallId = Id<'patch-install'>;

interface DecisionColumns {
  msp_id: MspId;
  id: Id<'patch-decision'>;
  update_id: PatchUpdateId;
  decision: PatchDecision;
  reason: string;
  actor_id: string;
  actor_label: string;
  decided_at: Temporal.Instant;
  expires_at: Temporal.Instant | null;
  ended_at: Generated<Temporal.Instant | null>;
}

export interface PatchTables {
  patch_update: {
    msp_id: MspId;
    id: PatchUpdateId;
    manager: string;
    name: string;
    version: string;
    is_security: boolean;
    origin: string;
    first_seen_at: Temporal.Instant;
  };
  patch_status: {
    msp_id: MspId;
    client_id: ClientId;
    asset_id: AssetId;
    manager: string;
    checked_at: Temporal.Instant;
    lists_fetched_at: Temporal.Instant | null;
    error: string | null;
    is_reboot_required: boolean;
    reboot_reasons: string[];
    pending_count: number;
    security_count: number;
  };
  patch_pending: {
    msp_id: MspId;
    client_id: ClientId;
    asset_id: AssetId;
    update_id: PatchUpdateId;
    current_version: string;
    architecture: string;
    first_seen_at: Temporal.Instant;
  };
  patch_global_decision: DecisionColumns;
  patch_decision: DecisionColumns & { client_id: ClientId; asset_id: AssetId | null };
  patch_batch: {
    msp_id: MspId;
    id: PatchBatchId;
    reason: string;
    asset_count: number;
    client_count: number;
    actor_id: string;
    actor_label: string;
    created_at: Temporal.Instant;
  };
  patch_install: {
    msp_id: MspId;
    id: PatchInstallId;
    client_id: ClientId;
    asset_id: AssetId;
    batch_id: PatchBatchId;
    order_id: string;
    state: InstallState;
    message: string | null;
    reason: string;
    actor_label: string;
    created_at: Temporal.Instant;
    finished_at: Temporal.Instant | null;
  };
  patch_result: {
    msp_id: MspId;
    client_id: ClientId;
    install_id: PatchInstallId;
    update_id: PatchUpdateId;
    outcome: string;
    version_after: string | null;
    message: string | null;
  };
}
