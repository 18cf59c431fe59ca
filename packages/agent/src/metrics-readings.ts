import type { MachineFiles } from './machine-files.ts';

/** Counters of one moment; rates come from two of them. */
export interface CpuTimes {
  readonly user: number;
  readonly system: number;
  readonly idle: number;
  readonly iowait: number;
  readonly steal: number;
}

export interface DiskCounters {
  readonly reads: number;
  readonly readBytes: number;
  readonly writes: number;
  readonly writtenBytes: number;
  readonly busyMs: number;
}

export interface NetworkCounters {
  readonly receivedBytes: number;
  readonly receivedPackets: number;
  readonly sentBytes: number;
  readonly sentPackets: number;
  readonly errors: number;
}

/** Sectors in /proc/diskstats are of 512 bytes whatever the disk has (Documentation/admin-guide/iostats.rst). */
const SECTOR_BYTES = 512;

/** The first line of /proc/stat. `guest` is within `user` already. */
export function readCpuTimes(files: MachineFiles): CpuTimes | undefined {
  const line = files.read('/proc/stat')?.split('\n')[0];
  const values = line?.startsWith('cpu ') === true ? line.trim().split(/\s+/).slice(1).map(Number) : [];
  const [user, nice, system, idle, iowait = 0, irq = 0, softirq = 0, steal = 0] = values;
  if (user === undefined || nice === undefined || system === undefined || idle === undefined) return undefined;
  return { user: user + nice, system: system + irq + softirq, idle, iowait, steal };
}

/** /proc/meminfo in bytes. */
export function readMemory(files: MachineFiles): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const line of (files.read('/proc/meminfo') ?? '').split('\n')) {
    const match = /^(\w+):\s+(\d+)(?: kB)?$/.exec(line);
    if (match?.[1] !== undefined) values.set(match[1], Number(match[2]) * 1024);
  }
  return values;
}

/** Whole disks of /proc/diskstats: not their partitions, whose work is in the disk's numbers too, nor what is made of memory or files. */
export function readDisks(files: MachineFiles): ReadonlyMap<string, DiskCounters> {
  const disks = new Map<string, DiskCounters>();
  for (const line of (files.read('/proc/diskstats') ?? '').split('\n')) {
    const [, , name, ...fields] = line.trim().split(/\s+/);
    if (name === undefined || !isWholeDisk(name)) continue;
    const [reads, , sectorsRead, , writes, , sectorsWritten, , , busyMs] = fields.map(Number);
    if (
      reads === undefined ||
      sectorsRead === undefined ||
      writes === undefined ||
      sectorsWritten === undefined ||
      busyMs === undefined
    )
      continue;
    disks.set(name, {
      reads,
      readBytes: sectorsRead * SECTOR_BYTES,
      writes,
      writtenBytes: sectorsWritten * SECTOR_BYTES,
      busyMs,
    });
  }
  return disks;
}

export function isWholeDisk(name: string): boolean {
  return /^(?:[shv]d[a-z]+|xvd[a-z]+|nvme\d+n\d+|mmcblk\d+|dasd[a-z]+)$/.test(name);
}

/** /proc/net/dev without loopback and the machine's ends of containers' cables. */
export function readNetwork(files: MachineFiles): ReadonlyMap<string, NetworkCounters> {
  const interfaces = new Map<string, NetworkCounters>();
  for (const line of (files.read('/proc/net/dev') ?? '').split('\n')) {
    const match = /^\s*([^:\s]+):\s*(.+)$/.exec(line);
    const name = match?.[1];
    if (name === undefined || name === 'lo' || name.startsWith('veth')) continue;
    const values = (match?.[2] ?? '').trim().split(/\s+/).map(Number);
    // Nothing ever passed: a placeholder of the kernel (ifb0, tunl0) or an unused port.
    if (values.length < 12 || values.every((value) => value === 0)) continue;
    const at = (index: number): number => values[index] ?? 0;
    interfaces.set(name, {
      receivedBytes: at(0),
      receivedPackets: at(1),
      sentBytes: at(8),
      sentPackets: at(9),
      errors: at(2) + at(3) + at(10) + at(11),
    });
  }
  return interfaces;
}
