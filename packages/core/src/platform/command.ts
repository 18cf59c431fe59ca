import type { TenantScope } from '#kernel/tenant-scope';

/** An option of a command, `--name value`. */
export interface CommandOption {
  readonly help: string;
  readonly isRequired?: boolean;
  /** `flag` takes no value; `list` may be given more than once or with commas. */
  readonly kind?: 'text' | 'flag' | 'list';
}

/** What a command was given, checked to be there where it is required. */
export interface CommandInput {
  text(name: string): string;
  optionalText(name: string): string | undefined;
  flag(name: string): boolean;
  list(name: string): string[];
  /** What follows the command's name without an option's name: `sla replay <file>`. */
  operand(): string;
}

/** What a command may use of the terminal and the platform. */
export interface CommandContext {
  /** The system scope of an MSP by its slug; without one, of the only MSP. Throws `msp.not-found` and `msp.ambiguous`. */
  scopeOf(slug: string | undefined): Promise<TenantScope>;
  /** The system scope of an MSP that is about to be made. */
  scopeOfNew(): TenantScope;
  /** A line of result, on standard output. */
  print(line: string): void;
  /** Who is at the terminal: the operating system's user. */
  readonly user: string;
  /** Where the server is reached, without a slash at the end. */
  readonly publicUrl: string;
}

/** One command of `npm run --silent bailiwick -- …`. */
export interface Command {
  /** One or two words: `msp create`. */
  readonly name: string;
  readonly summary: string;
  readonly options: Readonly<Record<string, CommandOption>>;
  run(input: CommandInput, context: CommandContext): Promise<void>;
}

/** What a command may use that runs without the platform. */
export interface Terminal {
  /** A line of result, on standard output. */
  print(line: string): void;
  /** The bytes of a file, or of standard input for `-`. Throws `command.unreadable`. */
  read(path: string): Promise<Uint8Array>;
}

/** A command that needs neither settings nor a database, so that it works on any machine. */
export interface OfflineCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: Readonly<Record<string, CommandOption>>;
  /** The one word that it takes beside its options; it is required. */
  readonly operand: { readonly name: string; readonly help: string };
  run(input: CommandInput, terminal: Terminal): Promise<void>;
}
