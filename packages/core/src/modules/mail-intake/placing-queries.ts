import { sql } from 'kysely';
import type { ClientId } from '#kernel/id';
import type { TenancyTables } from '#modules/tenancy';
import type { TicketId, TicketTables } from '#modules/tickets';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import type { PlacingFacts, TicketClaim } from './decide-placing.ts';
import type { MailIntakeTables } from './mail-intake-table.ts';

/** Where anybody gets an address, so that a client with such a domain does not own it. */
const PUBLIC_DOMAINS = new Set(
  (
    'gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.de yahoo.fr yahoo.es yahoo.co.uk icloud.com me.com mac.com aol.com gmx.de gmx.net gmx.at gmx.ch web.de t-online.de ' +
    'freenet.de mail.com mail.ru yandex.ru proton.me protonmail.com pm.me tutanota.com tuta.io orange.fr wanadoo.fr free.fr laposte.net sfr.fr telefonica.net btinternet.com hotmail.co.uk hotmail.fr ' +
    'hotmail.es zoho.com fastmail.com hey.com qq.com 163.com'
  ).split(' '),
);
const MAX_CONTACTS = 50;

type Tx = ScopedTransaction<MailIntakeTables & TicketTables & TenancyTables>;
export type TicketKey = Pick<TicketClaim, 'ticketId' | 'number' | 'clientId'>;

export interface TicketFound {
  readonly originalId: TicketId;
  readonly subject: string;
  readonly now: TicketKey;
}

export async function ticketsByNumber(tx: Tx, numbers: readonly number[]): Promise<Map<number, TicketFound>> {
  const asked = [...new Set(numbers)].filter((number) => number <= 2_147_483_647);
  if (asked.length === 0) return new Map();
  const rows = await tx.query
    .selectFrom('ticket')
    .select(['id', 'number', 'client_id', 'subject'])
    .where('number', '=', sql<never>`any(${asked}::int[])`)
    .execute();
  return new Map(
    rows.map((row) => [
      row.number,
      {
        originalId: row.id,
        subject: row.subject,
        now: { ticketId: row.id, number: row.number, clientId: row.client_id },
      },
    ]),
  );
}

/** Where tickets that were merged into others go on; nothing for those that were not. */
export async function survivorsOf(tx: Tx, ticketIds: readonly TicketId[]): Promise<Map<TicketId, TicketKey>> {
  if (ticketIds.length === 0) return new Map();
  const rows = await tx.sql<{ first: TicketId; id: TicketId; number: number; client_id: ClientId }>(
    `with recursive chain as (
       select id as first, id, merged_into_id, number, client_id, 0 as depth from ticket where msp_id = $1 and id = any($2::uuid[])
       union all
       select chain.first, t.id, t.merged_into_id, t.number, t.client_id, chain.depth + 1
       from chain join ticket t on t.msp_id = $1 and t.id = chain.merged_into_id where chain.depth < 10
     ) select first, id, number, client_id from chain where merged_into_id is null and depth > 0`,
    [tx.scope.mspId, [...new Set(ticketIds)]],
  );
  return new Map(rows.map((row) => [row.first, { ticketId: row.id, number: row.number, clientId: row.client_id }]));
}

export async function contactsOf(tx: Tx, address: string): Promise<PlacingFacts['contacts']> {
  const rows = await tx.query
    .selectFrom('contact')
    .select(['id', 'client_id'])
    .where('email', '=', address)
    .where('is_active', '=', true)
    .orderBy('id')
    .limit(MAX_CONTACTS)
    .execute();
  return rows.map((row) => ({ id: row.id, clientId: row.client_id }));
}

/** Clients with the sender's domain; not those that the sender was a contact of and is no longer. */
export async function clientsOfDomain(tx: Tx, domain: string, sender: string): Promise<ClientId[]> {
  if (PUBLIC_DOMAINS.has(domain)) return [];
  const rows = await tx.query
    .selectFrom('client')
    .select('id')
    .where(sql<boolean>`${domain} = any(email_domains)`)
    .where('merged_into', 'is', null)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('contact')
            .select('contact.id')
            .whereRef('contact.client_id', '=', 'client.id')
            .where('contact.email', '=', sender),
        ),
      ),
    )
    .orderBy('id')
    .limit(MAX_CONTACTS)
    .execute();
  return rows.map((row) => row.id);
}

export async function archivedOf(tx: Tx, clientIds: readonly ClientId[]): Promise<Set<ClientId>> {
  if (clientIds.length === 0) return new Set();
  const rows = await tx.query
    .selectFrom('client')
    .select('id')
    .where('id', '=', sql<never>`any(${[...new Set(clientIds)]}::uuid[])`)
    .where('state', '=', 'archived')
    .execute();
  return new Set(rows.map((row) => row.id));
}

export async function watchedBy(tx: Tx, address: string, ticketIds: readonly TicketId[]): Promise<Set<string>> {
  if (ticketIds.length === 0) return new Set();
  const rows = await tx.query
    .selectFrom('mail_watcher')
    .select('ticket_id')
    .where('address', '=', address)
    .where('is_mailed', '=', true)
    .where('ticket_id', '=', sql<never>`any(${[...ticketIds]}::uuid[])`)
    .execute();
  return new Set(rows.map((row) => row.ticket_id));
}

export async function ownAddresses(tx: Tx): Promise<Set<string>> {
  const rows = await tx.sql<{ address: string }>(
    `select address from mail_mailbox where msp_id = $1 and state <> 'removed'`,
    [tx.scope.mspId],
  );
  return new Set(rows.map((row) => row.address));
}

/** The queue of that name, in any case. */
export async function queueNamed(tx: AnyTransaction, name: string | null) {
  if (name === null) return null;
  const row = await tx
    .typed<TicketTables>()
    .query.selectFrom('ticket_queue')
    .select('id')
    .where(sql<boolean>`lower(name) = lower(${name})`)
    .where('is_active', '=', true)
    .executeTakeFirst();
  return row?.id ?? null;
}
