import type { TenantScope } from '#kernel/tenant-scope';
import type { AssetId } from '#modules/assets';
import type { AnyTransaction } from '#platform/db/scoped-transaction';

/** A package at the version that was looked at and approved. */
export interface PackageToInstall {
  readonly name: string;
  readonly version: string;
}

/** Carries an installation to a machine. Our agent does it by a signed order; a plugin may do it by its own means. */
export interface OrderPort {
  /** Queues it in the caller's transaction and returns the order's id. Throws a domain error that says why the machine cannot take it. */
  queueInstall(
    tx: AnyTransaction,
    scope: TenantScope,
    assetId: AssetId,
    packages: readonly PackageToInstall[],
    reason: string,
  ): Promise<string>;
}
