import { formatSeries, LIMITS, type MetricName, type MetricSamples } from '@bailiwick/agent-protocol';
import type { MachineFiles } from './machine-files.ts';
import {
  readCpuTimes,
  readDisks,
  readMemory,
  readNetwork,
  type CpuTimes,
  type DiskCounters,
  type NetworkCounters,
} from './metrics-readings.ts';
import { localMounts } from './mounts.ts';

interface Counters {
  /** Of a clock that never jumps, for the time between two readings. */
  readonly atMs: number;
  readonly cpu: CpuTimes | undefined;
  readonly disks: ReadonlyMap<string, DiskCounters>;
  readonly network: ReadonlyMap<string, NetworkCounters>;
}

type Emit = (name: MetricName, value: number | undefined, labels?: Readonly<Record<string, string>>) => void;

/** Reads this machine's metrics. The first reading has no rates: they are means since the reading before. */
export class MetricsCollector {
  readonly #files: MachineFiles;
  readonly #monotonicMs: () => number;
  #before: Counters | undefined;

  constructor(files: MachineFiles, monotonicMs: () => number = () => performance.now()) {
    this.#files = files;
    this.#monotonicMs = monotonicMs;
  }

  collect(agent: { spoolBytes: number; memoryBytes: number }): MetricSamples {
    const series: string[] = [];
    const values: number[] = [];
    const emit: Emit = (name, value, labels = {}) => {
      if (value === undefined || !Number.isFinite(value) || series.length >= LIMITS.samplesPerEntry) return;
      series.push(formatSeries(name, labels));
      // Three decimals are finer than any of these is known, and half the bytes.
      values.push(Math.round(value * 1000) / 1000);
    };
    const counters: Counters = {
      atMs: this.#monotonicMs(),
      cpu: readCpuTimes(this.#files),
      disks: readDisks(this.#files),
      network: readNetwork(this.#files),
    };
    if (this.#before !== undefined) emitRates(emit, this.#before, counters);
    this.#before = counters;
    this.#emitMemory(emit);
    this.#emitFilesystems(emit);
    this.#emitSystem(emit);
    emit('agent.spool_bytes', agent.spoolBytes);
    emit('agent.memory_bytes', agent.memoryBytes);
    return { series, values };
  }

  #emitMemory(emit: Emit): void {
    const memory = readMemory(this.#files);
    const total = memory.get('MemTotal');
    // MemAvailable came with Linux 3.14; free, buffers and cached are the estimate before it.
    const available =
      memory.get('MemAvailable') ??
      (memory.get('MemFree') ?? 0) + (memory.get('Buffers') ?? 0) + (memory.get('Cached') ?? 0);
    if (total !== undefined && total > 0) {
      emit('memory.total_bytes', total);
      emit('memory.available_bytes', available);
      emit('memory.used_bytes', total - available);
      emit('memory.used_percent', (100 * (total - available)) / total);
    }
    const swap = memory.get('SwapTotal');
    emit('swap.total_bytes', swap);
    if (swap !== undefined) emit('swap.used_bytes', swap - (memory.get('SwapFree') ?? swap));
  }

  #emitFilesystems(emit: Emit): void {
    for (const { mount } of localMounts(this.#files)) {
      const space = this.#files.space(mount);
      if (space === undefined || space.sizeBytes === 0 || mount.length > 200) continue;
      const labels = { mount };
      emit('filesystem.size_bytes', space.sizeBytes, labels);
      emit('filesystem.used_bytes', space.usedBytes, labels);
      emit('filesystem.available_bytes', space.availableBytes, labels);
      emit('filesystem.used_percent', (100 * space.usedBytes) / (space.usedBytes + space.availableBytes), labels);
      if (space.inodes > 0)
        emit('filesystem.inodes_used_percent', (100 * (space.inodes - space.freeInodes)) / space.inodes, labels);
    }
  }

  #emitSystem(emit: Emit): void {
    const load = this.#files.read('/proc/loadavg')?.trim().split(/\s+/) ?? [];
    const [one, five, fifteen] = load.map(Number);
    emit('load.average_1m', one);
    emit('load.average_5m', five);
    emit('load.average_15m', fifteen);
    const processes = this.#files.list('/proc').filter((name) => /^\d+$/.test(name)).length;
    if (processes > 0) emit('process.count', processes);
    const uptime = this.#files.read('/proc/uptime')?.split(' ')[0];
    emit('system.uptime_seconds', uptime === undefined ? undefined : Number(uptime));
  }
}

function emitRates(emit: Emit, before: Counters, now: Counters): void {
  const seconds = (now.atMs - before.atMs) / 1000;
  if (seconds <= 0) return;
  if (before.cpu !== undefined && now.cpu !== undefined) emitCpu(emit, before.cpu, now.cpu);
  // A counter that went back was reset (a disk came anew, the driver reloaded): no rate can be told.
  const rate = (first: number, second: number): number | undefined =>
    second >= first ? (second - first) / seconds : undefined;
  for (const [device, disk] of now.disks) {
    const past = before.disks.get(device);
    if (past === undefined) continue;
    const labels = { device };
    emit('disk.read_bytes_per_second', rate(past.readBytes, disk.readBytes), labels);
    emit('disk.written_bytes_per_second', rate(past.writtenBytes, disk.writtenBytes), labels);
    emit('disk.read_operations_per_second', rate(past.reads, disk.reads), labels);
    emit('disk.write_operations_per_second', rate(past.writes, disk.writes), labels);
    const busy = rate(past.busyMs, disk.busyMs);
    emit('disk.busy_percent', busy === undefined ? undefined : Math.min(100, busy / 10), labels);
  }
  for (const [name, network] of now.network) {
    const past = before.network.get(name);
    if (past === undefined) continue;
    const labels = { interface: name };
    emit('network.received_bytes_per_second', rate(past.receivedBytes, network.receivedBytes), labels);
    emit('network.sent_bytes_per_second', rate(past.sentBytes, network.sentBytes), labels);
    emit('network.received_packets_per_second', rate(past.receivedPackets, network.receivedPackets), labels);
    emit('network.sent_packets_per_second', rate(past.sentPackets, network.sentPackets), labels);
    emit('network.errors_per_second', rate(past.errors, network.errors), labels);
  }
}

function emitCpu(emit: Emit, before: CpuTimes, now: CpuTimes): void {
  const user = now.user - before.user;
  const system = now.system - before.system;
  // The kernel's idle and iowait may go back a little (Documentation/filesystems/proc.rst).
  const idle = Math.max(0, now.idle - before.idle);
  const iowait = Math.max(0, now.iowait - before.iowait);
  const steal = Math.max(0, now.steal - before.steal);
  const total = user + system + idle + iowait + steal;
  if (total <= 0 || user < 0 || system < 0) return;
  const percent = (part: number): number => (100 * part) / total;
  emit('cpu.usage_percent', percent(user + system + steal));
  emit('cpu.user_percent', percent(user));
  emit('cpu.system_percent', percent(system));
  emit('cpu.iowait_percent', percent(iowait));
  emit('cpu.steal_percent', percent(steal));
}
