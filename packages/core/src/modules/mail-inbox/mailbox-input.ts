import { z } from 'zod';
import { clientIdSchema } from '#kernel/id';
import { text } from '#kernel/text';
import { mailboxIdSchema } from './mail-inbox-table.ts';
import { mailboxSettings, type MailboxSettings } from './mailbox-settings.ts';
import type { MailboxSecretName, MailboxSecretValues } from './mailbox-secrets.ts';

const secret = z.string().min(1).max(8000).optional();

const fields = {
  name: text({ max: 100 }),
  address: z
    .email({ error: 'must be one e-mail address' })
    .max(254)
    .transform((value) => value.toLowerCase()),
  settings: mailboxSettings,
  /** What signs in; what is absent stays as it is. Never answered again. */
  secrets: z.object({ password: secret, clientSecret: secret, refreshToken: secret, serviceKey: secret }).default({}),
  /** The name of the relay whose `Authentication-Results` are to be believed. */
  trustedAuthservId: text({ max: 253 }).nullable().default(null),
  defaultClientId: clientIdSchema.nullable().default(null),
  defaultQueue: text({ max: 100 }).nullable().default(null),
};

export const createMailboxInput = z.object(fields);
export const updateMailboxInput = z.object({ mailboxId: mailboxIdSchema, version: z.int(), ...fields });
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

function ofGrant(vendor: 'microsoft' | 'google', grant: 'app' | 'person'): readonly MailboxSecretName[] {
  if (grant === 'person') return ['clientSecret', 'refreshToken'];
  return vendor === 'google' ? ['serviceKey'] : ['clientSecret'];
}

/** Only what the way of signing in asks for: nothing is kept that nothing uses. */
export function usedSecrets(settings: MailboxSettings, given: MailboxSecretValues): MailboxSecretValues {
  return Object.fromEntries(neededSecrets(settings).map((name) => [name, given[name]]));
}
