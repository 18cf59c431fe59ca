import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What dependency-cruiser found in one folder laid out as this repository is. */
export interface BoundaryReport {
  readonly moduleCount: number;
  /** `rule: from → to`, sorted. */
  readonly violations: readonly string[];
  readonly ruleNames: readonly string[];
}

interface CruiseResult {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
    readonly ruleSetUsed: { readonly forbidden: readonly { readonly name: string }[] };
  };
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the gate with the repository's own rules, in another folder or here. */
export function reportBoundaries(folder: string, parts: readonly string[]): BoundaryReport {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      `${root}/node_modules/dependency-cruiser/bin/dependency-cruiser.mjs`,
      '--config',
      `${root}/.dependency-cruiser.mjs`,
      '--output-type',
      'json',
      ...parts,
    ],
    {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
      env: { ...process.env, BAILIWICK_BOUNDARIES_TSCONFIG: `${root}/tsconfig.json` },
    },
  );
  if (!stdout.startsWith('{')) throw new Error(`dependency-cruiser gave no report: ${stdout}${stderr}`);
  const { summary } = JSON.parse(stdout) as CruiseResult;
  return {
    moduleCount: summary.totalCruised,
    violations: summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`).toSorted(),
    ruleNames: summary.ruleSetUsed.forbidden.map((rule) => rule.name),
  };
}
