import type { State } from '#web/ui/status-pill/status-pill.tsx';
import type { Mailbox } from './mailbox-source.ts';

export const KIND_WORDS: Readonly<Record<Mailbox['kind'], string>> = {
  graph: 'Microsoft 365',
  gmail: 'Google Workspace',
  imap: 'IMAP',
  smtp: 'Mail relay (SMTP)',
};

const STATUS_WORDS: Readonly<Record<Mailbox['status'], { readonly word: string; readonly state: State }>> = {
  connected: { word: 'Connected', state: 'ok' },
  connecting: { word: 'Connecting', state: 'unknown' },
  failing: { word: 'Not connected', state: 'critical' },
  paused: { word: 'Paused', state: 'paused' },
};

/** How a mailbox is, in a word. A relay is not connected to: it brings something, or has not yet. */
export function statusOf({ kind, status }: Mailbox): { readonly word: string; readonly state: State } {
  if (kind === 'smtp' && status === 'connecting') return { word: 'Waiting for mail', state: 'unknown' };
  return kind === 'smtp' && status === 'connected' ? { word: 'Taking mail', state: 'ok' } : STATUS_WORDS[status];
}

/** What is needed of each vendor, one step a line. */
export const GUIDES: Readonly<Record<Mailbox['kind'], readonly string[]>> = {
  graph: [
    'In Microsoft Entra, register an app, and give it the application permission Mail.ReadWrite of Microsoft Graph with an administrator’s consent.',
    'Keep it to this mailbox: an application access policy in Exchange Online stops it from reading all others.',
    'Make a client secret, and enter here the app’s client id, your tenant’s id and the secret’s value.',
  ],
  gmail: [
    'In Google Cloud, enable the Gmail API, make a service account and a key for it (JSON).',
    'In the Google Admin console, under domain-wide delegation, allow its client id the scope https://www.googleapis.com/auth/gmail.modify.',
    'Enter here the mailbox’s address and the whole key file.',
  ],
  imap: [
    'Any server that speaks IMAP. Port 993 with TLS is the usual way.',
    'Many providers want an app password in the place of the person’s own.',
    'Microsoft and Google no longer take passwords: choose their kind above, or sign in by OAuth here.',
  ],
  smtp: [
    'Your mail server, or a forwarding rule of it, hands mail for this address to Bailiwick’s listener.',
    'Whoever runs the server sets SMTP_LISTEN_PORT, and SMTP_LISTEN_RELAYS to the relay’s address.',
    'Enter as trusted server the name that the relay writes into Authentication-Results; without it no sender counts as checked.',
  ],
};
