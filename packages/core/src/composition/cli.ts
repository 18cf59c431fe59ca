import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { buffer } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { InvalidInputError, NotFoundError } from '#kernel/errors';
import { newId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { asDomainError } from '#entry/http/error-mapping';
import { makeCommandLineScope } from '#entry/command-line/command-line-scope';
import { mailCommands } from '#entry/command-line/mail-commands';
import type { Command, CommandContext, CommandInput, OfflineCommand, Terminal } from '#platform/command';
import { makeLogger } from '#platform/log';
import type { ModuleDefinition } from '#platform/module';
import { readSettings, SettingsError } from '#platform/settings';
import type { DependencyContainer } from 'tsyringe';

/** `npm run --silent bailiwick -- <command>`: works beside a running server, and without one. */
async function main(words: string[]): Promise<number> {
  const asksForHelp = words.length === 0 || words[0] === 'help' || words.includes('--help');
  const light = asksForHelp ? undefined : mailCommands.find((command) => isNamed(command, words));
  // All modules together take seconds to load and more memory than the largest mail.
  const modules: readonly ModuleDefinition[] = light === undefined ? (await import('./modules.ts')).modules : [];
  if (asksForHelp) return help(modules);
  const offlineCommands = offlineCommandsOf(modules);
  const offline = offlineCommands.find((command) => isNamed(command, words));
  if (offline !== undefined) {
    await offline.run(readInput(offline, words.slice(offline.name.split(' ').length)), terminal);
    return 0;
  }
  const { openPlatform } = await import('./open-platform.ts');
  const settings = readSettings(process.env);
  await using platform = await openPlatform({ settings, log: makeLogger(settings.LOG_LEVEL) });
  const commands = commandsOf(modules, platform.container);
  const command = commands.find((candidate) => isNamed(candidate, words));
  if (command === undefined) {
    process.stderr.write(
      `There is no command “${words.filter((word) => !word.startsWith('-')).join(' ')}”. These are:\n${[...commands, ...offlineCommands].map(({ name }) => `  ${name}`).join('\n')}\n`,
    );
    return 2;
  }
  const input = readInput(command, words.slice(command.name.split(' ').length));
  await command.run(
    input,
    makeContext(platform.container, settings.BAILIWICK_PUBLIC_URL ?? `http://localhost:${settings.PORT}`),
  );
  return 0;
}

function offlineCommandsOf(modules: readonly ModuleDefinition[]): OfflineCommand[] {
  return [...modules.flatMap((module) => module.offlineCommands ?? []), ...mailCommands];
}

const terminal: Terminal = {
  print: (line) => void process.stdout.write(`${line}\n`),
  async read(path) {
    try {
      return path === '-' ? await buffer(process.stdin) : await readFile(path);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new InvalidInputError('command.unreadable', `${path} cannot be read: ${reason}`, { cause: error });
    }
  },
};

function isNamed({ name }: Pick<Command, 'name'>, words: readonly string[]): boolean {
  return name.split(' ').every((word, index) => words[index] === word);
}

function commandsOf(modules: readonly ModuleDefinition[], container: DependencyContainer): Command[] {
  return modules.flatMap((module) => [...(module.commands?.(container) ?? [])]);
}

/** Help must work before any database does, so commands are listed from a container that nothing is resolved from. */
function help(modules: readonly ModuleDefinition[]): number {
  const lazy = new Proxy({}, { get: () => () => undefined }) as DependencyContainer;
  const lines = [...commandsOf(modules, lazy), ...offlineCommandsOf(modules)].flatMap((command) => [
    `  ${command.name}${'operand' in command ? ` <${command.operand.name}>` : ''}`,
    `      ${command.summary}`,
    ...Object.entries(command.options).map(
      ([name, option]) =>
        `      --${name}${option.kind === 'flag' ? '' : ' <value>'}  ${option.help}${option.isRequired === true ? ' (required)' : ''}`,
    ),
  ]);
  process.stdout.write(`Bailiwick's command line, for whoever holds the server.\n\n${lines.join('\n')}\n`);
  return 0;
}

function readInput(command: Command | OfflineCommand, words: string[]): CommandInput {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, option]) => [
      name,
      option.kind === 'flag'
        ? { type: 'boolean' as const }
        : { type: 'string' as const, multiple: option.kind === 'list' },
    ]),
  );
  const { values, positionals } = parse(words, options);
  const operand = 'operand' in command ? positionals.shift() : undefined;
  if ('operand' in command && operand === undefined)
    throw new InvalidInputError(
      'command.missing-operand',
      `${command.name} needs a ${command.operand.name}: ${command.operand.help}.`,
    );
  if (positionals.length > 0)
    throw new InvalidInputError(
      'command.unexpected',
      `${command.name} does not know what to do with “${positionals[0]}”.`,
    );
  for (const [name, option] of Object.entries(command.options)) {
    if (option.isRequired === true && (values[name] === undefined || values[name] === ''))
      throw new InvalidInputError('command.missing-option', `${command.name} needs --${name}: ${option.help}.`);
  }
  const optionalText = (name: string): string | undefined =>
    typeof values[name] === 'string' && values[name] !== '' ? values[name] : undefined;
  return {
    optionalText,
    text: (name) => optionalText(name) ?? '',
    operand: () => operand ?? '',
    flag: (name) => values[name] === true,
    list: (name) =>
      (Array.isArray(values[name]) ? values[name] : [])
        .flatMap((value) => String(value).split(','))
        .map((value) => value.trim())
        .filter((value) => value !== ''),
  };
}

function parse(
  args: string[],
  options: Record<string, { type: 'string' | 'boolean'; multiple?: boolean }>,
): { values: Record<string, unknown>; positionals: string[] } {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new InvalidInputError('command.bad-options', error instanceof Error ? error.message : String(error));
  }
}

function makeContext(container: DependencyContainer, publicUrl: string): CommandContext {
  const user = userInfo().username;
  return {
    user,
    publicUrl,
    print: (line) => void process.stdout.write(`${line}\n`),
    scopeOfNew: () => makeCommandLineScope(newId<'msp'>(), user),
    scopeOf: (slug) => scopeOf(container, slug, user),
  };
}

async function scopeOf(container: DependencyContainer, slug: string | undefined, user: string): Promise<TenantScope> {
  const { Directory } = await import('#modules/directory');
  const msps = await container.resolve(Directory).listMsps();
  const found = slug === undefined ? msps : msps.filter((msp) => msp.slug === slug);
  const [only, another] = found;
  if (only === undefined)
    throw new NotFoundError(
      'msp.not-found',
      slug === undefined
        ? 'There is no MSP yet: run `bailiwick msp create`, or start the server once.'
        : `There is no MSP with the slug ${slug}. There are: ${msps.map((msp) => msp.slug).join(', ')}.`,
    );
  if (another !== undefined)
    throw new InvalidInputError(
      'msp.ambiguous',
      `There are several MSPs; say which with --msp: ${msps.map((msp) => msp.slug).join(', ')}.`,
    );
  return makeCommandLineScope(only.mspId, user);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const foreseen = error instanceof SettingsError ? error : asDomainError(error);
  process.stderr.write(
    `${foreseen !== undefined ? foreseen.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 1;
}
