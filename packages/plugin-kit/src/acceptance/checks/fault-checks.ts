import type { PassReport } from '@bailiwick/plugin-runtime';
import type { Json } from '@bailiwick/sdk';
import type { Fault } from '../../fixtures/fixture-transport.ts';
import { expect, type Check, type CheckGroup } from '../check.ts';
import { isTyped, tell } from '../failures.ts';
import {
  answerRequests,
  changeBody,
  changeJson,
  firstAttempts,
  fromRequest,
  isObject,
  mapJson,
  repeatFirstPage,
  type JsonPlace,
} from '../faults.ts';
import type { MemoryStore } from '../memory-store.ts';
import { nameOf, storeFor, type Rig, type Target } from '../rig.ts';
import { eachTarget, expectComplete, wholePass } from './sync-checks.ts';

interface Overcome {
  readonly name: string;
  readonly promise: string;
  readonly faults: () => readonly Fault[];
  /** The pass may end with RateLimited; the host then comes back. */
  readonly mayComeBack?: boolean;
}

/** What passes by itself: the end has to be the same as without. */
const overcome: readonly Overcome[] = [
  {
    name: 'rate-limit-waited-for',
    promise: 'A vendor that says 429 with Retry-After is asked again then; the end is the same.',
    faults: () => [
      firstAttempts(1, answerRequests({ status: 429, headers: { 'retry-after': '2' }, text: 'slow down' })),
    ],
  },
  {
    name: 'bare-rate-limit-survived',
    promise:
      'A vendor that says 429 and nothing more ends the pass as RateLimited at most; the next one comes to the same end.',
    faults: () => [firstAttempts(1, answerRequests({ status: 429, text: 'slow down' }))],
    mayComeBack: true,
  },
  {
    name: 'outage-waited-for',
    promise: 'A vendor that is down for a moment (502, then 503) is asked again; the end is the same.',
    faults: () => [
      firstAttempts(1, answerRequests({ status: 502, text: '<html>Bad gateway</html>' })),
      firstAttempts(1, answerRequests({ status: 503, text: 'maintenance' })),
    ],
  },
  {
    name: 'unknown-fields-ignored',
    promise: 'Fields that the vendor adds to its answers change nothing.',
    faults: () => [changeJson((json) => mapJson(json, addField))],
  },
  {
    name: 'id-types-ignored',
    promise: 'An id that comes as a text today and as a number tomorrow is the same id.',
    faults: () => [changeJson((json) => mapJson(json, flipId))],
  },
];

/** To an answer itself and to the members of its lists; an object elsewhere may be a map whose keys are data. */
function addField(value: Json, { key, isMember }: JsonPlace): Json {
  const isMeant = isObject(value) && (isMember || key === undefined);
  return isMeant ? { ...value, fieldThatCameWithAnUpdate: { is: ['new'] } } : value;
}

/** Numbers as texts, and texts that are numbers as numbers; only where the field is an id by its name. */
function flipId(value: Json, { key }: JsonPlace): Json {
  if (key === undefined || !/^id$|_id$|Id$/.test(key)) return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  const isNumber = typeof value === 'string' && /^[1-9]\d{0,14}$/.test(value);
  return isNumber ? Number(value) : value;
}

function overcomeCheck({ name, promise, faults, mayComeBack = false }: Overcome): Check {
  return {
    name,
    tier: 'silver',
    promise,
    async run(bench) {
      await eachTarget(bench, async (rig, target) => {
        const { store } = await wholePass(rig, target);
        const before = keysOf(name, store);
        rig.transport.breakBy(...faults());
        const report = await passes(rig, target, store, mayComeBack);
        rig.transport.breakBy();
        expectComplete(target, report);
        expect(report.refusedCount === 0, `${nameOf(target)}: ${report.refused[0]?.reason ?? 'records were refused'}`);
        expect(keysOf(name, store) === before, `${nameOf(target)}: the records are not the same as without.`);
      });
    },
  };
}

/** How often the host comes back to a vendor that slows it down at each new request. */
const MOST_RETURNS = 20;

async function passes(rig: Rig, target: Target, store: MemoryStore, mayComeBack: boolean): Promise<PassReport> {
  let report = await rig.pass(target, store);
  for (let count = 0; mayComeBack && count < MOST_RETURNS; count += 1) {
    if (report.failure?.failure !== 'RateLimited') break;
    rig.clock.advance(900_000);
    report = await rig.pass(target, store);
  }
  return report;
}

/** Where ids change their type, a field that holds another record's id may change with it; the records must be the same ones. */
function keysOf(
  name: string,
  store: { fingerprint(): string; records(): readonly { scope: string; id: string }[] },
): string {
  if (name !== 'id-types-ignored') return store.fingerprint();
  return JSON.stringify(store.records().map(({ scope, id }) => [scope, id]));
}

interface Broken {
  readonly name: string;
  readonly promise: string;
  readonly fault: () => Fault;
}

/** What does not pass: the run fails, says why, and nothing is deleted. */
const broken: readonly Broken[] = [
  {
    name: 'truncated-json-refused',
    promise: 'An answer that breaks off in the middle of its JSON fails the pass, and deletes nothing.',
    fault: () => changeBody((body) => body.subarray(0, Math.floor(body.length / 2))),
  },
  {
    name: 'html-page-refused',
    promise: 'A login page with status 200 in place of the data fails the pass, and deletes nothing.',
    fault: () =>
      answerRequests({
        status: 200,
        headers: { 'content-type': 'text/html' },
        text: '<!doctype html><title>Sign in</title><form></form>',
      }),
  },
];

function brokenCheck({ name, promise, fault }: Broken): Check {
  return {
    name,
    tier: 'silver',
    promise,
    async run(bench) {
      await eachTarget(bench, async (rig, target) => {
        const { store } = await wholePass(rig, target);
        const before = store.fingerprint();
        for (const first of [1, 2]) {
          rig.transport.sent.length = 0;
          rig.transport.breakBy(fromRequest(first, fault()));
          const report = await rig.pass(target, first === 1 ? store : readsFrom(target, store));
          rig.transport.breakBy();
          const requests = rig.transport.sent.filter(({ isSignIn }) => !isSignIn).length;
          if (requests >= first) expectFailed(target, report);
          expect(report.deleted === 0, `${nameOf(target)}: ${report.deleted} records were deleted.`);
        }
        expect(store.fingerprint() === before, `${nameOf(target)}: the records are not what they were.`);
      });
    },
  };
}

function expectFailed(target: Target, { end, failure }: PassReport): void {
  expect(end === 'failed' && failure !== null, `${nameOf(target)}: the pass ended as if all was read.`);
  expect(isTyped(failure), `${nameOf(target)}: it ended as the plugin's bug, ${tell(failure)}`);
}

/** More than any fixture has pages; a list that goes round has no end. */
const MOST_REQUESTS = 500;

/** A stream with a cursor asks little the second time: its later pages are those of a first pass. */
function readsFrom(target: Target, store: MemoryStore): MemoryStore {
  return store.cursor === undefined ? store : storeFor(target);
}

async function goRound(rig: Rig, target: Target): Promise<void> {
  const { store } = await wholePass(rig, target);
  const before = store.records().length;
  rig.transport.sent.length = 0;
  rig.transport.breakBy(repeatFirstPage());
  const report = await rig.pass(target, readsFrom(target, store));
  rig.transport.breakBy();
  const { length } = rig.transport.sent;
  expect(length <= MOST_REQUESTS, `${nameOf(target)}: it sent ${length} requests for pages that repeat.`);
  const isBug = report.failure !== null && !isTyped(report.failure);
  expect(!isBug, `${nameOf(target)}: ${report.failure === null ? '' : tell(report.failure)}`);
  const isSwept = target.stream.mode === 'full' && report.deleted > before * 0.2;
  expect(!isSwept, `${nameOf(target)}: of ${before} records, ${report.deleted} were deleted.`);
}

/** Limits, outages, and answers that are not what they should be. */
export const faultChecks: CheckGroup = {
  name: 'Faults',
  checks: [
    ...overcome.map(overcomeCheck),
    ...broken.map(brokenCheck),
    {
      name: 'repeated-page-ends',
      tier: 'silver',
      promise: 'A list whose pages repeat comes to an end, and is no reason to delete.',
      async run(bench) {
        await eachTarget(bench, goRound);
      },
    },
    {
      name: 'lasting-rate-limit-told',
      tier: 'silver',
      promise: 'A vendor that goes on saying 429 ends the pass with RateLimited.',
      async run(bench) {
        const { rateLimited = { status: 429, text: 'slow down' } } = bench.fixtures.faults;
        await eachTarget(bench, async (rig, target) => {
          rig.transport.breakBy(answerRequests(rateLimited));
          const { failure } = await rig.pass(target, storeFor(target));
          rig.transport.breakBy();
          const isRight = failure?.failure === 'RateLimited';
          expect(isRight, `${nameOf(target)}: ${failure === null ? 'the pass succeeded' : tell(failure)}`);
        });
      },
    },
  ],
};
