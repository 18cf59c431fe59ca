import { CallFailed, type NormalRecord, type RefusedRecord, type StreamDescription } from '@bailiwick/plugin-runtime';
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

/** How a step ended: `!` where it delivered, but not all. */
interface Told {
  readonly mark: '✓' | '!' | '✗';
  readonly text: string;
}

const MAX_REASONS = 5;

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
      return good([account, ...warnings.map((warning) => `    ${warning}`)].join('\n'));
    } finally {
      trying.running?.();
    }
  });
  if (!isSignedIn) return false;
  const isFound = await step(trying, 'discover', async () => {
    const scopes = await rig.discovered();
    const rows = scopes.map(({ id, name, kind }): Row => ({ id: cellOf(id), name: cellOf(name), kind }));
    return good(`${count(scopes.length, 'scope')}${rows.length === 0 ? '' : `\n${table(rows, trying.width)}`}`);
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

async function readStream(rig: Rig, stream: StreamDescription, { width, signal }: Trying): Promise<Told> {
  const records: NormalRecord[] = [];
  const refused: RefusedRecord[] = [];
  let refusedCount = 0;
  rig.transport.sent.length = 0;
  const targets = (await rig.targets()).filter((target) => target.stream === stream);
  for (const target of targets) {
    const store = storeFor(target);
    const report = await rig.pass(target, store, { signal });
    records.push(...store.records());
    refused.push(...report.refused);
    refusedCount += report.refusedCount;
    if (report.failure !== null)
      throw new CallFailed(report.failure.failure, `${nameOf(target)}: ${report.failure.message}`);
  }
  const counts = [
    ...(refusedCount > 0 ? [`${refusedCount} refused`] : []),
    `${count(records.length, stream.entity)} in ${count(rig.transport.sent.length, 'request')}`,
  ];
  const rows = records.length === 0 ? [] : [table(records.map(rowOf), width)];
  const text = [counts.join(', '), ...refusalLines(refused, refusedCount), ...rows].join('\n');
  return { mark: refusedCount === 0 ? '✓' : records.length === 0 ? '✗' : '!', text };
}

/** Each reason once, with how many records of which scope it kept out, and one of them. */
function refusalLines(refused: readonly RefusedRecord[], refusedCount: number): string[] {
  const byReason = [...Map.groupBy(refused, ({ reason }) => reason)].slice(0, MAX_REASONS);
  const lines = byReason.map(([reason, alike]) => {
    const scopes = [...Map.groupBy(alike, ({ scope }) => scope)].slice(0, MAX_REASONS);
    const counts = scopes.map(([scope, { length }]) => `${length} of ${cellOf(scope)}`).join(', ');
    return `    refused ${counts}: ${cellOf(reason)} (such as ${cellOf(alike[0]?.id)})`;
  });
  const told = byReason.reduce((sum, [, { length }]) => sum + length, 0);
  return told === refusedCount ? lines : [...lines, `    … and ${refusedCount - told} more`];
}

function rowOf({ scope, id, data }: NormalRecord): Row {
  const cells = Object.entries(data).map(([key, value]) => [key, cellOf(value)] as const);
  return { scope: cellOf(scope), id: cellOf(id), ...Object.fromEntries(cells) };
}

async function step({ show }: Trying, name: string, work: () => Promise<Told>): Promise<boolean> {
  try {
    const { mark, text } = await work();
    show(`${mark} ${name.padEnd(12)} ${text}`);
    return mark !== '✗';
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    if (error.failure !== 'Aborted') show(`✗ ${name.padEnd(12)} ${error.failure}: ${error.message}`);
    return false;
  }
}

function good(text: string): Told {
  return { mark: '✓', text };
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
