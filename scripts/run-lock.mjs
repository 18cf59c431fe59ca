// A lock between processes of this machine: a file that names its holder. Used before anything is installed.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Start time of a process in clock ticks, so that a reused pid is not taken for the holder; '' where unknown, 'ended' for a zombie. */
function startedAt(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name may hold spaces and brackets; the fields are counted after its last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? '');
  } catch {
    return '';
  }
}

function isAlive(holder) {
  const [pid, started] = holder.split(' ');
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  return started === '' || startedAt(pid) === started;
}

function tryTake(path, own) {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, own);
  try {
    // A link appears with its content, so nobody reads a lock that is still empty.
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function removeStale(path, holder) {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  // Another process may have replaced the stale lock in between: put its lock back.
  if (read(aside) !== holder) {
    try {
      linkSync(aside, path);
    } catch {
      // A third one took it meanwhile.
    }
  }
  rmSync(aside, { force: true });
}

/** Runs `action` while holding the lock at `path`; waits for a living holder and takes over from a dead one. */
export async function withLock(path, progress, action) {
  const own = `${process.pid} ${startedAt(process.pid)}`;
  let isAnnounced = false;
  while (!tryTake(path, own)) {
    const holder = read(path);
    if (holder !== undefined && !isAlive(holder)) {
      removeStale(path, holder);
      continue;
    }
    if (!isAnnounced) progress(`Waiting for another start (process ${holder?.split(' ')[0] ?? '?'}) to finish …`);
    isAnnounced = true;
    await sleep(200);
  }
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await action();
  } finally {
    process.off('exit', release);
    release();
  }
}
