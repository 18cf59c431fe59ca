import type { State } from '#web/ui/status-pill/status-pill.tsx';
import { consentVendorOf, type MailboxForm } from './mailbox-form.ts';
import type { ConsentVendor, Mailbox } from './mailbox-source.ts';

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
  'needs-consent': { word: 'Consent needed', state: 'warning' },
  paused: { word: 'Paused', state: 'paused' },
};

/** How a mailbox is, in a word. A relay is not connected to: it brings something, or has not yet. */
export function statusOf({ kind, status }: Mailbox): { readonly word: string; readonly state: State } {
  if (kind === 'smtp' && status === 'connecting') return { word: 'Waiting for mail', state: 'unknown' };
  return kind === 'smtp' && status === 'connected' ? { word: 'Taking mail', state: 'ok' } : STATUS_WORDS[status];
}

/** What is needed of each vendor, one step a line. */
const GUIDES: Readonly<Record<Mailbox['kind'], readonly string[]>> = {
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

export const VENDOR_WORDS: Readonly<Record<ConsentVendor, string>> = { microsoft: 'Microsoft', google: 'Google' };

/** What is needed where a person consents, by vendor and by what reads. */
export function guideOf(form: MailboxForm): readonly string[] {
  const vendor = consentVendorOf(form);
  if (vendor === undefined) return GUIDES[form.kind];
  if (vendor === 'microsoft')
    return [
      'In Microsoft Entra, register an app of the platform Web, with the redirect address below.',
      form.kind === 'imap'
        ? 'Give it the delegated permission IMAP.AccessAsUser.All of Office 365 Exchange Online.'
        : 'Give it the delegated permission Mail.ReadWrite of Microsoft Graph.',
      'Make a client secret and enter it here. Then connect, and sign in at Microsoft as the mailbox.',
    ];
  return [
    'In Google Cloud, enable the Gmail API and make an OAuth client for a web application, with the redirect address below.',
    `Its consent screen asks for the scope ${form.kind === 'imap' ? 'https://mail.google.com/' : 'https://www.googleapis.com/auth/gmail.modify'}. While the app is “in testing”, Google ends each consent after seven days.`,
    'Enter its client id and secret here. Then connect, and sign in at Google as the mailbox.',
  ];
}

/** What came of a return from the vendor, by the code that the address brings. */
export function consentOutcome(code: string): string {
  switch (code) {
    case 'mailbox-consent.unknown':
      return 'That return from the vendor belongs to no sign-in of yours that is under way; it serves once and for ten minutes. Connect again from the mailbox.';
    case 'mailbox-consent.refused':
      return 'The vendor did not give its consent.';
    case 'mailbox-consent.wrong-account':
      return 'Another account than the mailbox’s consented. Connect again, and sign in as the mailbox.';
    case 'mailbox-consent.no-refresh-token':
      return 'The vendor let us in for an hour only.';
    case 'mailbox-consent.not-exchanged':
      return 'The vendor did not take the app’s secret, or ended the sign-in.';
    case 'permission.missing':
    case 'scope.needs-all-clients':
      return 'You may not connect mailboxes.';
    default:
      return 'The return from the vendor went wrong here. Nothing was changed; connect again.';
  }
}
