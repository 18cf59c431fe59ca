import { fitText, LIMITS, type Services } from '@bailiwick/agent-protocol';
import type { MachineFiles } from './machine-files.ts';
import type { RunCommand } from './run-command.ts';

type Service = Services['services'][number];

/** The services of this machine: systemd's where it runs, else those of /etc/init.d, else long-running processes. */
export async function collectServices(files: MachineFiles, run: RunCommand): Promise<Services> {
  // The folder is what sd_booted(3) looks for: systemctl may be installed where something else is process 1.
  if (files.list('/run/systemd/system').length > 0) {
    const units = await run(
      'systemctl',
      ['list-units', '--type=service', '--all', '--plain', '--no-legend', '--no-pager', '--full'],
      { timeoutMs: 20_000 },
    );
    const unitFiles = await run(
      'systemctl',
      ['list-unit-files', '--type=service', '--plain', '--no-legend', '--no-pager', '--full'],
      { timeoutMs: 20_000 },
    );
    if (units.exitCode === 0)
      return { manager: 'systemd', services: parseSystemd(units.stdout, unitFiles.stdout).slice(0, LIMITS.services) };
  }
  const processes = readProcesses(files);
  const scripts = files
    .list('/etc/init.d')
    .filter(
      (name) => !['README', 'functions', 'rc', 'rcS', 'single', 'skeleton'].includes(name) && !name.includes('.'),
    );
  if (scripts.length === 0) return { manager: 'processes', services: processes.slice(0, LIMITS.services) };
  const running = new Set(processes.map((service) => service.name));
  const services = scripts.map((name): Service => ({
    name: fitText(name, 300),
    state: running.has(name) || running.has(`${name}d`) ? 'running' : 'unknown',
    startMode: startModeOf(files, name),
  }));
  return { manager: 'sysvinit', services: services.slice(0, LIMITS.services) };
}

/** `systemctl list-units` and `list-unit-files`. Units that are only referred to and not installed are left out. */
export function parseSystemd(units: string, unitFiles: string): Service[] {
  const modes = new Map<string, string>();
  for (const line of unitFiles.split('\n')) {
    const [name, mode] = line.trim().split(/\s+/);
    if (name !== undefined && mode !== undefined) modes.set(name, mode);
  }
  return units.split('\n').flatMap((line) => {
    const match = /^(?:[●*○×↻] ?)?\s*(\S+)\.service\s+(\S+)\s+(\S+)\s+(\S+)\s*(.*)$/.exec(line);
    const [, name, load, active, sub, description] = match ?? [];
    if (name === undefined || load === 'not-found') return [];
    // A template's instance has the mode of its template.
    const mode = modes.get(`${name}.service`) ?? modes.get(`${name.replace(/@.*$/, '@')}.service`);
    return [
      {
        name: fitText(name, 300),
        state: systemdState(active, sub),
        startMode: systemdMode(mode),
        ...(description ? { description: fitText(description.trim(), 500) } : {}),
      },
    ];
  });
}

function systemdState(active: string | undefined, sub: string | undefined): Service['state'] {
  switch (active) {
    case 'active':
    case 'reloading':
      // One-shot services that did their work are active without a process; they are as they should be.
      return sub === 'exited' ? 'stopped' : 'running';
    case 'inactive':
      return 'stopped';
    case 'failed':
      return 'failed';
    case 'activating':
      return 'starting';
    case 'deactivating':
      return 'stopping';
    default:
      return 'unknown';
  }
}

function systemdMode(mode: string | undefined): Service['startMode'] {
  if (mode === undefined) return 'unknown';
  if (mode.startsWith('masked')) return 'masked';
  if (mode.startsWith('enabled')) return 'automatic';
  if (mode === 'disabled') return 'disabled';
  return ['static', 'indirect', 'generated', 'transient', 'alias', 'linked', 'linked-runtime'].includes(mode)
    ? 'manual'
    : 'unknown';
}

/** `S20nginx` in a folder of the usual run levels starts it. */
function startModeOf(files: MachineFiles, name: string): Service['startMode'] {
  const isStarted = [2, 3, 5].some((level) =>
    files.list(`/etc/rc${level}.d`).some((link) => /^S\d\d/.test(link) && link.slice(3) === name),
  );
  return isStarted ? 'automatic' : 'manual';
}

/** Daemons: leaders of a session without a terminal. One entry a name, its lowest process number with it. */
function readProcesses(files: MachineFiles): Service[] {
  const byName = new Map<string, number>();
  for (const pid of files
    .list('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .toSorted((first, second) => first - second)) {
    const stat = files.read(`/proc/${pid}/stat`);
    const name = stat === undefined ? undefined : stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    const [state, parent, , session, terminal] =
      stat === undefined ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Process 2 is the parent of the kernel's own threads.
    if (
      !name ||
      state === 'Z' ||
      parent === '2' ||
      pid === 2 ||
      session !== String(pid) ||
      terminal !== '0' ||
      byName.has(name)
    )
      continue;
    byName.set(name, pid);
  }
  return [...byName].map(([name, mainPid]): Service => ({
    name: fitText(name, 300),
    state: 'running',
    startMode: 'unknown',
    mainPid,
  }));
}
