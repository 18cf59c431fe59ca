import { buildMsp, staffScope, systemScope, type TestApp } from './test-app.ts';
import type { ClientId, MspId } from '../../packages/core/src/kernel/id.ts';
import { CreateAsset } from '../../packages/core/src/modules/assets/create-asset.ts';
import type { AssetId } from '../../packages/core/src/modules/assets/asset-table.ts';
import { AppendSamples } from '../../packages/core/src/modules/monitoring/append-samples.ts';
import { MetricQueries } from '../../packages/core/src/modules/monitoring/metric-queries.ts';
import type { Report } from '../../packages/core/src/modules/monitoring/sample-store.ts';
import { AlertQueries } from '../../packages/core/src/modules/alerts/alert-queries.ts';

export const CPU = 'cpu.usage_percent';
export const DISK = 'filesystem.used_percent{mount="/"}';

/** A machine of a client, as monitoring knows it. */
export interface Machine {
  readonly mspId: MspId;
  readonly clientId: ClientId;
  readonly assetId: AssetId;
  readonly epoch: string;
}

/** What tests of monitoring do with machines. */
export function machinesOf(app: TestApp) {
  return {
    /** An MSP with one client with one server. */
    async machine(): Promise<Machine> {
      const { mspId, clientIds } = await buildMsp(app);
      const [clientId] = clientIds;
      if (clientId === undefined) throw new Error('one client was made');
      const { assetId } = await app.container
        .resolve(CreateAsset)
        .run(systemScope(mspId), { clientId, name: 'server-1', kind: 'server', facts: {} });
      return { mspId, clientId, assetId, epoch: crypto.randomUUID() };
    },
    /** Reports each half minute, ending now. */
    reports(count: number, value: (index: number) => number, series = CPU): Report[] {
      const end = app.clock.now();
      return Array.from({ length: count }, (_, index) => ({
        sequence: index + 1,
        at: end.subtract({ seconds: (count - 1 - index) * 30 }),
        series: [series],
        values: [value(index)],
      }));
    },
    append: (m: Machine, list: readonly Report[]) =>
      app.container.resolve(AppendSamples).run(systemScope(m.mspId), { ...m, reports: list }),
    read: (m: Machine, hours: number, series = CPU) =>
      app.container.resolve(MetricQueries).range(staffScope(m.mspId), {
        assetId: m.assetId,
        series: [series],
        from: app.clock.now().subtract({ hours }),
        to: app.clock.now().add({ seconds: 1 }),
      }),
    activeAlerts: async (m: Machine) =>
      (await app.container.resolve(AlertQueries).list(staffScope(m.mspId), { limit: 50, states: ['active'] })).items,
  };
}
