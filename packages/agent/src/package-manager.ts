import { existsSync } from 'node:fs';
import type { InstallUpdatesPayload } from '@bailiwick/agent-protocol';
import { runCommand } from './run-command.ts';

/** How updates are installed on this machine. */
export interface PackageManager {
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Fetches the lists first, where installing alone would not. */
  readonly refresh?: readonly string[];
  install(packages: InstallUpdatesPayload['packages']): string[];
  /** The installed version of each package that is installed. */
  installedVersions(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

// Configuration files that a person changed stay; a package that wants to ask would otherwise wait for ever.
const APT_OPTIONS = [
  '-y',
  '-q',
  '-o',
  'Dpkg::Options::=--force-confdef',
  '-o',
  'Dpkg::Options::=--force-confold',
  '-o',
  'DPkg::Lock::Timeout=120',
];

const apt: PackageManager = {
  file: '/usr/bin/apt-get',
  environment: { DEBIAN_FRONTEND: 'noninteractive', APT_LISTCHANGES_FRONTEND: 'none', NEEDRESTART_MODE: 'l' },
  refresh: ['update', '-q'],
  install: (packages) => [
    'install',
    '--only-upgrade',
    ...APT_OPTIONS,
    '--',
    ...packages.map(({ name, version }) => (version === undefined ? name : `${name}=${version}`)),
  ],
  installedVersions: async (names) => {
    const { stdout } = await runCommand('/usr/bin/dpkg-query', [
      '-W',
      '-f',
      '${db:Status-Status}\t${Package}\t${Version}\n',
      '--',
      ...names,
    ]);
    return versionsIn(
      stdout
        .split('\n')
        .filter((line) => line.startsWith('installed\t'))
        .map((line) => line.slice('installed\t'.length)),
    );
  },
};

const dnf: PackageManager = {
  file: '/usr/bin/dnf',
  environment: {},
  install: (packages) => [
    'upgrade',
    '-y',
    ...packages.map(({ name, version }) => (version === undefined ? name : `${name}-${version}`)),
  ],
  installedVersions: async (names) => {
    const { stdout } = await runCommand('/usr/bin/rpm', ['-q', '--qf', '%{NAME}\\t%{VERSION}-%{RELEASE}\\n', ...names]);
    return versionsIn(stdout.split('\n'));
  },
};

function versionsIn(lines: readonly string[]): Map<string, string> {
  const versions = new Map<string, string>();
  for (const line of lines) {
    const [name, version] = line.split('\t');
    if (name !== undefined && version !== undefined) versions.set(name, version);
  }
  return versions;
}

/** The package manager of this machine, or undefined. */
export function packageManager(): PackageManager | undefined {
  return [apt, dnf].find((manager) => existsSync(manager.file));
}
