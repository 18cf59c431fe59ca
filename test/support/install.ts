import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand, type ServerProcess } from './server-process.ts';

/** An install with an administrator, a client, and a key that acts for the administrator. */
export interface Install {
  readonly apiKey: string;
  readonly clientId: string;
}

/** Takes a fresh server's one-time link, and makes what a test needs to drive it from outside. */
export async function setUpInstall(
  server: ServerProcess,
  options: { permissions?: readonly string[]; environment?: Record<string, string> } = {},
): Promise<Install> {
  const link = await linkOf(server);
  const joined = await fetch(`${server.url}/api/auth/accept-invitation`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.url },
    body: JSON.stringify({
      token: link.slice(link.indexOf('#') + 1),
      name: 'Ada Admin',
      email: 'ada@northgate.example',
      password: 'correct horse battery',
      msp: { name: 'Northgate IT', timeZone: 'Europe/London', currency: 'GBP' },
    }),
  });
  if (joined.status !== 200) throw new Error(`The invitation was refused: ${await joined.text()}\n${server.output()}`);
  const permissions = ['tenancy.read-clients', 'tenancy.manage-clients', 'tickets.read-tickets', 'tickets.open-ticket'];
  const made = await runCommand(
    server.dataDir,
    [
      'api-key',
      'create',
      '--owner',
      'ada@northgate.example',
      '--permissions',
      [...permissions, ...(options.permissions ?? [])].join(','),
    ],
    options.environment,
  );
  if (made.code !== 0) throw new Error(`No key was made: ${made.errors}`);
  const apiKey = made.output.trim();
  const client = await fetch(`${server.url}/api/v1/clients`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({ name: 'Hartley & Sons', timeZone: 'Europe/London' }),
  });
  const { clientId } = (await client.json()) as { clientId: string };
  return { apiKey, clientId };
}

/** The link comes after the line by which a server is known to be ready. */
async function linkOf(server: ServerProcess): Promise<string> {
  for (let tries = 0; tries < 200; tries += 1) {
    const link = /(\S+\/setup\S+)\n/.exec(server.output())?.[1];
    if (link !== undefined) return link;
    await sleep(50);
  }
  throw new Error(`The server printed no link: ${server.output()}`);
}
