import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { KitError } from '../kit-error.ts';
import { recordPlugin } from '../record/record-plugin.ts';
import type { Command } from './commands.ts';
import { callerFolder, callerPath } from './paths.ts';

/** `record [folder] --config file [--actions]` */
export const recordCommand: Command = {
  name: 'record',
  takes: '[folder] --config file [--actions]',
  does: 'writes what the live vendor says as fixtures, secrets replaced',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { config: { type: 'string' }, actions: { type: 'boolean', default: false } },
    });
    if (values.config === undefined) throw new KitError('record needs --config: the connection to the live vendor.');
    const show = (line: string): void => void process.stdout.write(`${line}\n`);
    const { cassette, exchangeCount, findings } = await recordPlugin({
      folder: callerPath(positionals[0] ?? '.'),
      config: callerPath(values.config),
      withActions: values.actions,
      show,
      width: process.stdout.columns ?? 120,
    });
    show(`\nWrote ${relative(callerFolder(), cassette)}: ${exchangeCount} answers, secrets replaced.`);
    show(
      'It holds what your vendor said: read it through, and make it up where it is about people, before you share it.',
    );
    for (const { kind } of findings.slice(0, 5)) show(`  ! Something in it looks like a ${kind}.`);
    if (existsSync(join(dirname(cassette), 'vendor.ts')))
      show('vendor.ts still answers what is not in it; delete it to play the recording alone.');
    return 0;
  },
};
