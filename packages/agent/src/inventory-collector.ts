import { hostname, networkInterfaces } from 'node:os';
import { fitText, LIMITS, type Evidence, type Inventory } from '@bailiwick/agent-protocol';
import type { AgentClock } from './clock.ts';
import { dropUndefined, readDiskInventory, readHardware, readSerialNumber, readSmbiosUuid } from './hardware.ts';
import type { MachineFiles } from './machine-files.ts';
import { localMounts } from './mounts.ts';
import type { RunCommand } from './run-command.ts';

const MAC = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/;
const NO_MAC = '00:00:00:00:00:00';

/** What this machine is, read from the kernel and os-release. */
export async function collectInventory(
  files: MachineFiles,
  clock: AgentClock,
  run: RunCommand,
  agentVersion: string,
): Promise<Inventory> {
  const virtualization = await run('systemd-detect-virt', [], { timeoutMs: 5_000 });
  const detected = virtualization.stdout.trim() === '' ? detectContainer(files) : virtualization.stdout.trim();
  const filesystems = localMounts(files).flatMap(({ mount, device, type, isReadOnly }) => {
    const space = files.space(mount);
    if (space === undefined) return [];
    const { sizeBytes, usedBytes, availableBytes } = space;
    return [
      {
        mount: fitText(mount, 1_000),
        device: fitText(device, 1_000),
        type,
        isReadOnly,
        sizeBytes,
        usedBytes,
        availableBytes,
      },
    ];
  });
  return {
    hostname: machineHostname(),
    hardware: readHardware(files, detected),
    operatingSystem: readOperatingSystem(files, clock),
    disks: readDiskInventory(files).slice(0, LIMITS.disks),
    filesystems: filesystems.slice(0, LIMITS.filesystems),
    networkInterfaces: readInterfaces(files).slice(0, LIMITS.networkInterfaces),
    agentVersion,
  };
}

/** The machine's own name. */
export function machineHostname(): string {
  return fitText(hostname() || 'unnamed', 253);
}

/** What tells this machine from another. */
export function collectEvidence(files: MachineFiles): Evidence {
  const macAddresses = files
    .list('/sys/class/net')
    // Bridges and cables of containers have made-up addresses that change; a real card has a device behind it.
    .filter((name) => files.list(`/sys/class/net/${name}/device`).length > 0)
    .map((name) => files.read(`/sys/class/net/${name}/address`)?.trim().toLowerCase() ?? '')
    .filter((address) => MAC.test(address) && address !== NO_MAC);
  return {
    ...dropUndefined({
      smbiosUuid: readSmbiosUuid(files),
      serialNumber: readSerialNumber(files),
      machineId: readMachineId(files),
    }),
    macAddresses: [...new Set(macAddresses)].slice(0, 64),
  };
}

/** The boot that the machine is in, if it tells. */
export function readBootId(files: MachineFiles): string | undefined {
  const id = files.read('/proc/sys/kernel/random/boot_id')?.trim();
  return id !== undefined && /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)
    ? id
    : undefined;
}

function readMachineId(files: MachineFiles): string | undefined {
  const id = (files.read('/etc/machine-id') ?? files.read('/var/lib/dbus/machine-id'))?.trim();
  return id !== undefined && /^[0-9a-f]{32}$/.test(id) ? id : undefined;
}

function detectContainer(files: MachineFiles): string | undefined {
  if (files.read('/.dockerenv') !== undefined) return 'docker';
  return /^flags\s*:.*\bhypervisor\b/m.test(files.read('/proc/cpuinfo') ?? '') ? 'hypervisor' : undefined;
}

function readOperatingSystem(files: MachineFiles, clock: AgentClock): Inventory['operatingSystem'] {
  const release = parseOsRelease(files.read('/etc/os-release') ?? files.read('/usr/lib/os-release') ?? '');
  const uptimeSeconds = Number(files.read('/proc/uptime')?.split(' ')[0] ?? '0');
  const version = release.get('VERSION_ID') ?? release.get('BUILD_ID');
  const timeZone = files.read('/etc/timezone')?.trim();
  return {
    family: process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux',
    distribution: fitText(release.get('ID') || 'unknown', 100),
    name: fitText(release.get('PRETTY_NAME') || release.get('NAME') || 'Linux', 200),
    kernel: fitText(files.read('/proc/sys/kernel/osrelease')?.trim() || 'unknown', 200),
    architecture: process.arch,
    // To the whole minute: uptime and clock drift apart, and each drift would look like a changed machine.
    bootedAt: clock
      .now()
      .subtract({ milliseconds: Math.round(uptimeSeconds * 1000) })
      .round({ smallestUnit: 'minute' })
      .toString(),
    ...dropUndefined({
      version: version === undefined || version === '' ? undefined : fitText(version, 100),
      machineId: readMachineId(files),
      timeZone: timeZone === undefined || timeZone === '' ? Temporal.Now.timeZoneId() : fitText(timeZone, 64),
    }),
  };
}

/** os-release(5): shell assignments, quoted or not. */
export function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([A-Z][A-Z0-9_]*)=(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S*))\s*$/.exec(line);
    if (match?.[1] !== undefined)
      values.set(match[1], (match[2]?.replaceAll(/\\(.)/g, '$1') ?? match[3] ?? match[4] ?? '').trim());
  }
  return values;
}

function readInterfaces(files: MachineFiles): Inventory['networkInterfaces'] {
  const addresses = networkInterfaces();
  return files
    .list('/sys/class/net')
    .filter((name) => name !== 'lo')
    .map((name) => {
      const read = (field: string): string | undefined => files.read(`/sys/class/net/${name}/${field}`)?.trim();
      const mac = read('address')?.toLowerCase();
      const speed = Number(read('speed') ?? Number.NaN);
      const mtu = Number(read('mtu') ?? Number.NaN);
      return {
        name: fitText(name, 100),
        // `unknown` is what drivers without carrier detection say (tun, wireguard, virtio in some kernels) while they work.
        isUp: ['up', 'unknown'].includes(read('operstate') ?? ''),
        addresses: (addresses[name] ?? [])
          .flatMap(({ cidr }) => (cidr === null ? [] : [cidr]))
          .slice(0, LIMITS.addressesPerInterface),
        ...dropUndefined({
          macAddress: mac !== undefined && MAC.test(mac) && mac !== NO_MAC ? mac : undefined,
          speedMbit: Number.isInteger(speed) && speed > 0 ? speed : undefined,
          mtu: Number.isInteger(mtu) && mtu > 0 ? mtu : undefined,
        }),
      };
    });
}
