import { modules } from '../../packages/core/src/composition/modules.ts';
import type { AnyOperation } from '../../packages/core/src/kernel/operation.ts';
import type { TenantScope } from '../../packages/core/src/kernel/tenant-scope.ts';
import type { TestApp } from '../support/test-app.ts';
import { entitiesIn, sampleInput } from './sample-input.ts';
import type { TenantRows } from './tenant-rows.ts';

/** Commands that make something; what takes away or ends must not run while the world grows. */
const MAKES =
  /\.(add|create|draft|invite|log|make|note|open|queue|record|reply|request|schedule|start|decide|install|override|set)-/;

/** Things that are made from things that are made: an invoice line needs an invoice, which needs an agreement, which needs a client. */
const PASSES = 4;

/**
 * Fills a tenant with one of everything that its operations can make, by calling them with sample inputs and the tenant's own ids. So a new module's rows are there for the thief to
 * try, without anybody listing them. What cannot grow so is made in `test/support/world.ts`.
 */
export async function growWorld(
  app: TestApp,
  rows: TenantRows,
  owner: { scope: TenantScope; mspId: string; clientId: string },
): Promise<void> {
  const commands = modules
    .flatMap((module) => Object.values(module.operations(app.container)) as AnyOperation[])
    .filter(
      (operation) => operation.kind === 'command' && operation.audience !== 'client' && MAKES.test(operation.name),
    );
  for (let pass = 0; pass < PASSES; pass += 1) {
    for (const command of commands) await tryOnce(command, rows, owner);
  }
}

/** A refusal is no news here: the input was a guess. What then is missing, the test that needs it names. */
async function tryOnce(
  command: AnyOperation,
  rows: TenantRows,
  owner: { scope: TenantScope; mspId: string; clientId: string },
): Promise<void> {
  try {
    const ids = new Map<string, string>();
    for (const entity of entitiesIn(command.input)) ids.set(entity, await rows.anyId(entity, owner));
    const input = sampleInput(command.input, (entity) => ids.get(entity) ?? '');
    await command.run(owner.scope, await command.input.parseAsync(input));
  } catch (error) {
    if (process.env['SHOW_REFUSALS'] !== undefined) process.stdout.write(`${command.name}: ${String(error)}\n`);
    // Tried again in the next pass, when more is there.
  }
}
