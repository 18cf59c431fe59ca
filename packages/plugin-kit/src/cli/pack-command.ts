import { parseArgs } from 'node:util';
import { acceptBuilt } from '../acceptance/accept.ts';
import { toAccepted } from '../acceptance/accepted.ts';
import { buildPlugin } from '../build/build-plugin.ts';
import { packPlugin, writeBundle } from '../build/pack-plugin.ts';
import { defaultKeyFile, readKeyFile } from '../build/publisher-key-file.ts';
import type { Command } from './commands.ts';
import { callerPath } from './paths.ts';

/** `pack [folder] [--key file] [--out file] [--untested]` */
export const packCommand: Command = {
  name: 'pack',
  takes: '[folder] [--key file] [--out file] [--untested]',
  does: 'one signed file to install, with the tier that the acceptance kit gives it',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { key: { type: 'string' }, out: { type: 'string' }, untested: { type: 'boolean', default: false } },
    });
    const built = await buildPlugin(callerPath(positionals[0] ?? '.'));
    const key = await readKeyFile(values.key === undefined ? undefined : callerPath(values.key));
    if (key.isNew) process.stderr.write(`Made a publisher key in ${defaultKeyFile}: keep it, your updates need it.\n`);
    const report = values.untested ? undefined : await acceptBuilt(built);
    const bytes = packPlugin(built, key, report === undefined ? undefined : toAccepted(report));
    const path = await writeBundle(built, bytes, values.out === undefined ? undefined : callerPath(values.out));
    const tier = report === undefined ? 'untested' : report.tier;
    process.stdout.write(`${path}\n${bytes.length} bytes, ${tier}, signed by ${key.publicKey}\n`);
    return 0;
  },
};
