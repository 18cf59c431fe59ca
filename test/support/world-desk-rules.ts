import type { Id } from '../../packages/core/src/kernel/id.ts';
import { newId } from '../../packages/core/src/kernel/id.ts';
import { DryRun, startDryRunInput } from '../../packages/core/src/modules/desk-rules/dry-run.ts';
import { createRuleInput } from '../../packages/core/src/modules/desk-rules/rule-input.ts';
import { RunRules } from '../../packages/core/src/modules/desk-rules/run-rules.ts';
import { SaveRule } from '../../packages/core/src/modules/desk-rules/save-rule.ts';
import { SweepRules } from '../../packages/core/src/modules/desk-rules/sweep-rules.ts';
import { staffScope, systemScope, type TestApp } from './test-app.ts';
import type { World } from './world.ts';

/** A rule that ran on a ticket, one of time whose turn comes, and a dry run that found tickets. */
export async function addDeskRules(app: TestApp, world: World, ticketId: Id<'ticket'>): Promise<void> {
  const { container } = app;
  const [scope, system] = [staffScope(world.mspId), systemScope(world.mspId)];
  const actions = [{ do: 'add-note', text: 'Seen by a rule.' }];
  const rule = (name: string, definition: object) => createRuleInput.parse({ name, definition, isActive: true });
  const save = container.resolve(SaveRule);
  await save.create(scope, rule('Note what is opened', { when: { kind: 'opened' }, actions }));
  await save.create(scope, rule('Long open', { when: { kind: 'time', since: 'opened', minutes: 1000 }, actions }));
  const event = { kind: 'opened' } as const;
  await container.resolve(RunRules).run(system, { ticketId, version: 1, occurrence: newId(), event });
  await container.resolve(SweepRules).lookAtAll(system);
  const input = startDryRunInput.parse({ definition: { when: { kind: 'opened' }, actions } });
  const { dryRunId } = await container.resolve(DryRun).start(scope, input);
  await container.resolve(DryRun).goOn(system, dryRunId);
}
