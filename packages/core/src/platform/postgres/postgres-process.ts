import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, readdirSync, readlinkSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UnavailableError } from '#kernel/errors';
import type { PostgresAccount } from './postgres-account.ts';

/** How one server process is started. */
export interface PostgresProcessOptions {
  readonly binary: string;
  readonly cluster: string;
  readonly logFile: string;
  readonly port: number;
  readonly account: PostgresAccount;
  readonly settings: Readonly<Record<string, string>>;
}

/** A running server. `exited` settles when it is gone, whoever ended it. */
export interface PostgresProcess {
  readonly exited: Promise<number>;
  stop(): Promise<void>;
}

/**
 * Waits for the end of its input and then asks the server to stop: so the server ends with us, however we end.
 * SIGINT is PostgreSQL's fast shutdown: open transactions are rolled back, what was committed is on disk.
 */
const guard = `exec 3<&0
"$@" </dev/null 3<&- &
server=$!
(read -r nothing <&3; kill -INT $server 2>/dev/null) &
reader=$!
exec 3<&-
wait $server
code=$?
kill $reader 2>/dev/null
exit $code`;

const environment = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Makes a new cluster in an empty folder that the account owns. */
export function runInitdb(
  initdb: string,
  folder: string,
  options: { account: PostgresAccount; passwordFile: string; isFast: boolean },
): { isDone: boolean; output: string } {
  const [file = '', ...args] = [
    ...options.account.wrapper,
    initdb,
    `--pgdata=${folder}`,
    '--username=postgres',
    `--pwfile=${options.passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Sorts and folds the same on every machine, and no later library can change an index's order.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--no-instructions',
    ...(options.isFast ? ['--no-sync'] : []),
  ];
  const { status, stdout, stderr, error } = spawnSync(file, args, {
    ...spawnOptions(options.account),
    encoding: 'utf8',
  });
  return { isDone: status === 0, output: error?.message ?? `${stdout}\n${stderr}` };
}

function spawnOptions(account: PostgresAccount): { cwd: string; env: NodeJS.ProcessEnv; uid?: number; gid?: number } {
  const ids = account.uid === undefined || account.gid === undefined ? {} : { uid: account.uid, gid: account.gid };
  // Our working folder may be one that the account cannot enter.
  return { cwd: '/', env: process.platform === 'win32' ? process.env : environment, ...ids };
}

/**
 * Starts the server and waits until it accepts connections.
 *
 * @throws UnavailableError `postgres.not-started` with the last line that the server wrote
 */
export async function startPostgresProcess(options: PostgresProcessOptions): Promise<PostgresProcess> {
  const settings = Object.entries({ ...options.settings, port: String(options.port) });
  const command = [
    options.binary,
    '-D',
    options.cluster,
    ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const isWindows = process.platform === 'win32';
  const [file = '', ...args] = isWindows
    ? command
    : [...options.account.wrapper, '/bin/sh', '-c', guard, 'sh', ...command];
  const logStart = rotateLog(options.logFile);
  const log = openSync(options.logFile, 'a', 0o600);
  // A group of its own: Ctrl-C in the terminal is for the application, which stops the server when it has drained.
  const child = spawn(file, args, {
    ...spawnOptions(options.account),
    detached: !isWindows,
    stdio: ['pipe', log, log],
  });
  closeSync(log);
  const exited = new Promise<number>((resolve) => {
    child.once('error', () => resolve(-1));
    child.once('exit', (code) => resolve(code ?? -1));
  });
  child.stdin?.on('error', () => {});
  const hasExited = exited.then(() => 'exited' as const);
  while (!isReady(options.cluster, options.port)) {
    if ((await Promise.race([sleep(25), hasExited])) === 'exited') {
      throw new UnavailableError('postgres.not-started', lastProblem(options.logFile, logStart));
    }
  }
  return { exited, stop: () => stopProcess(child, exited) };
}

async function stopProcess(child: ChildProcess, exited: Promise<number>): Promise<void> {
  child.stdin?.end();
  if (process.platform === 'win32') child.kill();
  await exited;
}

/** Keeps the log from growing for ever; answers where this start's lines begin. */
function rotateLog(path: string): number {
  try {
    const { size } = statSync(path);
    if (size < 20 * 1024 * 1024) return size;
    truncateSync(path);
  } catch {
    // There is no log yet.
  }
  return 0;
}

function lastProblem(logFile: string, from: number): string {
  const lines = readFileSync(logFile).subarray(from).toString().split('\n');
  const problem = lines.findLast((line) => /FATAL|PANIC|could not|cannot|error/i.test(line)) ?? lines.findLast(Boolean);
  return `PostgreSQL did not start: ${problem?.replace(/^.*?(FATAL|PANIC):\s*/, '') ?? 'no reason given'} (log: ${logFile})`;
}

/** The server writes its state as the eighth line of postmaster.pid, after its port as the fourth. */
function isReady(cluster: string, port: number): boolean {
  const lines = readPidFile(cluster);
  return lines[3]?.trim() === String(port) && lines[7]?.trim() === 'ready';
}

function readPidFile(cluster: string): readonly string[] {
  try {
    return readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

/**
 * Ends what a killed instance left behind on this cluster: a server without a parent, or its sessions without a server.
 * Call it only while holding the data folder's lock.
 */
export async function stopOrphans(cluster: string): Promise<void> {
  const server = Number(readPidFile(cluster)[0]);
  if (server > 0 && belongsTo(server, cluster)) {
    await endProcess(server, [
      ['SIGINT', 30_000],
      ['SIGQUIT', 5_000],
      ['SIGKILL', 5_000],
    ]);
  }
  for (const session of processesIn(cluster)) {
    // They notice by themselves that the server is gone, unless they are deep in a long query.
    await endProcess(session, [
      ['SIGQUIT', 2_000],
      ['SIGKILL', 5_000],
    ]);
  }
  // It would say that a server is ready which is not.
  rmSync(join(cluster, 'postmaster.pid'), { force: true });
}

async function endProcess(pid: number, steps: readonly (readonly [NodeJS.Signals, number])[]): Promise<void> {
  for (const [signal, patienceMs] of steps) {
    if (!sendSignal(pid, signal)) return;
    for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += 50) {
      if (!sendSignal(pid, 0)) return;
      await sleep(50);
    }
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return !isZombie(pid);
  } catch {
    return false;
  }
}

/** An ended process that nobody has waited for still answers signals. */
function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return false;
  }
}

function belongsTo(pid: number, cluster: string): boolean {
  if (process.platform === 'linux') return processesIn(cluster).includes(pid);
  const { stdout } = spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
  return stdout?.includes(cluster) === true;
}

/** All processes of a server have its cluster as working folder. */
function processesIn(cluster: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && workingFolder(pid) === cluster && processName(pid) === 'postgres');
}

function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

function processName(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}
