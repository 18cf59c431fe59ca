import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { defineJob } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import { INSTALL_STATES, type InstallState } from './patch.ts';
import type { InstallStore, PackageEnd } from './install-store.ts';
import type { PatchTables } from './patch-table.ts';

/** An order that waits a day for its machine, and may then run for six hours (the protocol's longest), has ended after this, whatever became of it. */
const LOST_AFTER_HOURS = 31;

/** Ends installations of which no result came. */
export const endLostInstallsJob = defineJob({
  name: 'patching.end-lost-installs',
  payload: z.object({}),
  cron: '17 * * * *',
  retryLimit: 0,
});

/** How an order ended, as endpoints tells it. */
export interface OrderEnd {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly message?: string | undefined;
  readonly packages: readonly PackageEnd[];
}

/** Takes the end of an order that carried an installation. */
export class FinishInstall {
  readonly #db: ScopedDb<PatchTables>;
  readonly #installs: InstallStore;
  readonly #live: LiveHub;
  readonly #clock: Clock;

  constructor(deps: { db: ScopedDb; installs: InstallStore; live: LiveHub; clock: Clock }) {
    this.#db = deps.db.typed<PatchTables>();
    this.#installs = deps.installs;
    this.#live = deps.live;
    this.#clock = deps.clock;
  }

  /** Idempotent; other orders than installations are ignored. A success in which a package failed is a failure. */
  async run(scope: TenantScope, order: OrderEnd, within?: AnyTransaction): Promise<void> {
    await this.#db.transaction(
      scope,
      async (tx) => {
        const install = await this.#installs.openByOrder(tx, order.id);
        if (install === undefined) return;
        const hasFailed = order.packages.some((item) => item.outcome === 'failed' || item.outcome === 'not-found');
        const ended = INSTALL_STATES.find((known) => known === order.state) ?? 'failed';
        const state: InstallState = ended === 'succeeded' && hasFailed ? 'failed' : ended;
        await this.#installs.finish(tx, install.id, {
          state,
          message: order.message ?? null,
          packages: order.packages,
          at: this.#clock.now(),
        });
        this.#live.touch(tx, {
          clientId: install.clientId,
          topic: 'patch-install',
          id: install.assetId,
          version: 2,
          isForContacts: true,
        });
      },
      within,
    );
  }

  /** Ends what has waited longer than any order can. */
  async endLost(scope: TenantScope): Promise<void> {
    await this.#db.transaction(scope, async (tx) => {
      const at = this.#clock.now();
      for (const install of await this.#installs.openBefore(tx, at.subtract({ hours: LOST_AFTER_HOURS }))) {
        await this.#installs.finish(tx, install.id, {
          state: 'expired',
          message: 'No result came from the machine.',
          packages: [],
          at,
        });
        this.#live.touch(tx, {
          clientId: install.clientId,
          topic: 'patch-install',
          id: install.assetId,
          version: 2,
          isForContacts: true,
        });
      }
    });
  }
}
