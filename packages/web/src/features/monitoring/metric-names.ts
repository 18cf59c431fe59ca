/** Metrics that a check is usually about; those of the agent protocol that tell of trouble. */
export const METRICS = [
  'filesystem.used_percent',
  'filesystem.available_bytes',
  'filesystem.inodes_used_percent',
  'memory.used_percent',
  'memory.available_bytes',
  'swap.used_bytes',
  'cpu.usage_percent',
  'cpu.iowait_percent',
  'cpu.steal_percent',
  'load.average_15m',
  'disk.busy_percent',
  'network.errors_per_second',
  'process.count',
  'agent.spool_bytes',
  'agent.memory_bytes',
] as const;
