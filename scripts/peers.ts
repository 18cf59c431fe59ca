// `npm run peers`: installs what tests use from Debian where it can, and says what is there. Never fails a build: a test
// whose peer is missing is skipped with that reason.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findPeer, peers } from './peer-list.ts';

function apt(...args: readonly string[]): boolean {
  const { status, stdout, stderr, error } = spawnSync('apt-get', ['-q', '-y', ...args], {
    encoding: 'utf8',
    timeout: 300_000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status === 0) return true;
  const reason = error?.message ?? (stderr || stdout).trim().split('\n').at(-1) ?? '';
  console.log(`apt-get ${args.join(' ')} failed: ${reason}`);
  return false;
}

const missing = peers.filter((peer) => peer.find() === undefined);
const packages = missing.flatMap((peer) => peer.packages);
if (packages.length > 0) {
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    console.log(`Installing ${packages.join(', ')} …`);
    // Lists that are out of date may still name what is needed, so a failed update is not the end.
    apt('update');
    apt('install', '--no-install-recommends', ...packages);
  } else {
    console.log('Not root on Debian: nothing is installed.');
  }
}
for (const peer of peers) {
  const found = findPeer(peer.name);
  console.log(
    found.path === undefined ? `✗ ${found.reason}; skipped: ${peer.usedBy}` : `✓ ${peer.name}: ${found.path}`,
  );
}
