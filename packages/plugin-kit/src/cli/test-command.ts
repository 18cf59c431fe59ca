import { parseArgs } from 'node:util';
import { accept } from '../acceptance/accept.ts';
import { printReport } from '../acceptance/print-report.ts';
import type { Command } from './commands.ts';
import { callerPath } from './paths.ts';

/** `test [folder | file] [--fixtures folder] [--json]` */
export const testCommand: Command = {
  name: 'test',
  takes: '[folder | file] [--fixtures folder] [--json]',
  does: 'the acceptance kit: each check by name, and the tier',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, fixtures: { type: 'string' } },
    });
    const fixtures = values.fixtures === undefined ? {} : { fixtures: callerPath(values.fixtures) };
    const report = await accept(callerPath(positionals[0] ?? '.'), fixtures);
    process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : printReport(report));
    return report.checks.some(({ outcome }) => outcome === 'fail') ? 1 : 0;
  },
};
