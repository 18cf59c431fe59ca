import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import { defineJob } from '#platform/jobs/job-queue';
import type { PackageStore } from './package-store.ts';
import type { PluginPackages } from './plugin-packages.ts';
import type { PluginTables } from './plugin-table.ts';

/** Clears away packed plugins that were looked at and not installed. */
export const sweepPackages = defineJob({ name: 'plugins.sweep-packages', payload: z.object({}), cron: '17 3 * * *' });

/** How long somebody may think about a plugin. */
const KEPT_HOURS = 7 * 24;

/** Removes packages that no version uses. */
export class SweepPackages {
  readonly #db: ScopedDb<PluginTables>;
  readonly #deps: { store: PackageStore; packages: PluginPackages; clock: Clock };

  constructor(deps: { db: ScopedDb; store: PackageStore; packages: PluginPackages; clock: Clock }) {
    this.#db = deps.db.typed<PluginTables>();
    this.#deps = deps;
  }

  async run(scope: TenantScope): Promise<void> {
    const { store, packages, clock } = this.#deps;
    await this.#db.transaction(scope, async (tx) => {
      const receivedBefore = clock.now().subtract({ hours: KEPT_HOURS });
      packages.removeFiles(tx, await store.removeUnused(tx, { receivedBefore }));
    });
  }
}
