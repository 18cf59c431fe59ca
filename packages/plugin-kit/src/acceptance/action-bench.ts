import { checkPlan, checkResult, planHash, type ActionDescription } from '@bailiwick/plugin-runtime';
import type { ActionPlan, ActionResult, BoundScope } from '@bailiwick/sdk';
import type { ActionFixture } from '../fixtures/fixture-schemas.ts';
import type { Bench } from './bench.ts';
import { CheckFailed, appliesIf } from './check.ts';
import type { Rig } from './rig.ts';

/** An action with one input, on a rig of its own. */
export interface Attempt {
  readonly rig: Rig;
  readonly action: ActionDescription;
  readonly scope: BoundScope | null;
  readonly input: ActionFixture['input'];
}

const actor = 'Acceptance kit';

/**
 * Runs the work for each input of `actions.json`.
 *
 * @throws CheckFailed where an action has no input, NotApplicable where there are no actions
 */
export async function eachAttempt(
  bench: Bench,
  work: (attempt: Attempt) => Promise<void>,
  isMeant: (action: ActionDescription) => boolean = () => true,
): Promise<void> {
  const { actions } = bench.plugin.description;
  appliesIf(actions.length > 0, 'It changes nothing at the vendor.');
  const meant = actions.filter(isMeant);
  appliesIf(meant.length > 0, 'No action is of this kind.');
  for (const action of meant) {
    const fixtures = bench.fixtures.actions.filter((fixture) => fixture.action === action.name);
    if (fixtures.length === 0) throw new CheckFailed(`fixtures/actions.json has no input for ${action.name}.`);
    for (const fixture of fixtures) await work(await attemptOf(bench, action, fixture));
  }
}

/** A fresh attempt: a rig whose vendor starts from nothing. */
export async function attemptOf(bench: Bench, action: ActionDescription, fixture: ActionFixture): Promise<Attempt> {
  const connection = bench.fixtures.connections.find((one) => one.connection === action.connection);
  if (connection === undefined) {
    throw new CheckFailed(`fixtures/connection.json has no connection "${action.connection}", of ${action.name}.`);
  }
  const rig = await bench.rig(connection);
  const scope = await scopeOf(rig, action, fixture);
  rig.asked.length = 0;
  return { rig, action, scope, input: fixture.input };
}

async function scopeOf(rig: Rig, action: ActionDescription, { scope }: ActionFixture): Promise<BoundScope | null> {
  if (action.grain === 'connection') return null;
  const found = (await rig.discovered()).find(({ id }) => id === scope);
  if (found !== undefined) return { id: found.id, name: found.name, kind: found.kind };
  throw new CheckFailed(`fixtures/actions.json: ${action.name} has no scope that discovery lists.`);
}

/** Asks for the plan, as the platform does: nothing that writes is let through. */
export async function planOf({ rig, action, scope, input }: Attempt): Promise<ActionPlan> {
  return checkPlan(await rig.call({ kind: 'plan', name: action.name, input }, scope, { isReadOnly: true }));
}

/** The hash that a person would approve. */
export async function hashOf(attempt: Attempt): Promise<string> {
  return planHash(attempt.action.name, attempt.input, await planOf(attempt));
}

/** Plans and applies. */
export async function applyTo(attempt: Attempt, idempotencyKey: string): Promise<ActionResult> {
  const { rig, action, scope, input } = attempt;
  const plan = await planOf(attempt);
  const run = { idempotencyKey, plan, actor };
  return checkResult(await rig.call({ kind: 'apply', name: action.name, input, run }, scope), action);
}
