import { BundleRefused, CallFailed } from '@bailiwick/plugin-runtime';
import { commands, usage } from './cli/commands.ts';
import { KitError } from './kit-error.ts';

/** `npm run plugin -- <command> …`. @returns the exit code */
async function main([name, ...args]: readonly string[]): Promise<number> {
  const command = commands.find((one) => one.name === name);
  if (command === undefined) {
    const isAsked = name === undefined || name === 'help' || name === '--help';
    (isAsked ? process.stdout : process.stderr).write(
      isAsked ? usage() : `There is no command "${name}".\n\n${usage()}`,
    );
    return isAsked ? 0 : 2;
  }
  try {
    return await command.run(args);
  } catch (error) {
    if (!isExpected(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function isExpected(error: unknown): error is Error {
  if (error instanceof KitError || error instanceof BundleRefused || error instanceof CallFailed) return true;
  // Of node:util's parseArgs: an option that is not known, or lacks its value.
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

process.exitCode = await main(process.argv.slice(2));
