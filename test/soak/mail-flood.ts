import { randomBytes } from 'node:crypto';
import { findPeer } from '../../scripts/peer-list.ts';
import { startEmbeddedPostgres } from '../../packages/core/src/platform/postgres/embedded-postgres.ts';
import { startDovecot, type Dovecot } from '../support/dovecot.ts';
import { setUpInstall, type Install } from '../support/install.ts';
import { runMailStorm } from '../support/mail-storm.ts';
import { imapFields } from '../support/mailboxes.ts';
import { removeFolder, scratchFolder, startServerProcess, type ServerProcess } from '../support/server-process.ts';

/** Mails through a real IMAP server with the worker killed at random; answers what went wrong. */
export async function floodMailbox(
  options: { mails: number; kills: number },
  say: (line: string) => void,
): Promise<string[]> {
  const peer = findPeer('dovecot');
  if (peer.path === undefined) {
    say(`Mail by IMAP is left out: ${peer.reason}`);
    return [];
  }
  const dataDir = scratchFolder();
  const postgres = await startEmbeddedPostgres({ dataDir });
  const environment = {
    DATABASE_URL: postgres.urls.app,
    DATABASE_OWNER_URL: postgres.urls.owner,
    DATABASE_AUTH_URL: postgres.urls.auth,
    BAILIWICK_SECRET_KEY: randomBytes(32).toString('base64'),
    BAILIWICK_LOCAL_AGENT: 'off',
  };
  try {
    await using dovecot = await startDovecot();
    {
      await using api = await startServerProcess({ dataDir, environment: { ...environment, BAILIWICK_ROLE: 'api' } });
      const permissions = ['mail-inbox.read-mailboxes', 'mail-inbox.manage-mailboxes'];
      await connect(api, await setUpInstall(api, { environment, permissions }), dovecot);
    }
    const verdict = await runMailStorm({
      ...options,
      dovecot,
      user: 'desk',
      maxLifeMs: 20_000,
      environment,
      ownerUrl: postgres.urls.owner,
      latestMs: 60 * 60_000,
      say,
    });
    say(`Mail: ${JSON.stringify(verdict)}`);
    const wrong = (['lost', 'doubled', 'misplaced'] as const).filter((kind) => verdict[kind].length > 0);
    return [
      ...wrong.map((kind) => `mails ${kind}: ${verdict[kind].join(', ')}`),
      ...(verdict.stored === options.mails ? [] : [`${verdict.stored} of ${options.mails} mails are stored`]),
    ];
  } finally {
    await postgres.stop();
    removeFolder(dataDir);
  }
}

async function connect(api: ServerProcess, { apiKey }: Install, dovecot: Dovecot): Promise<void> {
  const post = async (path: string, body: object): Promise<void> => {
    const answer = await fetch(`${api.url}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path} was refused: ${await answer.text()}`);
  };
  await post('/clients', { name: 'Hartley Mail', timeZone: 'Europe/London', emailDomains: ['hartley.example'] });
  await post('/mailboxes', imapFields(dovecot, 'desk', { port: dovecot.port, security: 'none' }));
}
