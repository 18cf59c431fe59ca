import { z } from 'zod';
import { clientIdSchema } from '#kernel/id';
import { MAILBOX_KINDS, mailboxIdSchema } from './mail-inbox-table.ts';
import { consentVendor, NO_CONSENT } from './mailbox-consent.ts';
import { mailboxSettings } from './mailbox-settings.ts';
import { needsConsent, type MailboxRow } from './mailbox-store.ts';

const instant = z.string().nullable();

export const mailboxView = z.object({
  id: mailboxIdSchema,
  name: z.string(),
  address: z.string(),
  kind: z.enum(MAILBOX_KINDS),
  settings: mailboxSettings,
  trustedAuthservId: z.string().nullable(),
  defaultClientId: clientIdSchema.nullable(),
  defaultQueue: z.string().nullable(),
  /** `connecting` until the first answer; `failing` with the reason in `lastError`; `needs-consent` until a person consents (again). */
  status: z.enum(['connecting', 'connected', 'failing', 'paused', 'needs-consent']),
  /** Whether a person's consent at the vendor lets us in; null where the mailbox is not read in a person's name. */
  consent: z
    .object({
      vendor: z.enum(['microsoft', 'google']),
      state: z.enum(['needed', 'given', 'ended']),
      account: z.string().nullable(),
      by: z.string().nullable(),
      at: instant,
      endsAt: instant,
      problem: z.string().nullable(),
    })
    .nullable(),
  lastSeenAt: instant,
  lastMailAt: instant,
  lastError: z.string().nullable(),
  failingSince: instant,
  waitingCount: z.int(),
  quarantinedCount: z.int(),
  version: z.int(),
});
export type MailboxView = z.input<typeof mailboxView>;

/** A mailbox as it is shown; secrets are no part of it. */
export function toMailboxView(
  row: MailboxRow,
  counts: { readonly waiting: number; readonly quarantined: number },
): MailboxView {
  return {
    id: row.id,
    name: row.name,
    address: row.address,
    kind: row.kind,
    settings: row.settings,
    trustedAuthservId: row.trusted_authserv_id,
    defaultClientId: row.default_client_id,
    defaultQueue: row.default_queue,
    status: statusOf(row),
    consent: consentOf(row),
    lastSeenAt: row.last_seen_at?.toString() ?? null,
    lastMailAt: row.last_mail_at?.toString() ?? null,
    lastError: row.last_error,
    failingSince: row.failing_since?.toString() ?? null,
    waitingCount: counts.waiting,
    quarantinedCount: counts.quarantined,
    version: row.version,
  };
}

function consentOf(row: MailboxRow): MailboxView['consent'] {
  const vendor = consentVendor(row.settings);
  return vendor === null ? null : { vendor, ...(row.consent ?? NO_CONSENT) };
}

function statusOf(row: MailboxRow): MailboxView['status'] {
  if (row.state === 'paused') return 'paused';
  if (needsConsent(row)) return 'needs-consent';
  if (row.failing_since !== null) return 'failing';
  // A relay is known to work once it has brought something.
  const isHeard = row.kind === 'smtp' ? row.last_mail_at !== null : row.connected_at !== null;
  return isHeard ? 'connected' : 'connecting';
}
