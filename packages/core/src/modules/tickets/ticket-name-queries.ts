import { sql } from 'kysely';
import type { ClientId, MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AssetId } from '#modules/assets';
import type { DeskCategoryId } from '#modules/desk-catalogue';
import type { TeamId } from '#modules/teams';
import type { ContactId, SiteId } from '#modules/tenancy';
import { scopedQuery } from '#platform/db/scoped-query';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { StaffId, TicketQueueId, TicketTables } from './ticket-table.ts';

interface Named<Id> {
  msp_id: MspId;
  id: Id;
  name: string;
}

/** As much of other modules' tables as a ticket's references need: ids and names. */
export interface PeopleTables {
  client: Named<ClientId>;
  site: Named<SiteId> & { client_id: ClientId };
  contact: Named<ContactId> & { client_id: ClientId };
  asset: Named<AssetId> & { client_id: ClientId };
  desk_category: Named<DeskCategoryId>;
  team: Named<TeamId>;
  identity_staff: Named<StaffId> & { login_id: string; removed_at: Temporal.Instant | null };
}

/** What tickets point at, by id; an id without a name is one that the reader may not see. */
export type NamesById = ReadonlyMap<string, string>;

interface Referring {
  readonly client_id: ClientId;
  readonly site_id: SiteId | null;
  readonly contact_id: ContactId | null;
  readonly asset_id: AssetId | null;
  readonly assignee_id: StaffId | null;
  readonly queue_id: TicketQueueId | null;
  readonly category_id: DeskCategoryId | null;
  readonly team_id: TeamId | null;
}

const REFERENCES = [
  ['client', (ticket: Referring) => ticket.client_id],
  ['site', (ticket: Referring) => ticket.site_id],
  ['contact', (ticket: Referring) => ticket.contact_id],
  ['asset', (ticket: Referring) => ticket.asset_id],
  ['identity_staff', (ticket: Referring) => ticket.assignee_id],
  ['ticket_queue', (ticket: Referring) => ticket.queue_id],
  ['desk_category', (ticket: Referring) => ticket.category_id],
  ['team', (ticket: Referring) => ticket.team_id],
] as const;

type Wanted = Readonly<Record<(typeof REFERENCES)[number][0], readonly string[]>>;

const names = scopedQuery<TicketTables & PeopleTables, Wanted>()<{ id: string; name: string }>((query, p) => {
  const named = (table: keyof Wanted) =>
    query
      .selectFrom(table)
      .select([sql<string>`id`.as('id'), sql<string>`name`.as('name')])
      .where('id', '=', sql<never>`any(${p(table)}::uuid[])`);
  const [[first], ...others] = REFERENCES;
  let all = named(first);
  for (const [other] of others) all = all.unionAll(named(other));
  return all;
});

/** The names of everything that some tickets point at, in one flight. */
export async function namesOf(db: ScopedDb, scope: TenantScope, tickets: readonly Referring[]): Promise<NamesById> {
  if (tickets.length === 0) return new Map();
  const wanted = Object.fromEntries(
    REFERENCES.map(([table, pick]) => [
      table,
      [...new Set(tickets.map((one) => pick(one)).filter((id) => id !== null))],
    ]),
  ) as unknown as Wanted;
  const rows = await db.run(scope, names, wanted);
  return new Map(rows.map((row) => [row.id, row.name]));
}
