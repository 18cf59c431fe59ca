import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Something outside the lockfile that tests talk to. A test that needs one more adds it to `peers`. */
export interface Peer {
  readonly name: string;
  /** Which tests are skipped without it. */
  readonly usedBy: string;
  /** Debian packages that bring it. */
  readonly packages: readonly string[];
  /** What these packages start with the machine. It is switched off again: the tests start their own. */
  readonly services?: readonly string[];
  /** Where it is, or undefined. */
  readonly find: () => string | undefined;
}

/** All of them, in the order in which they are reported. */
export const peers: readonly Peer[] = [
  {
    name: 'pgbouncer',
    usedBy: 'row-level security behind a pooler in transaction mode',
    packages: ['pgbouncer'],
    services: ['pgbouncer'],
    find: () => findProgram('pgbouncer'),
  },
  {
    name: 'browser-libraries',
    usedBy: 'journeys in Chromium, which brings the browser but not these libraries of the system',
    packages: ['libnss3', 'libnspr4', 'libexpat1'],
    find: () => findLibraries(['libnss3.so', 'libnssutil3.so', 'libnspr4.so', 'libexpat.so.1']),
  },
  {
    name: 'zabbix',
    usedBy: 'the Zabbix plugin against a Zabbix server, its API and an agent',
    // The frontend brings the API. PHP's own web server serves it, so no other is needed.
    packages: ['zabbix-server-pgsql', 'zabbix-frontend-php', 'zabbix-agent', 'php-cli', 'php-pgsql'],
    services: ['zabbix-server', 'zabbix-agent'],
    find: () =>
      existsSync('/usr/share/zabbix/api_jsonrpc.php')
        ? findPrograms('zabbix_server', 'zabbix_agentd', 'php', 'setpriv')
        : undefined,
  },
  {
    name: 'prometheus',
    usedBy: 'the Alertmanager plugin against Prometheus, Alertmanager and an exporter',
    packages: ['prometheus', 'prometheus-alertmanager', 'prometheus-node-exporter'],
    services: ['prometheus', 'prometheus-alertmanager', 'prometheus-node-exporter'],
    find: () => findPrograms('prometheus', 'prometheus-alertmanager', 'prometheus-node-exporter', 'setpriv'),
  },
  {
    name: 'dovecot',
    usedBy: 'reading mailboxes by IMAP, with the worker killed at random',
    packages: ['dovecot-imapd'],
    services: ['dovecot'],
    find: () => findPrograms('dovecot', 'doveadm', 'setpriv'),
  },
  {
    name: 'postfix',
    usedBy: 'taking mail from a relay',
    packages: ['postfix'],
    services: ['postfix'],
    // Its master wants to be root.
    find: () => (process.getuid?.() === 0 ? findPrograms('postfix', 'sendmail') : undefined),
  },
];

/**
 * Where a peer is, or why its tests are skipped: `const pooler = findPeer('pgbouncer')`, then
 * `describe.skipIf(pooler.path === undefined)(…)`.
 *
 * @throws Error for a name that is not in the list
 */
export function findPeer(
  name: string,
): { readonly path: string } | { readonly path: undefined; readonly reason: string } {
  const peer = peers.find((candidate) => candidate.name === name);
  if (peer === undefined) throw new Error(`No peer is called ${name}; scripts/peer-list.ts names them.`);
  const path = peer.find();
  if (path !== undefined) return { path };
  return {
    path,
    reason: `${name} is not here: npm run peers (as root on Debian) installs ${peer.packages.join(', ')}`,
  };
}

/** The first, where all of them are there. */
function findPrograms(...names: readonly [string, ...string[]]): string | undefined {
  const paths = names.map(findProgram);
  return paths.includes(undefined) ? undefined : paths[0];
}

function findProgram(name: string): string | undefined {
  // Servers lie in the sbin folders, which are not in a normal user's PATH.
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin'];
  return folders
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

function findLibraries(names: readonly string[]): string | undefined {
  if (process.platform !== 'linux') return 'part of the system';
  const known = ['ldconfig', '/sbin/ldconfig', '/usr/sbin/ldconfig']
    .map((program) => spawnSync(program, ['-p'], { encoding: 'utf8' }))
    .find(({ status }) => status === 0)?.stdout;
  return known !== undefined && names.every((name) => known.includes(`${name} `)) ? names.join(', ') : undefined;
}
