import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from './peer-process.ts';
import { freePort } from './server-process.ts';

/** Postfix on 127.0.0.1, which hands all mail on to one place, as a company's relay does. */
export interface MailRelay extends AsyncDisposable {
  /** Where it takes mail. */
  readonly port: number;
  /** How many mails it still keeps. */
  queued(): number;
  /** Tries at once what it keeps. */
  flush(): void;
}

/** Starts it; its master is root, and everything of it lies in a folder of its own. */
export async function startMailRelay(options: { handTo: number }): Promise<MailRelay> {
  const folder = mkdtempSync(join(tmpdir(), 'bailiwick-postfix-'));
  // Its parts run as other accounts, which must get through.
  chmodSync(folder, 0o755);
  const port = await freePort();
  for (const name of ['queue', 'config']) mkdirSync(join(folder, name));
  mkdirSync(join(folder, 'data'));
  execFileSync('chown', ['postfix', join(folder, 'data')]);
  const config = join(folder, 'config');
  writeFileSync(join(config, 'main.cf'), mainOf(folder, options.handTo));
  writeFileSync(join(config, 'master.cf'), masterOf(port));
  const run = (program: string, ...args: readonly string[]): string =>
    execFileSync(program, ['-c', config, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  run('postfix', 'start');
  const stop = (): void => {
    run('postfix', 'stop');
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await waitFor('listener of Postfix', async () => {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'data');
      socket.destroy();
      return true;
    });
  } catch (error) {
    const log = readFileSync(join(folder, 'log'), 'utf8');
    stop();
    throw new Error(`Postfix did not start: ${log}`, { cause: error });
  }
  return {
    port,
    queued: () =>
      run('postqueue', '-j')
        .trim()
        .split('\n')
        .filter((line) => line !== '').length,
    flush: () => void run('postqueue', '-f'),
    async [Symbol.asyncDispose]() {
      stop();
    },
  };
}

function mainOf(folder: string, handTo: number): string {
  return `
compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
maillog_file = ${folder}/log
maillog_file_prefixes = ${folder}
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
mydestination =
relay_domains = northgate.example
relayhost = [127.0.0.1]:${handTo}
alias_maps =
alias_database =
message_size_limit = 104857600
mailbox_size_limit = 0
smtp_tls_security_level = may
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
default_destination_recipient_limit = 50
`;
}

function masterOf(port: number): string {
  return `
127.0.0.1:${port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;
}
