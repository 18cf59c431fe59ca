import { existsSync, statSync } from 'node:fs';
import { fitText, LIMITS, type PendingUpdate, type Updates } from '@bailiwick/agent-protocol';
import type { AgentClock } from './clock.ts';
import { dropUndefined } from './hardware.ts';
import type { MachineFiles } from './machine-files.ts';
import type { RunCommand } from './run-command.ts';

type Found = Pick<Updates, 'manager' | 'updates' | 'error' | 'listsFetchedAt'>;

/** The updates that wait on this machine, from the lists that it has: nothing is fetched and nothing is locked. */
export async function collectUpdates(files: MachineFiles, clock: AgentClock, run: RunCommand): Promise<Updates> {
  const found = await pendingUpdates(run);
  const reboot = await rebootState(files, run);
  return { ...found, updates: found.updates.slice(0, LIMITS.updates), checkedAt: clock.now().toString(), ...reboot };
}

async function pendingUpdates(run: RunCommand): Promise<Found> {
  if (existsSync('/usr/bin/apt-get')) return aptUpdates(run);
  if (existsSync('/usr/bin/dnf')) return dnfUpdates(run);
  return { manager: 'none', updates: [] };
}

async function aptUpdates(run: RunCommand): Promise<Found> {
  const lists =
    modifiedAt('/var/lib/apt/periodic/update-success-stamp') ??
    modifiedAt('/var/cache/apt/pkgcache.bin') ??
    modifiedAt('/var/lib/apt/lists');
  const common = { manager: 'apt' as const, ...dropUndefined({ listsFetchedAt: lists }) };
  const { exitCode, stdout, stderr } = await run(
    '/usr/bin/apt-get',
    ['-s', '-q', '-o', 'Debug::NoLocking=true', 'dist-upgrade'],
    { timeoutMs: 120_000 },
  );
  if (exitCode !== 0)
    return { ...common, updates: [], error: fitText(stderr.trim() || 'apt-get gave no answer.', 2_000) };
  return { ...common, updates: parseApt(stdout) };
}

/**
 * The `Inst` lines of `apt-get -s dist-upgrade`: `Inst name [current] (candidate origin:version/suite, … [arch])`. Packages without a current version come
 * along as new dependencies; they are no update of their own.
 */
export function parseApt(text: string): PendingUpdate[] {
  return text.split('\n').flatMap((line) => {
    const match = /^Inst (\S+) \[([^\]]+)\] \((\S+) (.*?)\[([^\]]+)\]\)/.exec(line);
    const [, name, currentVersion, candidateVersion, origins, architecture] = match ?? [];
    if (name === undefined || currentVersion === undefined || candidateVersion === undefined) return [];
    const origin = (origins ?? '').trim();
    return [
      {
        // apt names the architecture where it is not the machine's own: libc6:i386.
        name: fitText(name.replace(/:[a-z0-9]+$/, ''), 300),
        currentVersion: fitText(currentVersion, 300),
        candidateVersion: fitText(candidateVersion, 300),
        isSecurity: /security/i.test(origin),
        ...dropUndefined({
          origin: origin === '' ? undefined : fitText(origin, 300),
          architecture: architecture === undefined ? undefined : fitText(architecture, 50),
        }),
      },
    ];
  });
}

async function dnfUpdates(run: RunCommand): Promise<Found> {
  const lists = dropUndefined({ listsFetchedAt: modifiedAt('/var/cache/dnf') });
  // -C works from the cache. Exit code 100 means that updates wait, 0 that none do (dnf(8)).
  const check = await run('/usr/bin/dnf', ['-C', '-q', 'check-update'], { timeoutMs: 120_000 });
  if (check.exitCode !== 0 && check.exitCode !== 100)
    return {
      manager: 'dnf',
      ...lists,
      updates: [],
      error: fitText(check.stderr.trim() || 'dnf gave no answer.', 2_000),
    };
  const security = await run('/usr/bin/dnf', ['-C', '-q', '--security', 'check-update'], { timeoutMs: 120_000 });
  const installed = await run('/usr/bin/rpm', [
    '-qa',
    '--qf',
    '%{NAME}.%{ARCH}\\t%|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE}\\n',
  ]);
  return { manager: 'dnf', ...lists, updates: parseDnf(check.stdout, security.stdout, installed.stdout) };
}

/** `dnf check-update` (`name.arch version repository`), the same for security only, and what is installed. */
export function parseDnf(all: string, security: string, installed: string): PendingUpdate[] {
  const securityRows = new Set(
    dnfRows(security).map(({ name, architecture, version }) => `${name}.${architecture} ${version}`),
  );
  const current = new Map(installed.split('\n').map((line) => line.split('\t') as [string, string]));
  return dnfRows(all).map(({ name, architecture, version, repository }) => ({
    name: fitText(name, 300),
    architecture: fitText(architecture, 50),
    candidateVersion: fitText(version, 300),
    isSecurity: securityRows.has(`${name}.${architecture} ${version}`),
    origin: fitText(repository, 300),
    ...dropUndefined({ currentVersion: current.get(`${name}.${architecture}`) }),
  }));
}

function dnfRows(text: string): { name: string; architecture: string; version: string; repository: string }[] {
  // After this heading the same packages come again, as what they replace.
  const [updates = ''] = text.split(/^Obsoleting Packages/m);
  return updates.split('\n').flatMap((line) => {
    const match = /^(\S+)\.([a-z0-9_]+)\s+(\S+)\s+(\S+)\s*$/.exec(line);
    const [, name, architecture, version, repository] = match ?? [];
    return name === undefined || architecture === undefined || version === undefined || repository === undefined
      ? []
      : [{ name, architecture, version, repository }];
  });
}

/** Debian's flag file with its list of packages; needs-restarting on the others. */
async function rebootState(
  files: MachineFiles,
  run: RunCommand,
): Promise<Pick<Updates, 'isRebootRequired' | 'rebootReasons'>> {
  const flag = files.read('/run/reboot-required') ?? files.read('/var/run/reboot-required');
  if (flag !== undefined) {
    const reasons = (files.read('/run/reboot-required.pkgs') ?? '').split('\n').filter((line) => line.trim() !== '');
    return {
      isRebootRequired: true,
      rebootReasons: [...new Set(reasons)].slice(0, 200).map((line) => fitText(line.trim(), 300)),
    };
  }
  if (!existsSync('/usr/bin/needs-restarting')) return { isRebootRequired: false, rebootReasons: [] };
  const { exitCode, stdout } = await run('/usr/bin/needs-restarting', ['-r']);
  const reasons = [...stdout.matchAll(/^\s+\*\s+(.+)$/gm)]
    .map((match) => fitText((match[1] ?? '').trim(), 300))
    .filter((reason) => reason !== '');
  return { isRebootRequired: exitCode === 1, rebootReasons: exitCode === 1 ? reasons.slice(0, 200) : [] };
}

function modifiedAt(path: string): string | undefined {
  try {
    return Temporal.Instant.fromEpochMilliseconds(Math.trunc(statSync(path).mtimeMs)).toString();
  } catch {
    return undefined;
  }
}
