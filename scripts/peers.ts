// `npm run peers`: installs what tests use from Debian where it can, and says what is there. Never fails a build: a test
// whose peer is missing is skipped with that reason.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
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

// What Debian asks before it starts a service: 101 forbids it.
const startPolicy = '/usr/sbin/policy-rc.d';

/** Runs the installation so that no service is started by it, now or with the machine. */
function withoutServices(services: readonly string[], install: () => void): void {
  const isInstalled = (service: string): boolean =>
    ['/etc/init.d/', '/lib/systemd/system/'].some(
      (folder) => existsSync(`${folder}${service}`) || existsSync(`${folder}${service}.service`),
    );
  const added = services.filter((service) => !isInstalled(service));
  const isOurs = !existsSync(startPolicy);
  if (isOurs) writeFileSync(startPolicy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    install();
  } finally {
    if (isOurs) rmSync(startPolicy, { force: true });
    // A service that was here before is its owner's business.
    for (const service of added.filter(isInstalled)) {
      spawnSync('update-rc.d', [service, 'disable']);
    }
  }
}

const missing = peers.filter((peer) => peer.find() === undefined);
const packages = missing.flatMap((peer) => peer.packages);
if (packages.length > 0) {
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    console.log(`Installing ${packages.join(', ')} …`);
    // Lists that are out of date may still name what is needed, so a failed update is not the end.
    apt('update');
    const services = missing.flatMap((peer) => peer.services ?? []);
    withoutServices(services, () => apt('install', '--no-install-recommends', ...packages));
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
