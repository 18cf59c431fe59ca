import { CallFailed } from '@bailiwick/plugin-runtime';
import { appliesIf, expect, some, type CheckGroup } from '../check.ts';
import { isTyped, tell } from '../failures.ts';
import { answerRequests, changeJson, fromRequest, mapJson } from '../faults.ts';
import type { Bench } from '../bench.ts';
import { nameOf, storeFor, type Rig, type Target } from '../rig.ts';

const noScopes = 'The account is one scope.';

/** A stream that runs for each scope, with two of them. */
async function pairsOf(rig: Rig): Promise<readonly (readonly [Target, Target])[]> {
  const targets = await rig.targets();
  const scoped = rig.streams.filter(({ grain }) => grain === 'scope');
  return scoped.flatMap((stream) => {
    const [first, second] = targets.filter((target) => target.stream === stream);
    return first === undefined || second === undefined ? [] : [[first, second] as const];
  });
}

/** What a target delivers when nothing else runs. */
async function alone(rig: Rig, target: Target): Promise<string> {
  const store = storeFor(target);
  await rig.pass(target, store);
  return store.fingerprint();
}

/** Discovery, and that what belongs to one client never shows up at another. */
export const scopeChecks: CheckGroup = {
  name: 'Scopes',
  checks: [
    {
      name: 'discovery-repeats',
      tier: 'bronze',
      promise: 'Discovering twice gives the same scopes.',
      async run(bench) {
        const rigs = await bench.rigs();
        appliesIf(
          rigs.some(({ type }) => type.discoversScopes),
          noScopes,
        );
        const counts = [];
        for (const rig of rigs) {
          const [first, second] = [await rig.discover(), await rig.discover()];
          expect(first.length > 0, 'No scope was discovered: the fixtures should have two or more.');
          expect(JSON.stringify(first) === JSON.stringify(second), 'The second discovery differs from the first.');
          counts.push(first.length);
        }
        return `${counts.join(', ')} scopes`;
      },
    },
    {
      name: 'empty-discovery-refused',
      tier: 'silver',
      promise: 'A vendor that suddenly lists nothing makes no scope vanish, and nothing up.',
      async run(bench) {
        const rigs = (await bench.rigs()).filter(({ type }) => type.discoversScopes);
        appliesIf(rigs.length > 0, noScopes);
        for (const rig of rigs) {
          const before = await rig.discover();
          rig.transport.breakBy(changeJson((json) => mapJson(json, (value) => (Array.isArray(value) ? [] : value))));
          const after = await rig.discover().catch((error: unknown) => error);
          if (after instanceof CallFailed) {
            expect(isTyped(after), `Empty lists end discovery with ${tell(after)}`);
          } else {
            const kept = Array.isArray(after) ? (after as typeof before) : [];
            const invented = kept.filter(({ id }) => !before.some((scope) => scope.id === id));
            expect(invented.length === 0, `Out of empty lists came ${some(invented.map(({ id }) => id))}.`);
          }
        }
      },
    },
    {
      name: 'scopes-never-mix',
      tier: 'bronze',
      promise: 'Two scopes give the same records one after the other, in turns, and after a failure in between.',
      async run(bench) {
        let count = 0;
        for (const rig of await bench.rigs()) {
          for (const pair of await pairsOf(rig)) {
            count += 1;
            await neverMix(bench, rig, pair);
          }
        }
        appliesIf(count > 0, 'No stream runs for two scopes.');
      },
    },
  ],
};

/** What a target delivers in a process that has never seen another scope: what stands at the top of a module cannot be seen from inside one process. */
async function aloneInProcess(bench: Bench, { fixture }: Rig, target: Target): Promise<string> {
  const plugin = bench.start();
  try {
    return await alone(await bench.rig(fixture, plugin), target);
  } finally {
    await plugin.stop();
  }
}

async function neverMix(bench: Bench, rig: Rig, [a, b]: readonly [Target, Target]): Promise<void> {
  const [onlyA, onlyB] = await Promise.all([aloneInProcess(bench, rig, a), aloneInProcess(bench, rig, b)]);
  const order = [await alone(rig, a), await alone(rig, b), await alone(rig, a)];
  const isSame = order[0] === onlyA && order[1] === onlyB && order[2] === onlyA;
  expect(isSame, `${nameOf(a)} and ${nameOf(b)} give something else once the other has run.`);
  const [storeA, storeB] = [storeFor(a), storeFor(b)];
  await Promise.all([rig.pass(a, storeA), rig.pass(b, storeB)]);
  const areSame = storeA.fingerprint() === onlyA && storeB.fingerprint() === onlyB;
  expect(areSame, `${nameOf(a)} and ${nameOf(b)} mix when they run in turns.`);
  rig.transport.breakBy(fromRequest(2, answerRequests({ status: 500, text: 'down' })));
  await rig.pass(a, storeFor(a));
  rig.transport.breakBy();
  const after = storeFor(b);
  await rig.pass(b, after);
  expect(after.fingerprint() === onlyB, `${nameOf(b)} differs after ${nameOf(a)} failed half way.`);
  rig.transport.breakBy();
}
