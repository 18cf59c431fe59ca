import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stat } from 'node:fs/promises';
import { readBundle, type BundleParts } from '@bailiwick/plugin-runtime';
import { buildPlugin, inFile, type BuiltPlugin } from '../build/build-plugin.ts';
import type { Exemption } from '../build/project.ts';
import { readFixtures } from '../fixtures/read-fixtures.ts';
import { KitError, messageOf } from '../kit-error.ts';
import { Bench } from './bench.ts';
import { NotApplicable, some, type Check, type CheckGroup } from './check.ts';
import { groups } from './groups.ts';
import { tierOf, type AcceptanceReport, type CheckReport } from './report.ts';

/** What may be said to the acceptance kit. */
export interface AcceptOptions {
  /** The folder of the fixtures, absolute; `fixtures` beside the plugin where absent. */
  readonly fixtures?: string;
  /** Only checks of these names. */
  readonly only?: readonly string[];
}

/**
 * Runs the acceptance kit over a plugin's folder or a packed file.
 *
 * @param target absolute
 * @throws KitError, BundleRefused, CallFailed where the plugin cannot be built, or its fixtures cannot be read
 */
export async function accept(target: string, options: AcceptOptions = {}): Promise<AcceptanceReport> {
  const found = await stat(target).catch(() => undefined);
  if (found === undefined) throw new KitError(`${target} is not there.`);
  if (found.isDirectory()) return acceptBuilt(await buildPlugin(target), options);
  const bundle = readBundle(await readFile(target));
  const fixtures = options.fixtures ?? join(dirname(target), 'fixtures');
  const exemptions = (bundle.accepted?.exempt ?? []).map(({ check, reason }) => ({ check, reason }));
  return run(bundle, { fixtures, exemptions, only: options.only });
}

/** Runs the acceptance kit over a plugin that was built from its folder. */
export async function acceptBuilt(built: BuiltPlugin, options: AcceptOptions = {}): Promise<AcceptanceReport> {
  const { project } = built;
  const fixtures = options.fixtures ?? join(project.folder, 'fixtures');
  return run(built, { fixtures, exemptions: project.exemptions, only: options.only, folder: project.folder });
}

interface RunOptions {
  readonly fixtures: string;
  readonly exemptions: readonly Exemption[];
  readonly only: readonly string[] | undefined;
  readonly folder?: string;
}

async function run(plugin: BundleParts, options: RunOptions): Promise<AcceptanceReport> {
  const startMs = performance.now();
  const fixtures = await readFixtures(options.fixtures);
  checkExemptions(options.exemptions);
  const checks = await inFile(plugin.code, async (bundle) => {
    await using bench = new Bench({ plugin, fixtures, bundle, folder: options.folder });
    // Awaited here: otherwise the bench is put away before the first check, and what the checks start outlives them.
    return await runGroups(bench, options);
  });
  return {
    plugin: plugin.manifest.id,
    version: plugin.manifest.version,
    tier: tierOf(checks),
    checks,
    ms: Math.round(performance.now() - startMs),
  };
}

async function runGroups(bench: Bench, { only, exemptions }: RunOptions): Promise<CheckReport[]> {
  const reports: CheckReport[] = [];
  for (const group of groups) {
    for (const check of group.checks) {
      if (only !== undefined && !only.includes(check.name)) continue;
      reports.push(excused(await runCheck(bench, group, check), exemptions));
    }
  }
  return reports;
}

async function runCheck(bench: Bench, group: CheckGroup, check: Check): Promise<CheckReport> {
  const { name, tier, promise } = check;
  const startMs = performance.now();
  const report = (outcome: CheckReport['outcome'], reason: string): CheckReport => {
    const ms = Math.round(performance.now() - startMs);
    return { name, group: group.name, tier, promise, outcome, reason, ms };
  };
  try {
    return report('pass', (await check.run(bench)) ?? '');
  } catch (error) {
    if (error instanceof NotApplicable) return report('not-applicable', error.message);
    return report('fail', [messageOf(error), ...missingIn(bench)].join('\n'));
  }
}

/** Requests that no cassette has are the reason of many a failure. */
function missingIn({ used }: Bench): readonly string[] {
  const missing = [...new Set(used.flatMap(({ player }) => (player.isEmpty ? [] : [...player.missing])))];
  return missing.length === 0 ? [] : [`No cassette has: ${some(missing)}`];
}

function excused(report: CheckReport, exemptions: readonly Exemption[]): CheckReport {
  const exemption = exemptions.find(({ check }) => check === report.name);
  if (exemption === undefined || report.outcome !== 'fail') return report;
  return { ...report, outcome: 'exempt', reason: `${exemption.reason} (${report.reason})` };
}

function checkExemptions(exemptions: readonly Exemption[]): void {
  const names = new Set(groups.flatMap(({ checks }) => checks.map(({ name }) => name)));
  const unknown = exemptions.find(({ check }) => !names.has(check));
  if (unknown !== undefined) throw new KitError(`acceptance.json: there is no check "${unknown.check}".`);
}
