import type { PassReport } from '@bailiwick/plugin-runtime';
import type { Bench } from '../bench.ts';
import { appliesIf, expect, some, type CheckGroup } from '../check.ts';
import { tell } from '../failures.ts';
import { answerAll, fromRequest } from '../faults.ts';
import type { MemoryStore } from '../memory-store.ts';
import { nameOf, storeFor, type Rig, type Target } from '../rig.ts';

/** Runs the work for each stream and scope, on rigs of their own. */
export async function eachTarget(bench: Bench, work: (rig: Rig, target: Target) => Promise<void>): Promise<number> {
  let count = 0;
  for (const rig of await bench.rigs()) {
    for (const target of await rig.targets()) {
      count += 1;
      await work(rig, target);
    }
  }
  appliesIf(count > 0, 'There are no streams.');
  return count;
}

/** @throws CheckFailed where the pass did not end well */
export function expectComplete(target: Target, { end, failure }: PassReport): void {
  const why = failure === null ? `it ended with "${end}"` : tell(failure);
  expect(end === 'complete', `${nameOf(target)}: ${why}`);
}

/** A pass to its end, into a store of its own. */
export async function wholePass(rig: Rig, target: Target): Promise<{ store: MemoryStore; report: PassReport }> {
  const store = storeFor(target);
  const report = await rig.pass(target, store);
  expectComplete(target, report);
  return { store, report };
}

/** All that reads, once; how it ends is for other checks. */
export async function readAll(rig: Rig): Promise<void> {
  await rig.check().catch(() => {});
  for (const target of await rig.targets()) await rig.pass(target, storeFor(target));
}

/** Reading, again and again, with interruptions. */
export const syncChecks: CheckGroup = {
  name: 'Streams',
  checks: [
    {
      name: 'streams-read',
      tier: 'bronze',
      promise: 'Each stream reads to its end, and every record is right in every field.',
      async run(bench) {
        const delivered = new Map<string, number>();
        await eachTarget(bench, async (rig, target) => {
          const { store, report } = await wholePass(rig, target);
          const refused = report.refused.map(({ id, reason }) => `${id}: ${reason}`);
          expect(report.refusedCount === 0, `${nameOf(target)}: ${report.refusedCount} refused: ${some(refused)}`);
          const { name } = target.stream;
          delivered.set(name, (delivered.get(name) ?? 0) + store.records().length);
        });
        const empty = [...delivered].filter(([, count]) => count === 0).map(([name]) => name);
        expect(empty.length === 0, `No record came from ${some(empty)}: give the fixtures some.`);
        return [...delivered].map(([name, count]) => `${name} ${count}`).join(', ');
      },
    },
    {
      name: 'second-run-writes-nothing',
      tier: 'bronze',
      promise: 'A second run over the same data adds, changes and deletes nothing.',
      async run(bench) {
        await eachTarget(bench, async (rig, target) => {
          const { store } = await wholePass(rig, target);
          const again = await rig.pass(target, store);
          expectComplete(target, again);
          const { added, changed, deleted } = again;
          const isQuiet = added === 0 && changed === 0 && deleted === 0;
          expect(isQuiet, `${nameOf(target)}: the second run added ${added}, changed ${changed}, deleted ${deleted}.`);
        });
      },
    },
    {
      name: 'resume-after-kill',
      tier: 'bronze',
      promise: 'Stopped after any batch and started again, a stream comes to the same end.',
      async run(bench) {
        await eachTarget(bench, async (rig, target) => {
          const { store: whole, report } = await wholePass(rig, target);
          const isLost = target.stream.mode !== 'full' && !whole.hasCursor;
          expect(!isLost, `${nameOf(target)} is ${target.stream.mode} and never named a cursor: each run starts anew.`);
          for (let stop = 1; stop <= Math.min(report.batches, 8); stop += 1) {
            const store = storeFor(target);
            await rig.pass(target, store, { budget: { batches: stop } });
            expectComplete(target, await rig.pass(target, store));
            const isSame = store.fingerprint() === whole.fingerprint();
            const counts = `${store.records().length} records instead of ${whole.records().length}`;
            expect(isSame, `${nameOf(target)}: stopped after batch ${stop}, it ended with ${counts}.`);
          }
        });
      },
    },
    {
      name: 'failed-page-deletes-nothing',
      tier: 'bronze',
      promise: 'Where a request in the middle fails, the pass fails too, and nothing is deleted.',
      async run(bench) {
        await eachTarget(bench, failAtEachRequest);
      },
    },
    {
      name: 'corrupt-cursor',
      tier: 'gold',
      promise: 'A cursor that makes no sense ends as a typed error or starts anew, not as a bug.',
      async run(bench) {
        let count = 0;
        await eachTarget(bench, async (rig, target) => {
          const { store } = await wholePass(rig, target);
          if (store.cursor === undefined) return;
          count += 1;
          store.setCursor({ nothing: ['that', 'makes', 'sense'] });
          const { failure } = await rig.pass(target, store);
          const isBug = failure?.failure === 'PluginBug' || failure?.failure === 'TimedOut';
          expect(!isBug, `${nameOf(target)}: ${failure === null ? '' : tell(failure)}`);
        });
        appliesIf(count > 0, 'No stream keeps a cursor.');
      },
    },
  ],
};

/** How many requests a whole pass sends, without signing in. */
async function requestsOf(rig: Rig, target: Target, store: MemoryStore): Promise<number> {
  rig.transport.sent.length = 0;
  expectComplete(target, await rig.pass(target, store));
  return rig.transport.sent.filter(({ isSignIn }) => !isSignIn).length;
}

/** Lets each of the first requests fail, one pass after another. */
async function failAtEachRequest(rig: Rig, target: Target): Promise<void> {
  const { store } = await wholePass(rig, target);
  const before = store.fingerprint();
  const first = await requestsOf(rig, target, storeFor(target));
  // A stream with a cursor asks less the second time; its later pages are those of a first pass.
  const next = await requestsOf(rig, target, store);
  for (let at = 1; at <= Math.min(first, 6); at += 1) {
    rig.transport.breakBy(fromRequest(at, answerAll({ status: 500, text: 'down' })));
    const report = await rig.pass(target, at <= next ? store : storeFor(target));
    rig.transport.breakBy();
    const what = `${nameOf(target)}: request ${at} of ${first} failed,`;
    expect(report.end === 'failed', `${what} and the pass ended as if all was read.`);
    expect(report.deleted === 0, `${what} and ${report.deleted} records were deleted.`);
    expect(report.failure?.failure === 'Transient', `${what} and the pass with ${report.failure?.failure ?? ''}.`);
  }
  expectComplete(target, await rig.pass(target, store));
  expect(store.fingerprint() === before, `${nameOf(target)}: after failures, the records are not what they were.`);
}
