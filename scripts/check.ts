// All gates of the source, one line each: `npm run check`, or `npm run check -- --fix` to format and repair first.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

interface Gate {
  readonly name: string;
  /** Under node_modules/.bin. */
  readonly program: string;
  readonly args: readonly string[];
}

interface Outcome {
  readonly gate: Gate;
  readonly isPassed: boolean;
  readonly output: string;
  readonly seconds: string;
}

const root = fileURLToPath(new URL('..', import.meta.url));

const repairs: readonly Gate[] = [
  { name: 'lint --fix', program: 'oxlint', args: ['--type-aware', '--fix'] },
  { name: 'format', program: 'oxfmt', args: [] },
];

const gates: readonly Gate[] = [
  { name: 'format', program: 'oxfmt', args: ['--check'] },
  // Both in one: what the rules ask of types is most of what checking them costs.
  { name: 'lint and types', program: 'oxlint', args: ['--type-aware', '--type-check'] },
  {
    name: 'boundaries',
    program: 'depcruise',
    args: ['--config', '.dependency-cruiser.mjs', '--output-type', 'err-long', 'packages', 'test', 'scripts'],
  },
  { name: 'dead code', program: 'knip', args: ['--no-progress'] },
];

function run(gate: Gate): Promise<Outcome> {
  const startMs = performance.now();
  const child = spawn(`${root}/node_modules/.bin/${gate.program}`, gate.args, {
    cwd: root,
    shell: process.platform === 'win32',
    env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? '1' : '0' },
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => {
    const finish = (isPassed: boolean, note = ''): void => {
      const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
      resolve({ gate, isPassed, seconds, output: Buffer.concat(chunks).toString() + note });
    };
    child.once('error', (error) => finish(false, error.message));
    child.once('close', (code) => finish(code === 0));
  });
}

function report({ gate, isPassed, output, seconds }: Outcome): void {
  console.log(`${isPassed ? '✓' : '✗'} ${gate.name} (${seconds} s)`);
  if (!isPassed) console.log(`${output.trim()}\n`);
}

/** Runs the gates, as many at once as there are processors; reports each as it ends. */
async function runAll(waiting: Gate[], isParallel: boolean): Promise<number> {
  let failed = 0;
  const lane = async (): Promise<void> => {
    for (let gate = waiting.shift(); gate !== undefined; gate = waiting.shift()) {
      const outcome = await run(gate);
      if (!outcome.isPassed) failed += 1;
      report(outcome);
    }
  };
  const lanes = isParallel ? Math.min(availableParallelism(), waiting.length) : 1;
  await Promise.all(Array.from({ length: lanes }, lane));
  return failed;
}

const unknown = process.argv.slice(2).filter((argument) => argument !== '--fix');
if (unknown.length > 0) {
  console.error(`check knows only --fix, not ${unknown.join(' ')}.`);
  process.exit(2);
}
if (process.argv.includes('--fix')) await runAll([...repairs], false);
const failed = await runAll([...gates], true);
console.log(failed === 0 ? `All ${gates.length} gates passed.` : `${failed} of ${gates.length} gates failed.`);
process.exitCode = failed === 0 ? 0 : 1;
