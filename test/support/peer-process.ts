import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server of the system that a test started. */
export interface PeerProcess {
  readonly hasEnded: boolean;
  /** What it wrote last, for a message that says why it did not start. */
  lastWords(): string;
  stop(): Promise<void>;
}

/** A folder that is removed with the peer. All of it belongs to the account that peers run as. */
export interface PeerFolder {
  readonly path: string;
  /** Writes a file that only the peer can read, and says where. */
  write(name: string, text: string): string;
  remove(): void;
}

// Debian's `nobody` and `nogroup`. These servers refuse to run as root, or should not.
const account = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;

/** Makes a folder in the system's folder for temporary files. */
export function makePeerFolder(name: string): PeerFolder {
  const path = mkdtempSync(join(tmpdir(), `bailiwick-${name}-`));
  chmodSync(path, 0o700);
  const own = (file: string): void => {
    if (account !== undefined) chownSync(file, account.uid, account.gid);
  };
  own(path);
  return {
    path,
    write: (file, text) => {
      const target = join(path, file);
      writeFileSync(target, text, { mode: 0o600 });
      own(target);
      return target;
    },
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/**
 * Starts a program as an account without rights; it is ended with this process, however this process ends.
 *
 * @param name of the log in the folder
 */
export function startPeerProcess(
  name: string,
  command: readonly string[],
  options: { folder: PeerFolder; environment?: Readonly<Record<string, string>> },
): PeerProcess {
  const log = join(options.folder.path, `${name}.log`);
  const output = openSync(log, 'a');
  const identity = account === undefined ? [] : [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups'];
  const child = spawn('setpriv', ['--pdeathsig=TERM', ...identity, '--', ...command], {
    cwd: options.folder.path,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC', ...options.environment },
    stdio: ['ignore', output, output],
    detached: true,
  });
  closeSync(output);
  const exited = once(child, 'exit').catch(() => []);
  const hasEnded = (): boolean => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  return {
    get hasEnded() {
      return hasEnded();
    },
    lastWords: () => readFileSync(log, 'utf8').trimEnd().split('\n').slice(-8).join('\n'),
    stop: async () => {
      if (hasEnded() || child.pid === undefined) return;
      child.kill('SIGTERM');
      const killer = setTimeout(() => process.kill(-Number(child.pid), 'SIGKILL'), 8000);
      await exited;
      clearTimeout(killer);
    },
  };
}

/**
 * Waits until `probe` gives something.
 *
 * @param options.process whose end makes waiting pointless, and whose log says why
 */
export async function waitFor<Found>(
  what: string,
  probe: () => Promise<Found | undefined | false>,
  options: { process?: PeerProcess; timeoutMs?: number } = {},
): Promise<Found> {
  const deadline = performance.now() + (options.timeoutMs ?? 60_000);
  let problem: unknown;
  while (performance.now() < deadline && options.process?.hasEnded !== true) {
    try {
      const found = await probe();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      problem = error;
    }
    await sleep(100);
  }
  throw new Error(`No ${what}. ${options.process?.lastWords() ?? ''}`, { cause: problem });
}

/** Waits until something on this machine listens. */
export async function waitForPort(port: number, process: PeerProcess): Promise<void> {
  await waitFor(
    `listener on port ${port}`,
    async () => {
      const socket = connect(port, '127.0.0.1');
      try {
        await once(socket, 'connect');
        return true;
      } finally {
        socket.destroy();
      }
    },
    { process },
  );
}
