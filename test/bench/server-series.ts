/** The series that our own agent reports of a server with three file systems, two disks and two network interfaces: 43 of them. */
export const SERVER_SERIES: readonly string[] = [
  'cpu.usage_percent',
  'cpu.user_percent',
  'cpu.system_percent',
  'cpu.iowait_percent',
  'cpu.steal_percent',
  'load.average_1m',
  'load.average_5m',
  'load.average_15m',
  'memory.total_bytes',
  'memory.used_bytes',
  'memory.available_bytes',
  'memory.used_percent',
  'swap.total_bytes',
  'swap.used_bytes',
  ...['/', '/boot', '/var'].flatMap((mount) =>
    ['size_bytes', 'used_bytes', 'available_bytes', 'used_percent', 'inodes_used_percent'].map(
      (name) => `filesystem.${name}{mount="${mount}"}`,
    ),
  ),
  ...['sda', 'sdb'].flatMap((device) =>
    ['read_bytes_per_second', 'written_bytes_per_second', 'busy_percent'].map(
      (name) => `disk.${name}{device="${device}"}`,
    ),
  ),
  ...['eth0', 'eth1'].flatMap((name) =>
    ['received_bytes_per_second', 'sent_bytes_per_second'].map((metric) => `network.${metric}{interface="${name}"}`),
  ),
  'process.count',
  'system.uptime_seconds',
  'agent.spool_bytes',
  'agent.memory_bytes',
];

/** Values such as a healthy server reports: most change a little, some never. `turn` is the report's number. */
export function serverValues(turn: number): number[] {
  return SERVER_SERIES.map((name, index) => {
    if (name.includes('total') || name.includes('size')) return 8_589_934_592 + index;
    const wave = 20 + 15 * Math.sin(turn / 9 + index);
    return name.includes('bytes') ? Math.round(wave * 1_000_000) : Math.round(wave * 100) / 100;
  });
}
