import { z } from 'zod';
import { clientIdSchema } from '#kernel/id';
import { text } from '#kernel/text';
import { mailboxIdSchema } from './mail-inbox-table.ts';
import { appOf, consentVendor } from './mailbox-consent.ts';
import { mailboxSettings, type MailboxSettings } from './mailbox-settings.ts';
import type { MailboxSecretName, MailboxSecretValues } from './mailbox-secrets.ts';

const secret = z.string().min(1).max(8000).optional();

/** What a person enters of a mailbox. */
export const mailboxFields = {
  name: text({ max: 100 }),
  address: z
    .email({ error: 'must be one e-mail address' })
    .max(254)
    .transform((value) => value.toLowerCase()),
  settings: mailboxSettings.superRefine((settings, context) => {
    if (consentVendor(settings) === null || appOf(settings).clientId !== '') return;
    const path = settings.kind === 'imap' ? ['signIn', 'clientId'] : ['clientId'];
    context.addIssue({ code: 'custom', path, message: 'must name the app that a person consents to' });
  }),
  /** What signs in; what is absent stays as it is. Never answered again. */
  secrets: z.object({ password: secret, clientSecret: secret, refreshToken: secret, serviceKey: secret }).default({}),
  /** The name of the relay whose `Authentication-Results` are to be believed. */
  trustedAuthservId: text({ max: 253 }).nullable().default(null),
  defaultClientId: clientIdSchema.nullable().default(null),
  defaultQueue: text({ max: 100 }).nullable().default(null),
};

export const createMailboxInput = z.object(mailboxFields);
export const updateMailboxInput = z.object({ mailboxId: mailboxIdSchema, version: z.int(), ...mailboxFields });
export const mailboxVersionInput = z.object({ mailboxId: mailboxIdSchema, version: z.int() });

/** What a mailbox is signed in by, by its kind and way. */
export function neededSecrets(settings: MailboxSettings): readonly MailboxSecretName[] {
  switch (settings.kind) {
    case 'smtp':
      return [];
    case 'imap':
      if (settings.signIn.kind === 'password') return ['password'];
      return ofGrant(settings.signIn.kind, settings.signIn.grant);
    case 'graph':
      return ofGrant('microsoft', settings.grant);
    case 'gmail':
      return ofGrant('google', settings.grant);
  }
}

/** Those of them that a person enters; what a person consents to, the vendor gives. */
export function enteredSecrets(settings: MailboxSettings): readonly MailboxSecretName[] {
  return neededSecrets(settings).filter((name) => name !== 'refreshToken');
}

function ofGrant(vendor: 'microsoft' | 'google', grant: 'app' | 'person'): readonly MailboxSecretName[] {
  if (grant === 'person') return ['clientSecret', 'refreshToken'];
  return vendor === 'google' ? ['serviceKey'] : ['clientSecret'];
}

/** Whether a stored secret may be sent where these settings lead: whoever may change a host must not have a password sent to it that they do not know. */
export function maySendStored(settings: MailboxSettings, wanted: MailboxSettings): boolean {
  if (settings.kind !== wanted.kind) return false;
  if (settings.kind !== 'imap' || wanted.kind !== 'imap') return true;
  return (
    settings.host === wanted.host &&
    settings.port === wanted.port &&
    settings.security === wanted.security &&
    settings.user === wanted.user &&
    settings.signIn.kind === wanted.signIn.kind
  );
}

/** Those that were entered. */
export function definedSecrets(given: z.output<typeof mailboxFields.secrets>): MailboxSecretValues {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** Only what the way of signing in asks for: nothing is kept that nothing uses. */
export function usedSecrets(settings: MailboxSettings, given: MailboxSecretValues): MailboxSecretValues {
  return Object.fromEntries(neededSecrets(settings).map((name) => [name, given[name]]));
}
