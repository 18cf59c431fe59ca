import { z } from 'zod';
import { text } from '#kernel/text';

/** What SMTP said of a mail beside its text; absent where the mail was fetched from a mailbox. */
export interface MailEnvelope {
  /** `MAIL FROM`; empty for a bounce. */
  readonly from: string;
  /** Those of `RCPT TO` that lead to this mailbox, with any `+tag`. */
  readonly to: readonly string[];
  /** The address of the relay that handed it to us. */
  readonly relay: string;
}

const folder = text({ max: 200 });
/** What is done with a mail at the vendor's once it is safe with us. */
const afterwards = z
  .object({
    action: z.enum(['leave', 'seen', 'move']).default('seen'),
    folder: folder.nullable().default(null),
  })
  .refine((one) => one.action !== 'move' || one.folder !== null, {
    path: ['folder'],
    error: 'must name the folder that mails are moved to',
  })
  .prefault({});
const host = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$|^[0-9a-f:]+$/, {
    error: 'must be a host name or an IP address, without protocol or port',
  });
const oauthApp = {
  clientId: text({ max: 200 }),
  /** The directory of the app, for Microsoft. */
  tenant: z
    .string()
    .regex(/^[A-Za-z0-9.-]{1,100}$/, { error: 'must be a tenant’s id or domain' })
    .default('common'),
};

export const imapSettings = z.object({
  kind: z.literal('imap'),
  host,
  port: z.int().min(1).max(65_535, { error: 'must be at most 65535' }).default(993),
  security: z.enum(['tls', 'starttls', 'none']).default('tls'),
  user: text({ max: 320 }),
  signIn: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('password') }),
      z.object({ kind: z.literal('oauth'), provider: z.enum(['microsoft', 'google']), ...oauthApp }),
    ])
    .default({ kind: 'password' }),
  folder: folder.default('INBOX'),
  afterwards,
});
export const smtpSettings = z.object({ kind: z.literal('smtp') });
export const graphSettings = z.object({
  kind: z.literal('graph'),
  ...oauthApp,
  /** `app`: client credentials, for a mailbox that an administrator allowed; `person`: a refresh token. */
  signIn: z.enum(['app', 'person']).default('app'),
  folder: folder.default('inbox'),
  afterwards,
});
export const gmailSettings = z.object({
  kind: z.literal('gmail'),
  clientId: text({ max: 200 }),
  label: folder.default('INBOX'),
  afterwards,
});

/** How a mailbox is reached, by its kind; never a secret. */
export const mailboxSettings = z.discriminatedUnion('kind', [imapSettings, smtpSettings, graphSettings, gmailSettings]);
export type MailboxSettings = z.output<typeof mailboxSettings>;
