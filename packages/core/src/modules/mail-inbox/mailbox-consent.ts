import type { MailboxConsent } from './mail-inbox-table.ts';
import type { MailboxSettings } from './mailbox-settings.ts';

/** Whose consent a mailbox is read by. */
export type ConsentVendor = 'microsoft' | 'google';

/** Nobody has consented yet. */
export const NO_CONSENT: MailboxConsent = {
  state: 'needed',
  account: null,
  by: null,
  at: null,
  endsAt: null,
  problem: null,
};

/** The vendor whose consent page a person is sent to; null where a mailbox needs nobody's. */
export function consentVendor(settings: MailboxSettings): ConsentVendor | null {
  switch (settings.kind) {
    case 'smtp':
      return null;
    case 'graph':
      return settings.grant === 'person' ? 'microsoft' : null;
    case 'gmail':
      return settings.grant === 'person' ? 'google' : null;
    case 'imap': {
      const { signIn } = settings;
      return signIn.kind !== 'password' && signIn.grant === 'person' ? signIn.kind : null;
    }
  }
}

/** The account that is read: nobody else's consent serves. */
export function accountWanted(settings: MailboxSettings, address: string): string {
  return (settings.kind === 'imap' ? settings.user : address).toLowerCase();
}

/** Whether what a person consented to for one way of reading serves for another. */
export function isSameConsent(
  had: { readonly settings: MailboxSettings; readonly address: string },
  wanted: { readonly settings: MailboxSettings; readonly address: string },
): boolean {
  const vendor = consentVendor(had.settings);
  return (
    vendor !== null &&
    had.settings.kind === wanted.settings.kind &&
    vendor === consentVendor(wanted.settings) &&
    accountWanted(had.settings, had.address) === accountWanted(wanted.settings, wanted.address) &&
    JSON.stringify(appOf(had.settings)) === JSON.stringify(appOf(wanted.settings))
  );
}

/** The app that is consented to, and where it lives. */
export function appOf(settings: MailboxSettings): { readonly clientId: string; readonly tenant: string } {
  const from = settings.kind === 'imap' ? settings.signIn : settings;
  return {
    clientId: 'clientId' in from ? (from.clientId ?? '') : '',
    tenant: 'tenant' in from ? from.tenant : 'common',
  };
}
