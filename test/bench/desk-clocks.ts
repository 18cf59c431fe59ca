import { makeContainer } from '../../packages/core/src/composition/container.ts';
import { newId, type MspId } from '../../packages/core/src/kernel/id.ts';
import { makeTenantScope } from '../../packages/core/src/kernel/tenant-scope.ts';
import { MakeDefaultSla } from '../../packages/core/src/modules/sla/make-default-sla.ts';
import { FollowSla, followSla } from '../../packages/core/src/modules/tickets/follow-sla.ts';
import { openPool } from '../../packages/core/src/platform/db/pool.ts';
import type { JobQueue } from '../../packages/core/src/platform/jobs/job-queue.ts';
import { readSettings } from '../../packages/core/src/platform/settings.ts';
import type { BenchDatabase } from './bench-database.ts';

/** The same in each run, so that a filled database can be used again. */
export const BENCH_SECRET_KEY = `${'A'.repeat(43)}=`;

/** Gives open tickets the clocks of the policy that a new desk has, as the product does it. */
export async function startClocks(database: BenchDatabase, mspId: MspId): Promise<void> {
  const pool = openPool(database.urls.app, { max: 2 });
  try {
    // Batches follow one another here by hand.
    let next: string | null = null;
    const jobs = {
      subscribe: () => '',
      publish: async () => {},
      publishAll: async () => {},
      send: async (_tx: unknown, job: { name: string }, payload: { after?: string | null }) => {
        if (job.name === followSla.name) next = payload.after ?? null;
      },
    } as unknown as JobQueue;
    const settings = readSettings({
      BAILIWICK_DATA_DIR: database.dataDir,
      BAILIWICK_SECRET_KEY: BENCH_SECRET_KEY,
    });
    const container = await makeContainer({ pool, jobs, settings, authUrl: database.urls.auth });
    const scope = makeTenantScope({
      mspId,
      reach: { kind: 'all' },
      audience: 'system',
      actor: { kind: 'command-line', id: newId(), label: 'bench' },
      permissions: new Set(),
      requestId: newId(),
    });
    await container.resolve(MakeDefaultSla).run(scope, { zone: 'Europe/London' });
    for (let after: string | null | undefined; after !== null; after = next) {
      next = null;
      await container.resolve(FollowSla).run(scope, { after: (after ?? null) as never });
    }
  } finally {
    await pool.end();
  }
}
