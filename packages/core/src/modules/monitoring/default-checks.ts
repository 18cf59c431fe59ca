import { newId, type MspId } from '#kernel/id';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { CheckStore } from './check-store.ts';
import type { MonitoringTables } from './monitoring-table.ts';

/** What every MSP begins with. The recover thresholds leave room, so that a value that trembles at the threshold is one alert and not twenty. */
const DEFAULTS = [
  {
    name: 'File system nearly full',
    metric: 'filesystem.used_percent',
    threshold: 90,
    recover_threshold: 85,
    for_seconds: 600,
    severity: 'critical',
  },
  {
    name: 'Memory nearly used up',
    metric: 'memory.used_percent',
    threshold: 95,
    recover_threshold: 90,
    for_seconds: 600,
    severity: 'warning',
  },
  {
    name: 'Processors busy',
    metric: 'cpu.usage_percent',
    threshold: 95,
    recover_threshold: 85,
    for_seconds: 900,
    severity: 'warning',
  },
] as const;

/** Gives an MSP its first checks, once: one that was deleted does not come back. */
export async function ensureDefaultChecks(
  tx: ScopedTransaction<MonitoringTables>,
  store: CheckStore,
  now: Temporal.Instant,
): Promise<void> {
  const mspId: MspId = tx.scope.mspId;
  const isFirst = await tx.query
    .insertInto('monitoring_watch')
    .values({ msp_id: mspId, listening_since: now, last_sweep_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('msp_id')
    .executeTakeFirst();
  if (isFirst === undefined) return;
  const common = { msp_id: mspId, labels: '{}', comparison: 'above', is_enabled: true, created_at: now } as const;
  await store.insertMissing(tx, [
    ...DEFAULTS.map((check) => ({ ...common, ...check, id: newId<'check'>(), kind: 'threshold' as const })),
    {
      ...common,
      id: newId<'check'>(),
      name: 'Agent not reporting',
      kind: 'absence',
      metric: '',
      threshold: 0,
      recover_threshold: 0,
      for_seconds: 300,
      severity: 'critical',
    },
  ]);
}
