import { CallFailed, type NormalRecord, type StreamDescription } from '@bailiwick/plugin-runtime';
import type { Bench } from '../acceptance/bench.ts';
import { nameOf, storeFor, type Rig } from '../acceptance/rig.ts';
import { cellOf, table, type Row } from './table.ts';

/** How a run is shown and ended. */
export interface Trying {
  readonly show: (line: string) => void;
  /** Columns of the terminal. */
  readonly width: number;
  readonly signal: AbortSignal;
  /** The plugin's code has run for the first time. */
  readonly running?: () => void;
}

/**
 * Runs a plugin as far as it comes, check → discover → streams, and shows what it delivers. A failure is shown too; it ends the connection that it
 * happened on, where nothing after it could succeed.
 *
 * @returns whether all of it succeeded
 */
export async function tryPlugin(bench: Bench, trying: Trying): Promise<boolean> {
  let isGood = true;
  for (const rig of await bench.rigs()) {
    if (bench.fixtures.connections.length > 1) trying.show(rig.type.label);
    isGood = (await tryConnection(rig, trying)) && isGood;
  }
  return isGood;
}

async function tryConnection(rig: Rig, trying: Trying): Promise<boolean> {
  const { show, signal } = trying;
  const isSignedIn = await step(trying, 'check', async () => {
    try {
      const { account, warnings = [] } = await rig.check({ signal });
      return [account, ...warnings.map((warning) => `    ${warning}`)].join('\n');
    } finally {
      trying.running?.();
    }
  });
  if (!isSignedIn) return false;
  const isFound = await step(trying, 'discover', async () => {
    const scopes = await rig.discovered();
    const rows = scopes.map(({ id, name, kind }): Row => ({ id: cellOf(id), name: cellOf(name), kind }));
    return `${count(scopes.length, 'scope')}${rows.length === 0 ? '' : `\n${table(rows, trying.width)}`}`;
  });
  if (!isFound) return false;
  let isGood = true;
  for (const stream of rig.streams) {
    if (signal.aborted) return false;
    isGood = (await step(trying, stream.name, () => readStream(rig, stream, trying))) && isGood;
  }
  for (const { title, remedy } of rig.issues)
    show(`  ! ${cellOf(title)}${remedy === undefined ? '' : ` ${cellOf(remedy)}`}`);
  return isGood;
}

async function readStream(rig: Rig, stream: StreamDescription, { width, signal }: Trying): Promise<string> {
  const records: NormalRecord[] = [];
  const refused: string[] = [];
  rig.transport.sent.length = 0;
  const targets = (await rig.targets()).filter((target) => target.stream === stream);
  for (const target of targets) {
    const store = storeFor(target);
    const report = await rig.pass(target, store, { signal });
    records.push(...store.records());
    refused.push(...report.refused.map(({ id, reason }) => `    refused ${cellOf(id)}: ${reason}`));
    if (report.failure !== null)
      throw new CallFailed(report.failure.failure, `${nameOf(target)}: ${report.failure.message}`);
  }
  const told = `${count(records.length, stream.entity)} in ${count(rig.transport.sent.length, 'request')}`;
  return [told, ...refused.slice(0, 5), ...(records.length === 0 ? [] : [table(records.map(rowOf), width)])].join('\n');
}

function rowOf({ scope, id, data }: NormalRecord): Row {
  const cells = Object.entries(data).map(([key, value]) => [key, cellOf(value)] as const);
  return { scope: cellOf(scope), id: cellOf(id), ...Object.fromEntries(cells) };
}

async function step({ show }: Trying, name: string, work: () => Promise<string>): Promise<boolean> {
  try {
    show(`✓ ${name.padEnd(12)} ${await work()}`);
    return true;
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    if (error.failure !== 'Aborted') show(`✗ ${name.padEnd(12)} ${error.failure}: ${error.message}`);
    return false;
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
