import type { TenantScope } from '#kernel/tenant-scope';
import type { AssetId } from '#modules/assets';
import type { QueueOrder } from '#modules/endpoints';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { OrderPort, PackageToInstall } from './patching-needs.ts';

/** Package managers download and unpack within this on a slow line; after it the agent stops and says so. */
const INSTALL_TIMEOUT_SECONDS = 2 * 3600;

/** Installs by our own agent's signed orders. */
export class EndpointOrders implements OrderPort {
  readonly #queue: QueueOrder;

  constructor(deps: { queueOrder: QueueOrder }) {
    this.#queue = deps.queueOrder;
  }

  async queueInstall(
    tx: AnyTransaction,
    scope: TenantScope,
    assetId: AssetId,
    packages: readonly PackageToInstall[],
    reason: string,
  ): Promise<string> {
    const payload = {
      packages: packages.map(({ name, version }) => ({ name, version })),
      timeoutSeconds: INSTALL_TIMEOUT_SECONDS,
    };
    const { orderId } = await this.#queue.run(scope, { assetId, kind: 'install-updates', payload, reason }, tx);
    return orderId;
  }
}
