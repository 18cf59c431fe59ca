import { readdirSync, readFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

/** Space of a file system as the kernel counts it. */
export interface Space {
  readonly sizeBytes: number;
  readonly usedBytes: number;
  readonly availableBytes: number;
  readonly inodes: number;
  readonly freeInodes: number;
}

/** What collectors read a machine from. Everything may be missing: containers and small systems lack most of it. */
export interface MachineFiles {
  /** The text of a file, or undefined. */
  read(path: string): string | undefined;
  /** The names in a folder, sorted; none if there is no folder. */
  list(path: string): string[];
  space(mount: string): Space | undefined;
}

/** Files below a root: `/` on a machine, a folder of recordings in tests. */
export function machineFiles(root = '/'): MachineFiles {
  return {
    read: (path) => {
      try {
        return readFileSync(join(root, path), 'utf8');
      } catch {
        return undefined;
      }
    },
    list: (path) => {
      try {
        return readdirSync(join(root, path)).toSorted();
      } catch {
        return [];
      }
    },
    space: (mount) => {
      try {
        const { bsize, blocks, bfree, bavail, files, ffree } = statfsSync(join(root, mount));
        return {
          sizeBytes: blocks * bsize,
          usedBytes: (blocks - bfree) * bsize,
          availableBytes: bavail * bsize,
          inodes: files,
          freeInodes: ffree,
        };
      } catch {
        return undefined;
      }
    },
  };
}
