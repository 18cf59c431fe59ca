import { createCommand } from './create-command.ts';
import { devCommand } from './dev-command.ts';
import { packCommand } from './pack-command.ts';
import { recordCommand } from './record-command.ts';
import { testCommand } from './test-command.ts';

/** A command of `npm run plugin`. */
export interface Command {
  readonly name: string;
  /** Its arguments, as the usage shows them. */
  readonly takes: string;
  readonly does: string;
  /** @returns the exit code */
  run(args: readonly string[]): Promise<number>;
}

/** All commands, in the order in which an author needs them. */
export const commands: readonly Command[] = [createCommand, devCommand, recordCommand, testCommand, packCommand];

/** What is printed without a command. */
export function usage(): string {
  const width = Math.max(...commands.map(({ name, takes }) => name.length + takes.length + 1));
  const lines = commands.map(({ name, takes, does }) => `  ${`${name} ${takes}`.padEnd(width)}  ${does}`);
  return `npm run plugin -- <command>\n\n${lines.join('\n')}\n`;
}
