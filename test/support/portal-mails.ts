import type { Install } from './install.ts';
import type { ServerProcess } from './server-process.ts';

/** Adds a contact and mails them a link into the portal. */
export async function invite(server: ServerProcess, install: Install, email: string): Promise<void> {
  const { clientId } = install;
  const contact = { clientId, name: 'Jo Hartley', email, portalRole: 'member' };
  const { contactId } = await call<{ contactId: string }>(server, install, 'tenancy.createContact', contact);
  await call(server, install, 'identity.inviteContact', { contactId });
}

async function call<Data>(server: ServerProcess, { apiKey }: Install, procedure: string, input: object): Promise<Data> {
  const response = await fetch(`${server.url}/api/trpc/${procedure}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
    body: JSON.stringify(input),
  });
  if (!response.ok) throw new Error(`${procedure} answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { result: { data: Data } }).result.data;
}

/** How many of the newest hundred mails are in which state. */
export async function mailStates(
  server: ServerProcess,
  { apiKey }: Install,
): Promise<{ sent: number; queued: number; failed: number }> {
  const response = await fetch(`${server.url}/api/v1/mails?limit=100`, {
    headers: { authorization: `Bearer ${apiKey}` },
  });
  const { items } = (await response.json()) as { items: { state: 'sent' | 'queued' | 'failed' }[] };
  const count = (state: string): number => items.filter((mail) => mail.state === state).length;
  return { sent: count('sent'), queued: count('queued'), failed: count('failed') };
}
