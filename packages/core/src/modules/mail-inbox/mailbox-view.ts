import { z } from 'zod';
import { clientIdSchema } from '#kernel/id';
import { MAILBOX_KINDS, mailboxIdSchema } from './mail-inbox-table.ts';
import { mailboxSettings } from './mailbox-settings.ts';
import type { MailboxRow } from './mailbox-store.ts';

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
  /** `connecting` until the first answer; `failing` with the reason in `lastError`. */
  status: z.enum(['connecting', 'connected', 'failing', 'paused']),
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
    lastSeenAt: row.last_seen_at?.toString() ?? null,
    lastMailAt: row.last_mail_at?.toString() ?? null,
    lastError: row.last_error,
    failingSince: row.failing_since?.toString() ?? null,
    waitingCount: counts.waiting,
    quarantinedCount: counts.quarantined,
    version: row.version,
  };
}

function statusOf(row: MailboxRow): MailboxView['status'] {
  if (row.state === 'paused') return 'paused';
  if (row.failing_since !== null) return 'failing';
  // A relay is known to work once it has brought something.
  const isHeard = row.kind === 'smtp' ? row.last_mail_at !== null : row.connected_at !== null;
  return isHeard ? 'connected' : 'connecting';
}
