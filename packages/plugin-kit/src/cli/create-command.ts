import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { createPlugin } from '../create/create-plugin.ts';
import { KitError } from '../kit-error.ts';
import type { Command } from './commands.ts';
import { callerFolder, callerPath } from './paths.ts';

/** `create <folder>` */
export const createCommand: Command = {
  name: 'create',
  takes: '<folder>',
  does: 'a plugin that works at once, with a fake vendor and the SDK inside',
  async run(args) {
    const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} });
    const [given, more] = positionals;
    if (given === undefined || more !== undefined) throw new KitError('create takes one folder: create <folder>.');
    const { folder, name } = await createPlugin(callerPath(given));
    const shown = relative(callerFolder(), folder) || '.';
    const shownQuoted = /\s/.test(shown) ? `"${shown}"` : shown;
    process.stdout.write(
      [
        `Made ${name} in ${folder}`,
        '',
        '  plugin.json         what it may do',
        '  src/plugin.ts       what it does',
        '  fixtures/vendor.ts  a made-up vendor to work against',
        '',
        `Next: npm run plugin -- dev ${shownQuoted}`,
        `      npm run plugin -- test ${shownQuoted}`,
        '',
      ].join('\n'),
    );
    return 0;
  },
};
