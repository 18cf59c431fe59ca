import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  evidenceSchema,
  inventorySchema,
  servicesSchema,
  softwareSchema,
  updatesSchema,
} from '@bailiwick/agent-protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { firmwareText, readDiskInventory, readHardware, readSmbiosUuid } from './hardware.ts';
import { collectEvidence, collectInventory, parseOsRelease } from './inventory-collector.ts';
import { machineFiles } from './machine-files.ts';
import { MetricsCollector } from './metrics-collector.ts';
import { readDisks, readNetwork } from './metrics-readings.ts';
import { localMounts } from './mounts.ts';
import { runCommand } from './run-command.ts';
import { collectServices, parseSystemd } from './services-collector.ts';
import { collectSoftware, parseDpkg, parseRpm } from './software-collector.ts';
import { collectUpdates, parseApt, parseDnf } from './updates-collector.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bailiwick-machine-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

describe('MetricsCollector', () => {
  // Recorded on a Debian 12 virtual machine, ten seconds apart, cut to the lines that are read.
  const first = {
    '/proc/stat': 'cpu  10000 200 3000 80000 500 10 90 200 0 0\ncpu0 1 1 1 1\n',
    '/proc/diskstats':
      ' 254       0 vda 1000 5 20000 100 2000 7 40000 300 0 5000 400\n 254       1 vda1 1 1 1 1 1 1 1 1 0 1 1\n   7       0 loop0 9 0 9 0 9 0 9 0 0 9 9\n',
    '/proc/net/dev':
      'Inter-|   Receive\n face |bytes\n    lo: 5 5 0 0 0 0 0 0 5 5 0 0 0 0 0 0\n  eth0: 1000 10 1 0 0 0 0 0 2000 20 0 1 0 0 0 0\n  ifb0: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n',
    '/proc/meminfo':
      'MemTotal:        8000000 kB\nMemFree:          500000 kB\nMemAvailable:    6000000 kB\nSwapTotal:       1000000 kB\nSwapFree:         750000 kB\nHugePages_Total:       0\n',
    '/proc/loadavg': '0.52 0.58 0.59 2/345 12345\n',
    '/proc/uptime': '3600.50 7000.00\n',
  };
  const second = {
    '/proc/stat': 'cpu  10300 200 3100 80500 550 10 90 250 0 0\n',
    '/proc/diskstats': ' 254       0 vda 1100 5 40000 100 2050 7 40000 300 0 7500 400\n',
    '/proc/net/dev': '  eth0: 11000 110 1 0 0 0 0 0 500 30 0 11 0 0 0 0\n',
  };

  it('tells rates between two readings and levels of the last', () => {
    let nowMs = 0;
    const collector = new MetricsCollector(machineFiles(root), () => nowMs);
    write(first);
    const before = collector.collect({ spoolBytes: 0, memoryBytes: 0 });
    expect(before.series).not.toContain('cpu.usage_percent');
    nowMs = 10_000;
    write(second);
    const { series, values } = collector.collect({ spoolBytes: 7, memoryBytes: 8 });
    const found = Object.fromEntries(series.map((text, index) => [text, values[index]]));
    expect(found).toMatchObject({
      'cpu.usage_percent': 45,
      'cpu.user_percent': 30,
      'cpu.system_percent': 10,
      'cpu.iowait_percent': 5,
      'cpu.steal_percent': 5,
      'disk.read_bytes_per_second{device="vda"}': 1_024_000,
      'disk.written_bytes_per_second{device="vda"}': 0,
      'disk.read_operations_per_second{device="vda"}': 10,
      'disk.busy_percent{device="vda"}': 25,
      'network.received_bytes_per_second{interface="eth0"}': 1000,
      'network.errors_per_second{interface="eth0"}': 1,
      'memory.used_percent': 25,
      'swap.used_bytes': 250_000 * 1024,
      'load.average_5m': 0.58,
      'system.uptime_seconds': 3600.5,
      'agent.spool_bytes': 7,
    });
    // The counter went back: no rate can be told, and a negative one would be a lie.
    expect(found).not.toHaveProperty('network.sent_bytes_per_second{interface="eth0"}');
  });

  it('reads nothing where there is nothing', () => {
    const collector = new MetricsCollector(machineFiles(root));
    collector.collect({ spoolBytes: 0, memoryBytes: 0 });
    expect(collector.collect({ spoolBytes: 1, memoryBytes: 2 }).series).toEqual([
      'agent.spool_bytes',
      'agent.memory_bytes',
    ]);
  });

  it('leaves out partitions, loops, loopback and what never moved a byte', () => {
    write(first);
    expect([...readDisks(machineFiles(root)).keys()]).toEqual(['vda']);
    expect([...readNetwork(machineFiles(root)).keys()]).toEqual(['eth0']);
  });
});

describe('localMounts', () => {
  it('takes one mount a device, local types only, and reads blanks in paths', () => {
    write({
      '/proc/self/mounts': [
        '/dev/sda1 / ext4 rw,relatime 0 0',
        '/dev/sda1 /var/lib/docker/bind ext4 rw 0 0',
        'tmpfs /run tmpfs rw 0 0',
        'nas:/export /mnt/nas nfs4 rw 0 0',
        String.raw`/dev/sdb1 /srv/my\040data xfs ro,noatime 0 0`,
      ].join('\n'),
    });
    expect(localMounts(machineFiles(root))).toEqual([
      { device: '/dev/sda1', mount: '/', type: 'ext4', isReadOnly: false },
      { device: '/dev/sdb1', mount: '/srv/my data', type: 'xfs', isReadOnly: true },
    ]);
  });
});

describe('readHardware', () => {
  it('believes no placeholder and no uuid of zeros', () => {
    for (const text of ['To Be Filled By O.E.M.', 'Default string', 'None', '0000', 'System Serial Number', ' ', 'N/A'])
      expect(firmwareText(text)).toBeUndefined();
    expect(firmwareText('Raspberry Pi 4\0')).toBe('Raspberry Pi 4');
    write({ '/sys/class/dmi/id/product_uuid': '00000000-0000-0000-0000-000000000000\n' });
    expect(readSmbiosUuid(machineFiles(root))).toBeUndefined();
    write({ '/sys/class/dmi/id/product_uuid': '4C4C4544-0042-4410-8053-B4C04F4E3732\n' });
    expect(readSmbiosUuid(machineFiles(root))).toBe('4c4c4544-0042-4410-8053-b4c04f4e3732');
  });

  it('counts sockets, cores and threads', () => {
    const thread = (processor: number, core: number): string =>
      `processor\t: ${processor}\nmodel name\t: Xeon\nphysical id\t: 0\ncore id\t\t: ${core}\n\n`;
    write({
      '/proc/cpuinfo': thread(0, 0) + thread(1, 1) + thread(2, 0) + thread(3, 1),
      '/proc/meminfo': 'MemTotal: 1024 kB\n',
    });
    expect(readHardware(machineFiles(root), 'kvm')).toEqual({
      cpuModel: 'Xeon',
      cpuSockets: 1,
      cpuCores: 2,
      cpuThreads: 4,
      memoryBytes: 1_048_576,
      swapBytes: 0,
      virtualization: 'kvm',
    });
  });

  it('tells spinning from solid and virtual disks', () => {
    write({
      '/sys/block/sda/size': '2000\n',
      '/sys/block/sda/queue/rotational': '1\n',
      '/sys/block/sda/device/model': 'WDC WD10 \n',
      '/sys/block/nvme0n1/size': '4000\n',
      '/sys/block/nvme0n1/queue/rotational': '0\n',
      '/sys/block/nvme0n1/device/serial': 'S4X\n',
      '/sys/block/vda/size': '8\n',
      '/sys/block/loop0/size': '8\n',
    });
    expect(readDiskInventory(machineFiles(root))).toEqual([
      { name: 'nvme0n1', sizeBytes: 2_048_000, kind: 'ssd', serialNumber: 'S4X' },
      { name: 'sda', sizeBytes: 1_024_000, kind: 'hdd', model: 'WDC WD10' },
      { name: 'vda', sizeBytes: 4096, kind: 'virtual' },
    ]);
  });
});

describe('parseOsRelease', () => {
  it('reads quoted, single-quoted and plain values', () => {
    const values = parseOsRelease(`ID=debian\nPRETTY_NAME="Debian \\"12\\""\nNAME='X Y'\n# comment\nBROKEN\n`);
    expect(Object.fromEntries(values)).toEqual({ ID: 'debian', PRETTY_NAME: 'Debian "12"', NAME: 'X Y' });
  });
});

describe('parseSystemd', () => {
  it('reads states and start modes, templates included', () => {
    const units = [
      '  ssh.service            loaded    active   running OpenBSD Secure Shell server',
      '● nginx.service          loaded    failed   failed  A high performance web server',
      '  getty@tty1.service     loaded    active   running Getty on tty1',
      '  fstrim.service         loaded    inactive dead    Discard unused blocks',
      '  apparmor.service       loaded    active   exited  Load AppArmor profiles',
      '● auditd.service         not-found inactive dead    auditd.service',
    ].join('\n');
    const modes =
      'ssh.service enabled enabled\nnginx.service disabled enabled\ngetty@.service enabled enabled\nfstrim.service static -\n';
    expect(parseSystemd(units, modes)).toEqual([
      { name: 'ssh', state: 'running', startMode: 'automatic', description: 'OpenBSD Secure Shell server' },
      { name: 'nginx', state: 'failed', startMode: 'disabled', description: 'A high performance web server' },
      { name: 'getty@tty1', state: 'running', startMode: 'automatic', description: 'Getty on tty1' },
      { name: 'fstrim', state: 'stopped', startMode: 'manual', description: 'Discard unused blocks' },
      { name: 'apparmor', state: 'stopped', startMode: 'unknown', description: 'Load AppArmor profiles' },
    ]);
  });
});

describe('package lists', () => {
  it('of dpkg: installed ones only, the publisher without address', () => {
    const text =
      'installed\tbash\t5.2-1\tamd64\t7164\tMatthias Klose <doko@debian.org>\nconfig-files\told\t1\tall\t\tx\n';
    expect(parseDpkg(text, () => '2025-01-01T00:00:00Z')).toEqual([
      {
        name: 'bash',
        version: '5.2-1',
        manager: 'deb',
        architecture: 'amd64',
        sizeBytes: 7164 * 1024,
        publisher: 'Matthias Klose',
        installedAt: '2025-01-01T00:00:00Z',
      },
    ]);
  });

  it('of rpm: with epoch, without signing keys', () => {
    const text =
      'bind-libs\t32:9.16.23-11.el9\tx86_64\t3145728\t1700000000\tRocky\ngpg-pubkey\t1-2\t(none)\t0\t1700000000\t(none)\n';
    expect(parseRpm(text)).toEqual([
      {
        name: 'bind-libs',
        version: '32:9.16.23-11.el9',
        manager: 'rpm',
        architecture: 'x86_64',
        sizeBytes: 3_145_728,
        publisher: 'Rocky',
        installedAt: '2023-11-14T22:13:20Z',
      },
    ]);
  });
});

describe('pending updates', () => {
  it('of apt: updates only, security told by the origin', () => {
    const text = [
      'Reading package lists...',
      'Inst libc6 [2.36-9+deb12u10] (2.36-9+deb12u13 Debian:12.15/oldstable, Debian-Security:12/oldstable-security [amd64]) []',
      'Inst libc6:i386 [2.36-9+deb12u10] (2.36-9+deb12u13 Debian:12.15/oldstable [i386])',
      'Inst linux-image-6.1.0-40-amd64 (6.1.153-1 Debian:12.15/oldstable [amd64])',
      'Conf libc6 (2.36-9+deb12u13 Debian:12.15/oldstable [amd64])',
    ].join('\n');
    expect(parseApt(text)).toEqual([
      {
        name: 'libc6',
        currentVersion: '2.36-9+deb12u10',
        candidateVersion: '2.36-9+deb12u13',
        isSecurity: true,
        origin: 'Debian:12.15/oldstable, Debian-Security:12/oldstable-security',
        architecture: 'amd64',
      },
      {
        name: 'libc6',
        currentVersion: '2.36-9+deb12u10',
        candidateVersion: '2.36-9+deb12u13',
        isSecurity: false,
        origin: 'Debian:12.15/oldstable',
        architecture: 'i386',
      },
    ]);
  });

  it('of dnf: security told by the second list, replaced packages left out', () => {
    const all =
      '\nopenssl.x86_64    1:3.0.7-28.el9   baseos\nvim.x86_64  2:8.2-20.el9  appstream\nObsoleting Packages\nold.x86_64  1-1 baseos\n';
    const installed = 'openssl.x86_64\t1:3.0.7-27.el9\n';
    expect(parseDnf(all, 'openssl.x86_64 1:3.0.7-28.el9 baseos\n', installed)).toEqual([
      {
        name: 'openssl',
        architecture: 'x86_64',
        candidateVersion: '1:3.0.7-28.el9',
        isSecurity: true,
        origin: 'baseos',
        currentVersion: '1:3.0.7-27.el9',
      },
      { name: 'vim', architecture: 'x86_64', candidateVersion: '2:8.2-20.el9', isSecurity: false, origin: 'appstream' },
    ]);
  });
});

describe('on this machine and on an empty one', () => {
  it('everything collected is what the protocol takes', async () => {
    for (const files of [machineFiles(), machineFiles(root)]) {
      inventorySchema.parse(await collectInventory(files, systemClock, runCommand, '0.1.0'));
      servicesSchema.parse(await collectServices(files, runCommand));
      evidenceSchema.parse(collectEvidence(files));
    }
    updatesSchema.parse(await collectUpdates(machineFiles(), systemClock, runCommand));
    const software = await collectSoftware(runCommand);
    if (software !== undefined) softwareSchema.parse(software);
  }, 90_000);
});
