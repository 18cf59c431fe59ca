import type { Updates } from '@bailiwick/agent-protocol';
import { newId, type ClientId } from '#kernel/id';
import type { AssetId } from '#modules/assets';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { PatchTables } from './patch-table.ts';

type Tx = ScopedTransaction<PatchTables>;
interface AssetKey {
  readonly clientId: ClientId;
  readonly assetId: AssetId;
}

/** The only writer of `patch_update`, `patch_status` and `patch_pending`. */
export class PendingStore {
  /** Keeps the head of a report; says false for one that is older than the last. With an error the counts stay what they were. */
  async putStatus(tx: Tx, key: AssetKey, report: Updates, at: Temporal.Instant): Promise<boolean> {
    const updates = distinctUpdates(report);
    const rows = await tx.sql(
      `insert into patch_status (msp_id, client_id, asset_id, manager, checked_at, lists_fetched_at, error, is_reboot_required, reboot_reasons, pending_count, security_count)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9::text[], $10, $11)
       on conflict (msp_id, asset_id) do update set
         manager = excluded.manager, checked_at = excluded.checked_at, lists_fetched_at = excluded.lists_fetched_at, error = excluded.error,
         is_reboot_required = excluded.is_reboot_required, reboot_reasons = excluded.reboot_reasons,
         pending_count = case when excluded.error is null then excluded.pending_count else patch_status.pending_count end,
         security_count = case when excluded.error is null then excluded.security_count else patch_status.security_count end
       where patch_status.checked_at <= excluded.checked_at
       returning 1`,
      [
        tx.scope.mspId,
        key.clientId,
        key.assetId,
        report.manager,
        at,
        report.listsFetchedAt ?? null,
        report.error ?? null,
        report.isRebootRequired,
        report.rebootReasons,
        updates.length,
        updates.filter((update) => update.isSecurity).length,
      ],
    );
    return rows.length > 0;
  }

  /** Makes the stored list equal to the reported one; what stays is neither written nor locked. */
  async sync(tx: Tx, key: AssetKey, report: Updates, at: Temporal.Instant): Promise<void> {
    const updates = distinctUpdates(report);
    const columns = [
      updates.map((update) => update.name),
      updates.map((update) => update.candidateVersion),
      updates.map((update) => update.isSecurity),
      updates.map((update) => update.origin ?? ''),
    ];
    // Sorted, so that two machines that report the same new updates at once lock them in one order.
    await tx.sql(
      `insert into patch_update (msp_id, id, manager, name, version, is_security, origin, first_seen_at)
       select $1, given.id, $2, given.name, given.version, given.is_security, given.origin, $3
       from unnest($4::text[], $5::text[], $6::boolean[], $7::text[], $8::uuid[]) as given (name, version, is_security, origin, id)
       left join patch_update known on known.msp_id = $1 and known.manager = $2 and known.name = given.name and known.version = given.version
       where known.id is null or (given.is_security and not known.is_security)
       order by given.name, given.version
       on conflict (msp_id, manager, name, version) do update set is_security = patch_update.is_security or excluded.is_security`,
      [tx.scope.mspId, report.manager, at, ...columns, updates.map(() => newId())],
    );
    await tx.sql(
      `with given as (
         select u.id as update_id, g.current_version, g.architecture
         from unnest($5::text[], $6::text[], $7::text[], $8::text[]) as g (name, version, current_version, architecture)
         join patch_update u on u.msp_id = $1 and u.manager = $4 and u.name = g.name and u.version = g.version
       ), added as (
         insert into patch_pending (msp_id, client_id, asset_id, update_id, current_version, architecture, first_seen_at)
         select $1, $2, $3, g.update_id, g.current_version, g.architecture, $9 from given g
         where not exists (select 1 from patch_pending p where p.msp_id = $1 and p.asset_id = $3 and p.update_id = g.update_id)
       )
       delete from patch_pending p where p.msp_id = $1 and p.client_id = $2 and p.asset_id = $3 and not exists (select 1 from given g where g.update_id = p.update_id)`,
      [
        tx.scope.mspId,
        key.clientId,
        key.assetId,
        report.manager,
        columns[0],
        columns[1],
        updates.map((update) => update.currentVersion ?? ''),
        updates.map((update) => update.architecture ?? ''),
        at,
      ],
    );
  }
}

/** One entry for each package and version: a package may wait for several architectures, and is one update all the same. */
function distinctUpdates(report: Updates): Updates['updates'] {
  const seen = new Map<string, Updates['updates'][number]>();
  for (const update of report.updates) {
    const key = JSON.stringify([update.name, update.candidateVersion]);
    const known = seen.get(key);
    seen.set(key, known === undefined ? update : { ...known, isSecurity: known.isSecurity || update.isSecurity });
  }
  return [...seen.values()];
}
