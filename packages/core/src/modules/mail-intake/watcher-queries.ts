import { sql } from 'kysely';
import type { ClientId } from '#kernel/id';
import type { TenancyTables } from '#modules/tenancy';
import type { TicketId } from '#modules/tickets';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { isAddress } from '#platform/mail/mail';
import type { MailContent } from '#platform/mail-reader/mail-content';
import type { NewWatcher } from './mail-intake-store.ts';

/** As many as one mail of ours goes to, beside the ticket's contact. */
export const MAX_WATCHERS = 40;

/** Who else was written to: those who are contacts of the same client read along, others are listed for staff to decide. */
export async function watchersOf(
  tx: AnyTransaction,
  to: { clientId: ClientId; ticketId: TicketId; content: MailContent; mailbox: string; at: Temporal.Instant },
): Promise<{ watchers: NewWatcher[]; warning: string | null }> {
  const { reading } = to.content;
  const sender = reading.from?.address.toLowerCase();
  const others = [...reading.to, ...reading.cc]
    .map(({ address, name }) => ({ address: address.toLowerCase(), name }))
    .filter(({ address }) => address !== sender && isAddress(address));
  const named = [...new Map(others.map((one) => [one.address, one])).values()];
  if (named.length === 0) return { watchers: [], warning: null };
  const own = await ownAmong(
    tx,
    named.map(({ address }) => withoutTag(address)),
    to.mailbox,
  );
  const left = named.filter(({ address }) => !own.has(withoutTag(address)));
  const kept = left.slice(0, MAX_WATCHERS);
  const contacts = await contactsAmong(
    tx,
    to.clientId,
    kept.map(({ address }) => address),
  );
  return {
    watchers: kept.map(({ address, name }) => ({
      client_id: to.clientId,
      ticket_id: to.ticketId,
      contact_id: contacts.get(address) ?? null,
      address,
      name: name?.slice(0, 120).toWellFormed() ?? null,
      is_mailed: contacts.has(address),
      added_by: reading.from?.address ?? 'mail',
      created_at: to.at,
    })),
    warning:
      left.length > kept.length
        ? `The mail went to ${left.length} others; the first ${MAX_WATCHERS} of them are listed as watchers.`
        : null,
  };
}

/** Which of the addresses are contacts of the client, by address. */
export async function contactsAmong(tx: AnyTransaction, clientId: ClientId, addresses: readonly string[]) {
  const rows = await tx
    .typed<TenancyTables>()
    .query.selectFrom('contact')
    .select(['id', 'email'])
    .where('client_id', '=', clientId)
    .where('is_active', '=', true)
    .where('email', '=', sql<never>`any(${[...addresses]}::text[])`)
    .execute();
  return new Map(rows.map((row) => [row.email, row.id]));
}

/** Addresses of our mailboxes, at which a mail to a watcher would only come back to us. */
async function ownAmong(tx: AnyTransaction, addresses: readonly string[], mailbox: string): Promise<Set<string>> {
  const rows = await tx.sql<{ address: string }>(
    `select address from mail_mailbox where msp_id = $1 and state <> 'removed' and address = any($2::text[])`,
    [tx.scope.mspId, [...addresses]],
  );
  return new Set([mailbox, ...rows.map((row) => row.address)]);
}

function withoutTag(address: string): string {
  return address.replace(/\+[^@]*@/, '@');
}
