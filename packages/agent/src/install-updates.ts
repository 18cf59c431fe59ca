import { mkdirSync, rmSync } from 'node:fs';
import { fitText, type InstallUpdatesPayload, type PackageOutcome } from '@bailiwick/agent-protocol';
import type { OrderContext, OrderEnd } from './order-context.ts';
import { packageManager, type PackageManager } from './package-manager.ts';
import type { ProcessEnd } from './run-process.ts';
import { runUndisturbed } from './run-undisturbed.ts';

type Wanted = InstallUpdatesPayload['packages'][number];

/**
 * Installs updates and says what became of each package, read from the package manager before and after: its exit code speaks for all of them at once. If
 * the whole fails, each is tried alone, so that one broken package does not keep the others from their security fixes.
 */
export async function installUpdates(
  payload: InstallUpdatesPayload,
  context: OrderContext,
  manager: PackageManager | undefined = packageManager(),
): Promise<OrderEnd> {
  if (manager === undefined)
    return { state: 'failed', exitCode: null, message: 'This machine has neither apt nor dnf.' };
  mkdirSync(context.folder, { recursive: true, mode: 0o700 });
  const deadline = performance.now() + payload.timeoutSeconds * 1000;
  const run = async (args: readonly string[]): Promise<ProcessEnd> => {
    if (context.signal.aborted) return { kind: 'exited', exitCode: null, signal: null };
    const timeoutMs = Math.max(1, deadline - performance.now());
    return runUndisturbed({ ...context, file: manager.file, args, environment: manager.environment, timeoutMs });
  };
  try {
    const before = await manager.installedVersions(payload.packages.map((wanted) => wanted.name));
    if (manager.refresh !== undefined) await run(manager.refresh);
    let end = await run(manager.install(payload.packages));
    if (end.kind === 'exited' && end.exitCode !== 0 && payload.packages.length > 1)
      end = await eachAlone(payload.packages, manager, run);
    const after = await manager.installedVersions(payload.packages.map((wanted) => wanted.name));
    const packages = payload.packages.map((wanted) =>
      outcomeOf(wanted, before.get(wanted.name), after.get(wanted.name)),
    );
    return endOf(end, packages, manager.file);
  } finally {
    context.output.end();
    rmSync(context.folder, { recursive: true, force: true });
  }
}

async function eachAlone(
  packages: readonly Wanted[],
  manager: PackageManager,
  run: (args: readonly string[]) => Promise<ProcessEnd>,
): Promise<ProcessEnd> {
  let worst: ProcessEnd = { kind: 'exited', exitCode: 0, signal: null };
  for (const wanted of packages) {
    const end = await run(manager.install([wanted]));
    if (end.kind !== 'exited') return end;
    if (end.exitCode !== 0) worst = end;
  }
  return worst;
}

function outcomeOf({ name, version }: Wanted, before: string | undefined, after: string | undefined): PackageOutcome {
  const versions = {
    ...(before === undefined ? {} : { versionBefore: fitText(before, 300) }),
    ...(after === undefined ? {} : { versionAfter: fitText(after, 300) }),
  };
  if (before === undefined && after === undefined)
    return { name, outcome: 'not-found', message: 'The package is not installed.' };
  if (version !== undefined && after !== version)
    return { name, outcome: 'failed', ...versions, message: `${version} was asked for.` };
  return { name, outcome: before === after ? 'unchanged' : 'installed', ...versions };
}

function endOf(end: ProcessEnd, packages: PackageOutcome[], file: string): OrderEnd {
  if (end.kind === 'not-started')
    return { state: 'failed', exitCode: null, message: `${file} could not be started: ${end.message}`, packages };
  if (end.kind === 'timed-out') return { state: 'timed-out', exitCode: end.exitCode, signal: end.signal };
  const bad = packages.filter(({ outcome }) => outcome === 'failed' || outcome === 'not-found');
  if (end.exitCode === 0 && bad.length === 0) return { state: 'succeeded', exitCode: 0, packages };
  const message =
    bad.length > 0
      ? `${bad.length} of ${packages.length} packages were not installed as asked.`
      : `${file} ended with exit code ${end.exitCode ?? 'none'}; see its output.`;
  return { state: 'failed', exitCode: end.exitCode, signal: end.signal, message, packages };
}
