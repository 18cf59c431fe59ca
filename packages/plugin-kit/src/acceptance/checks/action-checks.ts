import { CallFailed, checkResult, checkVerification, planHash } from '@bailiwick/plugin-runtime';
import type { ActionPlan, ActionResult } from '@bailiwick/sdk';
import type { Fault } from '../../fixtures/fixture-transport.ts';
import { applyTo, attemptOf, eachAttempt, hashOf, planOf, type Attempt } from '../action-bench.ts';
import { appliesIf, expect, some, type CheckGroup } from '../check.ts';
import { changeBody, changeJson, mapJson } from '../faults.ts';

/** Ways in which the vendor's side may have changed since a plan was made. */
function changes(plan: ActionPlan): readonly Fault[] {
  const said = [plan.summary, ...plan.changes.flatMap(({ what, from = '', to = '' }) => [what, from, to])];
  const words = [...new Set(said.join(' ').match(/[\p{L}\p{N}_.@-]{3,}/gu))].filter(
    (word) => !/^(true|false)$/.test(word),
  );
  const reworded = (text: string): string => {
    const pattern = words.map((word) => RegExp.escape(word)).join('|');
    return pattern === ''
      ? text
      : text.replaceAll(new RegExp(`(?<=[">])(?:[^"<>]*)(?:${pattern})(?:[^"<>]*)(?=["<])`, 'gu'), '$&-changed');
  };
  const onText = (change: (text: string) => string): Fault =>
    changeBody((body) => Buffer.from(change(Buffer.from(body).toString())));
  return [
    onText((text) => text.replaceAll(/\b(?:true|false)\b/g, (value) => (value === 'true' ? 'false' : 'true'))),
    onText(reworded),
    changeJson((json) => mapJson(json, (value) => (typeof value === 'number' ? value + 1 : value))),
    changeJson((json) => mapJson(json, (value) => (Array.isArray(value) ? [] : value))),
    changeJson((json) =>
      mapJson(json, (value, { key }) =>
        typeof value === 'string' && !/id$/i.test(key ?? '') ? `${value}-changed` : value,
      ),
    ),
  ];
}

async function noticesChange(attempt: Attempt): Promise<boolean> {
  const plan = await planOf(attempt);
  const hash = planHash(attempt.action.name, attempt.input, plan);
  for (const change of changes(plan)) {
    attempt.rig.transport.breakBy(change);
    const other = await hashOf(attempt).catch((error: unknown) => error);
    attempt.rig.transport.breakBy();
    if (other instanceof CallFailed || (typeof other === 'string' && other !== hash)) return true;
    if (typeof other !== 'string') throw other;
  }
  return false;
}

/** Applies, where the vendor of the fixtures can be changed, or the cassettes hold what it answered when it was. */
async function applyWithin(attempt: Attempt): Promise<ActionResult> {
  const { player } = attempt.rig;
  try {
    return await applyTo(attempt, 'acceptance-1');
  } catch (error) {
    appliesIf(
      player.isEmpty || player.missing.size === 0,
      'No cassette has what is applied: `record --actions` writes it.',
    );
    throw error;
  }
}

async function expectHolds({ rig, action, scope, input }: Attempt): Promise<void> {
  if (!action.canVerify) return;
  const read = checkVerification(
    await rig.call({ kind: 'verify', name: action.name, input }, scope, { isReadOnly: true }),
  );
  expect(
    read.holds,
    `${action.name}: verify says that it does not hold${read.detail === undefined ? '' : `: ${read.detail}`}`,
  );
}

/** Changes at the vendor: said before they are done, and done as they were said. */
export const actionChecks: CheckGroup = {
  name: 'Actions',
  checks: [
    {
      name: 'plan-only-reads',
      tier: 'bronze',
      promise: 'Planning sends no request that could change something.',
      async run(bench) {
        await eachAttempt(bench, async (attempt) => {
          await planOf(attempt);
          const writing = attempt.rig.asked.filter(({ isReading }) => !isReading);
          const shown = writing.map(({ method, url }) => `${method} ${url}`);
          expect(writing.length === 0, `The plan of ${attempt.action.name} asked for ${some(shown)}.`);
        });
      },
    },
    {
      name: 'plan-repeats',
      tier: 'silver',
      promise: 'Two plans of the same change are the same, so that what is approved is what is done.',
      async run(bench) {
        await eachAttempt(bench, async (attempt) => {
          const [first, second] = [await hashOf(attempt), await hashOf(attempt)];
          expect(
            first === second,
            `The second plan of ${attempt.action.name} differs: is a time or a random id in it?`,
          );
        });
      },
    },
    {
      name: 'plan-names-what-it-touches',
      tier: 'silver',
      promise: 'A plan lists what is affected; for an action on a record, at least that record.',
      async run(bench) {
        await eachAttempt(
          bench,
          async (attempt) => {
            const { affected } = await planOf(attempt);
            const { target, name } = attempt.action;
            const isNamed = affected.some(({ entity, id }) => entity === target && id === attempt.input['target']);
            expect(isNamed, `The plan of ${name} does not list its target among what is affected.`);
          },
          ({ target }) => target !== undefined,
        );
      },
    },
    {
      name: 'stale-plan-refused',
      tier: 'silver',
      promise: 'Where the vendor has changed since, the plan is another one, so the approved one is refused.',
      async run(bench) {
        await eachAttempt(
          bench,
          async (attempt) => {
            const isNoticed = await noticesChange(attempt);
            expect(
              isNoticed,
              `The plan of ${attempt.action.name} is the same whatever the vendor says: it reads nothing.`,
            );
          },
          ({ effect }) => effect !== 'read',
        );
      },
    },
    {
      name: 'read-actions-only-read',
      tier: 'bronze',
      promise: 'An action whose effect is "read" sends no request that could change something.',
      async run(bench) {
        await eachAttempt(
          bench,
          async (attempt) => {
            await applyTo(attempt, 'acceptance-1');
            const writing = attempt.rig.asked.filter(({ isReading }) => !isReading);
            expect(writing.length === 0, `${attempt.action.name} wrote: ${some(writing.map(({ url }) => url))}.`);
          },
          ({ effect }) => effect === 'read',
        );
      },
    },
    {
      name: 'apply-holds',
      tier: 'gold',
      promise: 'Applying succeeds, and reading back says that it holds; twice is as good as once where it says so.',
      async run(bench) {
        await eachAttempt(bench, async (attempt) => {
          const { failures = [] } = await applyWithin(attempt);
          expect(failures.length === 0, `${attempt.action.name}: ${some(failures)}`);
          await expectHolds(attempt);
          if (attempt.action.idempotency === 'none') return;
          await applyTo(attempt, 'acceptance-1');
          await expectHolds(attempt);
        });
      },
    },
    {
      name: 'undo-restores',
      tier: 'gold',
      promise: 'Undone, the vendor is as before: the same plan could be made again.',
      async run(bench) {
        const { description } = bench.plugin;
        const undoable = description.actions.filter(({ canUndo }) => canUndo);
        appliesIf(undoable.length > 0, 'No action can be undone.');
        for (const fixture of bench.fixtures.actions) {
          const action = undoable.find(({ name }) => name === fixture.action);
          if (action === undefined) continue;
          const attempt = await attemptOf(bench, action, fixture);
          const before = await hashOf(attempt);
          const result = await applyWithin(attempt);
          const { rig, scope, input } = attempt;
          checkResult(await rig.call({ kind: 'undo', name: action.name, input, result }, scope), action);
          expect(
            (await hashOf(attempt)) === before,
            `${action.name}: after undo, the plan is not the one from before.`,
          );
        }
      },
    },
  ],
};
