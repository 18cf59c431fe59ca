import { CallFailed } from '@bailiwick/plugin-runtime';
import type { Json } from '@bailiwick/sdk';
import type { Bench } from '../bench.ts';
import { CheckFailed, appliesIf, expect, type CheckGroup } from '../check.ts';
import { tell } from '../failures.ts';
import { changeJson } from '../faults.ts';
import { nameOf, storeFor, type Rig, type Target } from '../rig.ts';

const RECORDS = 100_000;
/** Enough for a page, not for all records: one that keeps what it has read does not fit. */
const HEAP_MEGABYTES = 24;
/** So many are read however slow this machine is just now: fewer show no growth. */
const LEAST_RECORDS = 5000;
/** A slow vendor's fixtures are not waited for beyond it; what was reached is told. */
const LONGEST_MS = 2000;
/** How much longer it takes at most until the least are read. */
const PATIENCE = 4;
/** Where the lists cannot be made long: reading the same few again and again shows less, so less time is spent on it. */
const SHORT_MS = 500;
const PAGE = 500;

/** Makes the outermost lists of an answer long, each member with an id of its own. */
function lengthen(json: Json): Json {
  if (Array.isArray(json)) {
    const objects = json.filter((member: Json) => typeof member === 'object' && member !== null);
    if (objects.length === 0 || objects.length !== json.length) return json;
    return Array.from({ length: PAGE }, (_, index) => renumber(objects[index % objects.length] as Json, index));
  }
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, lengthen(value as Json)]));
}

function renumber(member: Json, index: number): Json {
  if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
  return Object.fromEntries(
    Object.entries(member).map(([key, value]) => {
      if (!/^id$|_id$|Id$|^uuid$|^fingerprint$/.test(key)) return [key, value as Json];
      if (typeof value === 'number') return [key, value + index * 1_000_000];
      return [key, typeof value === 'string' ? `${value}-${index}` : (value as Json)];
    }),
  );
}

/** Reads without keeping, until there were enough records. */
async function pullMany(rig: Rig, target: Target, plugin: Bench['running'], isLong: boolean): Promise<number> {
  const { stream, scope } = target;
  const startMs = performance.now();
  const shareMs = (isLong ? LONGEST_MS : SHORT_MS) / rig.streams.length;
  let count = 0;
  let isLengthened = false;
  const isOver = (): boolean => {
    const ms = performance.now() - startMs;
    const least = isLengthened ? LEAST_RECORDS : 0;
    return count >= RECORDS || ms > shareMs * PATIENCE || (ms > shareMs && count >= least);
  };
  while (!isOver()) {
    const options = rig.options(`stream ${stream.name}`, scope);
    const before = count;
    for await (const batch of plugin.pull({ kind: 'read', name: stream.name, cursor: undefined }, options)) {
      const upserts = upsertsOf(batch);
      count += upserts;
      isLengthened ||= upserts >= PAGE / 2;
      if (isOver()) break;
    }
    if (count === before) return count;
  }
  return count;
}

function upsertsOf(batch: unknown): number {
  const { upserts } = (batch ?? {}) as { upserts?: unknown };
  return Array.isArray(upserts) ? upserts.length : 0;
}

/** How it behaves where there is much of everything, or nothing comes. */
export const loadChecks: CheckGroup = {
  name: 'Load',
  checks: [
    {
      name: 'memory-bounded',
      tier: 'silver',
      promise: 'Reading 100,000 records takes no more memory than reading a page.',
      async run(bench) {
        const plugin = bench.start({ heapMegabytes: HEAP_MEGABYTES });
        const counts = [];
        for (const rig of await bench.rigs(plugin)) {
          const targets = await rig.targets();
          for (const stream of rig.streams) {
            const target = targets.find((one) => one.stream === stream);
            if (target === undefined) continue;
            counts.push(`${stream.name} ${await readMany(rig, target, plugin)}`);
          }
        }
        await plugin.stop();
        appliesIf(counts.length > 0, 'There are no streams.');
        return `${counts.join(', ')} records within ${HEAP_MEGABYTES} MB`;
      },
    },
    {
      name: 'stops-when-told',
      tier: 'gold',
      promise: 'A pass that is called off while the vendor is silent ends within a second.',
      async run(bench) {
        for (const rig of await bench.rigs()) {
          const [target] = await rig.targets();
          appliesIf(target !== undefined, 'There are no streams.');
          rig.transport.breakBy((_request, _next, signal) => silence(signal));
          const startMs = performance.now();
          await rig.pass(target, storeFor(target), { signal: AbortSignal.timeout(50) });
          const ms = Math.round(performance.now() - startMs);
          expect(ms < 1050, `${nameOf(target)} ended ${ms} ms after it was called off.`);
          rig.transport.breakBy();
        }
      },
    },
  ],
};

/** With long lists where the plugin can read them; as they are where it asks for each member by its id. */
async function readMany(rig: Rig, target: Target, plugin: Bench['running']): Promise<number> {
  for (const isLong of [true, false]) {
    rig.transport.breakBy(...(isLong ? [changeJson(lengthen)] : []));
    try {
      return await pullMany(rig, target, plugin, isLong);
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      // A process without memory ends as a bug of the plugin's; so does a plugin that cannot read the lengthened lists, and that one has another try.
      const isMemory = ['SandboxViolation', 'TimedOut'].includes(error.failure) || /\bmemory\b/.test(error.message);
      if (isMemory || !isLong) throw new CheckFailed(`${nameOf(target)}: ${tell(error)}`);
    } finally {
      rig.transport.breakBy();
    }
  }
  return 0;
}

async function silence(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}
