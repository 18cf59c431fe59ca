import { spawnSync } from 'node:child_process';
import { chownSync, lstatSync, lchownSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UnavailableError } from '#kernel/errors';

/** The account that PostgreSQL runs under, and how a program is started as it. */
export interface PostgresAccount {
  /** Put before the program and its arguments. */
  readonly wrapper: readonly string[];
  /** For `spawn`; absent where PostgreSQL runs as ourselves. */
  readonly uid?: number;
  readonly gid?: number;
  /** Gives a file or folder (with all in it) to the account. */
  own(path: string): void;
}

interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Chooses the account. PostgreSQL refuses to run as root, so root starts it as an unprivileged system user; where that
 * user cannot enter the folders (a parent of mode 0700), in a user namespace, in which root's files belong to that user.
 *
 * @param folders what the account must be able to enter: the programs and the data
 * @throws UnavailableError `postgres.no-account` where neither way works
 */
export function choosePostgresAccount(folders: readonly string[]): PostgresAccount {
  if (process.getuid?.() !== 0) return { wrapper: [], own: () => {} };
  const users = systemUsers(['postgres', 'nobody']);
  for (const { uid, gid } of users) {
    if (folders.every((folder) => canEnter(folder, uid, gid))) {
      return { wrapper: [], uid, gid, own: (path) => chownAll(path, uid, gid) };
    }
  }
  for (const { uid, gid } of users) {
    const wrapper = ['unshare', '--user', `--map-user=${uid}`, `--map-group=${gid}`, '--'];
    if (spawnSync(wrapper[0] ?? '', [...wrapper.slice(1), 'true'], { cwd: '/' }).status === 0) {
      return { wrapper, own: (path) => chownAll(path, 0, 0) };
    }
  }
  const names = users.map((user) => user.name).join(' nor ') || 'an unprivileged user';
  throw new UnavailableError(
    'postgres.no-account',
    `PostgreSQL does not run as root, and ${names} cannot enter ${folders.join(' and ')}. Run Bailiwick as a normal user, or from a folder that others may enter.`,
  );
}

function systemUsers(names: readonly string[]): SystemUser[] {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  return names.flatMap((name) => {
    const fields = lines.find((line) => line.startsWith(`${name}:`))?.split(':');
    if (fields === undefined) return [];
    return [{ name, uid: Number(fields[2]), gid: Number(fields[3]) }];
  });
}

function canEnter(folder: string, uid: number, gid: number): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { uid, gid, cwd: '/' }).status === 0;
}

function chownAll(path: string, uid: number, gid: number): void {
  const stat = lstatSync(path);
  // The owner of the top stands for the whole tree: it is changed last, so an interrupted change is done again.
  if (stat.uid === uid && stat.gid === gid) return;
  if (stat.isDirectory()) {
    for (const entry of readdirSync(path, { withFileTypes: true, recursive: true })) {
      lchownSync(join(entry.parentPath, entry.name), uid, gid);
    }
  }
  chownSync(path, uid, gid);
}

/** The nearest existing folder at or above a path. */
export function enclosingFolder(path: string): string {
  try {
    return lstatSync(path).isDirectory() ? path : dirname(path);
  } catch {
    return enclosingFolder(dirname(path));
  }
}
