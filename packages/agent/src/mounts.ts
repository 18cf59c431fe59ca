import type { MachineFiles } from './machine-files.ts';

export interface Mount {
  readonly device: string;
  readonly mount: string;
  readonly type: string;
  readonly isReadOnly: boolean;
}

/** Types that hold data of their own on local disks. Network file systems are left out: asking one whose server is gone would hang the agent. */
const LOCAL = new Set([
  'ext2',
  'ext3',
  'ext4',
  'xfs',
  'btrfs',
  'zfs',
  'f2fs',
  'jfs',
  'reiserfs',
  'vfat',
  'exfat',
  'ntfs',
  'ntfs3',
  'bcachefs',
]);

/** The file systems worth watching, one for each device: bind mounts show the same space again, so the shortest path stands for all. */
export function localMounts(files: MachineFiles): Mount[] {
  const byDevice = new Map<string, Mount>();
  for (const line of (files.read('/proc/self/mounts') ?? files.read('/proc/mounts') ?? '').split('\n')) {
    const [device, mount, type, options] = line.split(' ').map(unescapeOctal);
    if (device === undefined || mount === undefined || type === undefined) continue;
    // In a container the root is an overlay; it is then all the disk that there is.
    if (!LOCAL.has(type) && !(type === 'overlay' && mount === '/')) continue;
    const known = byDevice.get(device);
    if (known !== undefined && known.mount.length <= mount.length) continue;
    byDevice.set(device, { device, mount, type, isReadOnly: (options ?? '').split(',').includes('ro') });
  }
  return [...byDevice.values()].toSorted((first, second) => (first.mount < second.mount ? -1 : 1));
}

/** The kernel writes blanks in paths as `\040`. */
function unescapeOctal(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 8)));
}
