import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../packages/plugin-kit/src/cli.ts', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));

/** `npm run plugin -- …` as a process of its own, called from a folder outside of the repository. */
export interface PluginCommand extends AsyncDisposable {
  readonly child: ChildProcess;
  /** All that it printed so far. */
  output(): string;
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number | null>;
  /** Waits until it has printed this, after all that was printed when it was called. */
  prints(text: RegExp): Promise<void>;
}

/** Starts one. */
export function startPluginCommand(
  folder: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): PluginCommand {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', cli, ...args], {
    cwd: root,
    env: { ...process.env, INIT_CWD: folder, NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => (text += part));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    output: () => text,
    ended,
    async prints(wanted) {
      const from = text.length;
      while (!wanted.test(text.slice(from))) {
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`It ended without ${wanted}: ${text}`);
        await setTimeout(10);
      }
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Runs one to its end. */
export async function runPluginCommand(
  folder: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly output: string }> {
  await using command = startPluginCommand(folder, args, environment);
  const code = await command.ended;
  return { code, output: command.output() };
}
