import { readFileSync } from 'node:fs';
import { descendants } from '../support/server-process.ts';

/** What a process and those that it started have used so far, and hold now. */
export interface ProcessCost {
  readonly cpuSeconds: number;
  /** Memory in MiB, what several processes share counted once. */
  readonly memoryMib: number;
}

/** As Linux has it on every architecture of ours. */
const TICKS_PER_SECOND = 100;

/** Measures by `/proc`, so on Linux only. A child that ended meanwhile is counted where its parent has waited for it. */
export async function processCost(pid: number): Promise<ProcessCost> {
  const children = await descendants(pid);
  let ticks = cpuTicks(pid, true);
  let kib = memoryKib(pid);
  for (const child of children) {
    ticks += cpuTicks(child, false);
    kib += memoryKib(child);
  }
  return { cpuSeconds: ticks / TICKS_PER_SECOND, memoryMib: kib / 1024 };
}

function cpuTicks(pid: number, withEndedChildren: boolean): number {
  const stat = readProc(pid, 'stat');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // From the state on: utime, stime, and both of the children that were waited for.
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15).map(Number);
  return user + system + (withEndedChildren ? endedUser + endedSystem : 0);
}

function memoryKib(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB/m.exec(readProc(pid, 'smaps_rollup'))?.[1] ?? 0);
}

/** Empty for a process that has just ended. */
function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
