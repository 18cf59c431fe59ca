import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { makePeerFolder, startPeerProcess, waitForPort, type PeerProcess } from './peer-process.ts';
import { freePort } from './server-process.ts';

/** Dovecot on 127.0.0.1, with any user and the password `secret`. */
export interface Dovecot extends AsyncDisposable {
  /** Clear, with STARTTLS. */
  readonly port: number;
  readonly tlsPort: number;
  /** The certificate, its own authority, for `localhost`, in PEM. */
  readonly ca: string;
  /** Puts mails into a user's inbox, as a delivery agent does. */
  deliver(user: string, mails: readonly Buffer[]): void;
  /** Runs doveadm. */
  admin(...args: readonly string[]): string;
  /** Has the inbox numbered anew, as after a restored backup. */
  renumber(user: string): void;
  /** Ends all connections and starts anew on the same ports. */
  restart(): Promise<void>;
}

// Debian's `nobody`, as who peers run where the tests are root's.
const isRoot = process.getuid?.() === 0;
const account = isRoot
  ? { uid: 65_534, gid: 65_534, user: 'nobody', group: 'nogroup' }
  : { ...userInfo(), user: userInfo().username, group: execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim() };

/** Starts it as an account without rights. */
export async function startDovecot(): Promise<Dovecot> {
  const folder = makePeerFolder('dovecot');
  const ports = { port: await freePort(), tlsPort: await freePort() };
  const own = (path: string): string => {
    if (isRoot) chownSync(path, account.uid, account.gid);
    return path;
  };
  const makeFolder = (path: string): string => {
    mkdirSync(path, { recursive: true });
    return own(path);
  };
  for (const name of ['run', 'state', 'mail']) makeFolder(join(folder.path, name));
  makeCertificate(folder.path);
  for (const name of ['key.pem', 'cert.pem']) own(join(folder.path, name));
  const config = folder.write('dovecot.conf', configOf(folder.path, ports));
  const start = async (): Promise<PeerProcess> => {
    const process = startPeerProcess('dovecot', ['dovecot', '-F', '-c', config], { folder });
    await waitForPort(ports.port, process);
    return process;
  };
  let running = await start();
  let delivered = 0;
  return {
    ...ports,
    ca: readFileSync(join(folder.path, 'cert.pem'), 'utf8'),
    deliver: (user, mails) => {
      const maildir = makeFolder(join(folder.path, 'mail', user));
      for (const name of ['cur', 'new', 'tmp']) makeFolder(join(maildir, name));
      for (const mail of mails) {
        delivered += 1;
        const name = `${1_700_000_000 + delivered}.M${delivered}P${process.pid}.localhost`;
        const path = join(maildir, 'tmp', name);
        writeFileSync(path, mail);
        renameSync(own(path), join(maildir, 'new', name));
      }
    },
    admin: (...args) => execFileSync('doveadm', ['-c', config, ...args], { encoding: 'utf8' }),
    renumber: (user) => {
      for (const name of [
        'dovecot-uidlist',
        'dovecot.index',
        'dovecot.index.log',
        'dovecot.index.cache',
        'dovecot-uidvalidity',
      ])
        rmSync(join(folder.path, 'mail', user, name), { force: true });
    },
    restart: async () => {
      await running.stop();
      running = await start();
    },
    async [Symbol.asyncDispose]() {
      await running.stop();
      folder.remove();
    },
  };
}

function configOf(path: string, ports: { port: number; tlsPort: number }): string {
  const services = [
    'anvil',
    'stats',
    'imap-login',
    'auth',
    'auth-worker',
    'config',
    'log',
    'ssl-params',
    'director',
    'ipc',
  ];
  return `
base_dir = ${path}/run
state_dir = ${path}/state
log_path = ${path}/mail.log
listen = 127.0.0.1
protocols = imap
default_internal_user = ${account.user}
default_internal_group = ${account.group}
default_login_user = ${account.user}
first_valid_uid = 1
mail_uid = ${account.uid}
mail_gid = ${account.gid}
mail_location = maildir:${path}/mail/%u
disable_plaintext_auth = no
auth_mechanisms = plain
ssl = yes
ssl_cert = <${path}/cert.pem
ssl_key = <${path}/key.pem
mail_max_userip_connections = 50
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=${account.uid} gid=${account.gid} home=${path}/mail/%u
}
namespace inbox {
  inbox = yes
  mailbox Done {
    auto = create
  }
}
${services.map((name) => `service ${name} {\n  chroot =\n}`).join('\n')}
service imap-login {
  inet_listener imap {
    port = ${ports.port}
  }
  inet_listener imaps {
    port = ${ports.tlsPort}
    ssl = yes
  }
}
`;
}

function makeCertificate(path: string): void {
  const files = ['-keyout', join(path, 'key.pem'), '-out', join(path, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...files, ...subject], {
    stdio: 'ignore',
  });
}
