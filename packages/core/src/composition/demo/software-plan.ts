import type { Random } from './random.ts';

/** An operating system with what usually runs on it. */
export interface SystemPlan {
  readonly family: 'linux' | 'windows' | 'macos';
  readonly distribution?: string;
  readonly name: string;
  readonly version: string;
  readonly kernel: string;
  readonly mount: string;
  readonly manager: string;
  readonly kinds: readonly string[];
  readonly share: number;
  readonly packages: readonly (readonly [name: string, version: string, publisher: string])[];
  readonly services: readonly string[];
}

/** An update that machines may wait for. */
export interface UpdatePlan {
  readonly name: string;
  readonly installed: string;
  readonly candidate: string;
  readonly isSecurity: boolean;
}

const DEBIAN = [
  ['openssl', '3.5.1-1', 'Debian'],
  ['openssh-server', '1:10.0p1-7', 'Debian'],
  ['linux-image-amd64', '6.12.48-1', 'Debian'],
  ['nginx', '1.26.3-3', 'Debian'],
  ['postgresql-17', '17.6-0+deb13u1', 'Debian'],
  ['curl', '8.14.1-2', 'Debian'],
  ['sudo', '1.9.16p2-3', 'Debian'],
  ['libc6', '2.41-12', 'Debian'],
  ['systemd', '257.8-1', 'Debian'],
  ['python3', '3.13.5-1', 'Debian'],
  ['git', '1:2.47.3-0', 'Debian'],
  ['rsync', '3.4.1+ds1-5', 'Debian'],
  ['samba', '2:4.22.4+dfsg-1', 'Debian'],
  ['bind9-libs', '1:9.20.11-4', 'Debian'],
  ['libxml2', '2.12.7+dfsg-2', 'Debian'],
  ['vim', '2:9.1.1230-2', 'Debian'],
  ['tzdata', '2026a-0', 'Debian'],
  ['chrony', '4.6.1-3', 'Debian'],
  ['fail2ban', '1.1.0-8', 'Debian'],
  ['restic', '0.18.0-1', 'Debian'],
] as const;

const WINDOWS = [
  ['Microsoft Edge', '141.0.3537.57', 'Microsoft Corporation'],
  ['Microsoft 365 Apps for business', '16.0.19127.20264', 'Microsoft Corporation'],
  ['Microsoft Teams', '25241.203.3947.4411', 'Microsoft Corporation'],
  ['Microsoft OneDrive', '25.179.0914.0003', 'Microsoft Corporation'],
  ['Google Chrome', '141.0.7390.55', 'Google LLC'],
  ['Mozilla Firefox', '143.0.4', 'Mozilla'],
  ['Adobe Acrobat (64-bit)', '25.001.20756', 'Adobe'],
  ['7-Zip 25.01 (x64)', '25.01', 'Igor Pavlov'],
  ['Zoom Workplace', '6.6.1.15968', 'Zoom Communications, Inc.'],
  ['Notepad++ (64-bit x64)', '8.8.5', 'Notepad++ Team'],
  ['VLC media player', '3.0.21', 'VideoLAN'],
  ['FortiClient VPN', '7.4.3.1790', 'Fortinet Technologies'],
  ['Bitwarden', '2026.9.0', 'Bitwarden Inc.'],
  ['Microsoft Visual C++ 2022 Redistributable (x64)', '14.44.35211', 'Microsoft Corporation'],
  ['Dell Command | Update', '5.5.0', 'Dell Inc.'],
  ['PuTTY release 0.83 (64-bit)', '0.83.0.0', 'Simon Tatham'],
] as const;

/** The systems of the demo's machines and how common each is. */
export const SYSTEMS: readonly SystemPlan[] = [
  {
    family: 'linux',
    distribution: 'debian',
    name: 'Debian GNU/Linux 13 (trixie)',
    version: '13',
    kernel: '6.12.48+deb13-amd64',
    mount: '/',
    manager: 'deb',
    kinds: ['server', 'hypervisor'],
    share: 4,
    packages: DEBIAN,
    services: ['ssh', 'cron', 'chrony', 'nginx', 'postgresql', 'fail2ban', 'systemd-journald', 'rsyslog', 'smbd'],
  },
  {
    family: 'linux',
    distribution: 'ubuntu',
    name: 'Ubuntu 24.04.3 LTS',
    version: '24.04',
    kernel: '6.8.0-84-generic',
    mount: '/',
    manager: 'deb',
    kinds: ['server'],
    share: 3,
    packages: DEBIAN.map(([name, version]) => [name, `${version}ubuntu1`, 'Ubuntu'] as const),
    services: ['ssh', 'cron', 'systemd-timesyncd', 'docker', 'unattended-upgrades', 'systemd-journald', 'ufw', 'snapd'],
  },
  {
    family: 'linux',
    distribution: 'ubuntu',
    name: 'Ubuntu Desktop 24.04.3 LTS',
    version: '24.04',
    kernel: '6.14.0-33-generic',
    mount: '/',
    manager: 'deb',
    kinds: ['workstation'],
    share: 1,
    packages: DEBIAN.slice(0, 12).map(([name, version]) => [name, `${version}ubuntu1`, 'Ubuntu'] as const),
    services: ['gdm', 'cups', 'NetworkManager', 'avahi-daemon', 'systemd-timesyncd', 'snapd'],
  },
  {
    family: 'windows',
    name: 'Windows Server 2022 Standard',
    version: '10.0.20348',
    kernel: '10.0.20348.4171',
    mount: 'C:',
    manager: 'windows',
    kinds: ['server', 'hypervisor'],
    share: 4,
    packages: WINDOWS.filter(([, , publisher]) => publisher.startsWith('Microsoft') || publisher === 'Igor Pavlov'),
    services: ['NTDS', 'DNS', 'DHCPServer', 'LanmanServer', 'W32Time', 'Spooler', 'WinDefend', 'EventLog', 'VSS'],
  },
  {
    family: 'windows',
    name: 'Windows 11 Pro',
    version: '24H2',
    kernel: '10.0.26100.6725',
    mount: 'C:',
    manager: 'windows',
    kinds: ['workstation', 'laptop'],
    share: 6,
    packages: WINDOWS,
    services: [
      'Spooler',
      'WinDefend',
      'wuauserv',
      'EventLog',
      'W32Time',
      'BITS',
      'Dhcp',
      'Dnscache',
      'LanmanWorkstation',
    ],
  },
  {
    family: 'macos',
    name: 'macOS Tahoe 26.1',
    version: '26.1',
    kernel: 'Darwin 25.1.0',
    mount: '/',
    manager: 'macos',
    kinds: ['laptop'],
    share: 1,
    packages: WINDOWS.slice(1, 9).map(
      ([name, version, publisher]) => [name.replace(' (64-bit)', ''), version, publisher] as const,
    ),
    services: ['com.apple.mDNSResponder', 'com.apple.Spotlight', 'com.apple.timed', 'com.apple.coreaudiod'],
  },
];

/** What Debian and Ubuntu machines wait for. */
export const UPDATES: readonly UpdatePlan[] = [
  { name: 'openssl', installed: '3.5.1-1', candidate: '3.5.1-1+deb13u1', isSecurity: true },
  { name: 'libxml2', installed: '2.12.7+dfsg-2', candidate: '2.12.7+dfsg-2+deb13u2', isSecurity: true },
  { name: 'sudo', installed: '1.9.16p2-3', candidate: '1.9.16p2-3+deb13u1', isSecurity: true },
  { name: 'linux-image-amd64', installed: '6.12.48-1', candidate: '6.12.57-1', isSecurity: true },
  { name: 'bind9-libs', installed: '1:9.20.11-4', candidate: '1:9.20.15-1~deb13u1', isSecurity: true },
  { name: 'nginx', installed: '1.26.3-3', candidate: '1.26.3-3+deb13u1', isSecurity: true },
  { name: 'curl', installed: '8.14.1-2', candidate: '8.14.1-2+deb13u2', isSecurity: false },
  { name: 'postgresql-17', installed: '17.6-0+deb13u1', candidate: '17.7-0+deb13u1', isSecurity: false },
  { name: 'tzdata', installed: '2026a-0', candidate: '2026b-0+deb13u1', isSecurity: false },
  { name: 'systemd', installed: '257.8-1', candidate: '257.9-1~deb13u1', isSecurity: false },
  { name: 'git', installed: '1:2.47.3-0', candidate: '1:2.47.3-0+deb13u1', isSecurity: false },
  { name: 'samba', installed: '2:4.22.4+dfsg-1', candidate: '2:4.22.6+dfsg-0+deb13u1', isSecurity: false },
];

/** Some of the packages that a system usually has. */
export function planPackages(system: SystemPlan, random: Random) {
  const packages = system.packages
    .filter((_, index) => index < 4 || random.chance(0.8))
    .map(([name, version, publisher]) => ({ name, version, manager: system.manager, publisher }));
  return { isComplete: true, packages };
}

/** A system's services; now and then one that failed. */
export function planServices(system: SystemPlan, random: Random) {
  const services = system.services.map((name) => ({
    name,
    state: random.chance(0.985)
      ? ('running' as const)
      : random.chance(0.5)
        ? ('failed' as const)
        : ('stopped' as const),
    startMode: 'automatic' as const,
  }));
  return { services };
}

/** What a machine waits for; one in five waits for nothing. */
export function planUpdates(system: SystemPlan, random: Random): UpdatePlan[] {
  if (system.manager !== 'deb' || random.chance(0.2)) return [];
  const here = new Set(system.packages.map(([name]) => name));
  return UPDATES.filter((update) => here.has(update.name) && random.chance(update.isSecurity ? 0.45 : 0.6));
}
