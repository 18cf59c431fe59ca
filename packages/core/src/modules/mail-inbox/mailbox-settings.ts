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
/** `app`: the app signs in by itself, with a secret (Microsoft) or a service account's key (Google). `person`: with the refresh token of who consented. */
const grant = z.enum(['app', 'person']).default('app');
/** Which mails count when a mailbox is connected: those that come from then on, or also those that are there. */
const startWith = z.enum(['new', 'all']).default('new');
const clientId = text({ max: 200 });
/** The directory of an app, for Microsoft. */
const tenant = z
  .string()
  .regex(/^[A-Za-z0-9.-]{1,100}$/, { error: 'must be a tenant’s id or domain' })
  .default('common');

export const imapSettings = z.object({
  kind: z.literal('imap'),
  host,
  port: z.int().min(1).max(65_535, { error: 'must be at most 65535' }).default(993),
  security: z.enum(['tls', 'starttls', 'none']).default('tls'),
  user: text({ max: 320 }),
  signIn: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('password') }),
      z.object({ kind: z.literal('microsoft'), grant, clientId, tenant }),
      z.object({ kind: z.literal('google'), grant, clientId: clientId.nullable().default(null) }),
    ])
    .default({ kind: 'password' }),
  folder: folder.default('INBOX'),
  startWith,
  afterwards,
});
export const smtpSettings = z.object({ kind: z.literal('smtp') });
export const graphSettings = z.object({
  kind: z.literal('graph'),
  grant,
  clientId,
  tenant,
  folder: folder.default('inbox'),
  startWith,
  afterwards,
});
export const gmailSettings = z.object({
  kind: z.literal('gmail'),
  grant,
  /** Of the app that a person consented to; a service account's key names itself. */
  clientId: clientId.nullable().default(null),
  /** The label's id; `INBOX` is Gmail's own. */
  label: folder.default('INBOX'),
  startWith,
  afterwards,
});

/** How a mailbox is reached, by its kind; never a secret. */
export const mailboxSettings = z.discriminatedUnion('kind', [imapSettings, smtpSettings, graphSettings, gmailSettings]);
export type MailboxSettings = z.output<typeof mailboxSettings>;
