import { sql } from 'kysely';
import { z } from 'zod';
import { NotFoundError } from '#kernel/errors';
import { clientIdSchema, type ClientId } from '#kernel/id';
import { decodeCursor, pageInput, toPage, type Page } from '#kernel/page';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { CLIENT_STATES } from './client.ts';
import { toClientView, type ClientView } from './client-view.ts';
import type { TenancyTables } from './tenancy-table.ts';

export const listClientsInput = z.object({
  ...pageInput,
  states: z.array(z.enum(CLIENT_STATES)).optional(),
  groupId: z.uuid().optional(),
  search: text({ max: 100 }).optional(),
  /** True for the MSP itself alone, false for its customers alone. */
  isInternal: z.boolean().optional(),
});
export const getClientInput = z.object({ clientId: clientIdSchema });

/** Reads clients. */
export class ClientQueries {
  readonly #db: ScopedDb<TenancyTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<TenancyTables>();
  }

  /** Clients by name, merged ones left out. */
  async list(scope: TenantScope, input: z.output<typeof listClientsInput>): Promise<Page<ClientView>> {
    const after = input.cursor === undefined ? null : decodeCursor(input.cursor, 2);
    const rows = await this.#db.read(scope, (query) => {
      let list = query.selectFrom('client').selectAll().where('merged_into', 'is', null);
      if (input.states !== undefined) list = list.where('state', '=', sql<never>`any(${input.states}::text[])`);
      if (input.isInternal !== undefined) list = list.where('is_internal', '=', input.isInternal);
      if (input.search !== undefined)
        list = list.where(
          sql<boolean>`(strpos(lower(name), lower(${input.search})) > 0 or short_code = upper(${input.search}))`,
        );
      if (input.groupId !== undefined)
        list = list.where(
          'id',
          'in',
          query
            .selectFrom('client_group_member')
            .select('client_id')
            .where('group_id', '=', input.groupId as never),
        );
      if (after !== null) list = list.where(sql<boolean>`(lower(name), id) > (${after[0]}, ${after[1]}::uuid)`);
      return list
        .orderBy(sql`lower(name)`)
        .orderBy('id')
        .limit(input.limit + 1);
    });
    return toPage(rows, input.limit, toClientView, (row) => [row.name.toLowerCase(), row.id]);
  }

  /** The MSP's internal client, which holds its own machines. */
  async internalClientId(scope: TenantScope): Promise<ClientId> {
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('client').select('id').where('is_internal', '=', true),
    );
    if (row === undefined) throw new NotFoundError('tenancy.client-not-found', 'This MSP has no internal client.');
    return row.id;
  }

  /** Whether a client is the MSP itself; false for one out of reach. */
  async isInternal(scope: TenantScope, clientId: ClientId): Promise<boolean> {
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('client').select('id').where('id', '=', clientId).where('is_internal', '=', true),
    );
    return row !== undefined;
  }

  /** One client. Throws `tenancy.client-not-found`, also for another tenant's. */
  async get(scope: TenantScope, clientId: ClientId): Promise<ClientView> {
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('client').selectAll().where('id', '=', clientId),
    );
    if (row === undefined) throw new NotFoundError('tenancy.client-not-found', 'There is no such client.');
    return toClientView(row);
  }

  /** Names and mail domains of all clients in reach that are served or may be: what tells whose something is. Archived and merged ones are left out. */
  async identities(tx: AnyTransaction): Promise<{ id: ClientId; name: string; emailDomains: string[] }[]> {
    const rows = await tx
      .typed<TenancyTables>()
      .query.selectFrom('client')
      .select(['id', 'name', 'email_domains'])
      .where('state', '<>', 'archived')
      .where('merged_into', 'is', null)
      .orderBy('id')
      .execute();
    return rows.map((row) => ({ id: row.id, name: row.name, emailDomains: row.email_domains }));
  }

  /** The names of some clients, in no order; those out of reach are left out. */
  async names(scope: TenantScope, clientIds: readonly ClientId[]): Promise<{ id: ClientId; name: string }[]> {
    if (clientIds.length === 0) return [];
    return this.#db.read(scope, (query) =>
      query
        .selectFrom('client')
        .select(['id', 'name'])
        .where('id', '=', sql<never>`any(${clientIds}::uuid[])`),
    );
  }

  /** These clients and all that were merged into one of them. */
  async withMerged(scope: TenantScope, clientIds: readonly ClientId[]): Promise<ClientId[]> {
    if (clientIds.length === 0) return [];
    const merged = await this.#db.read(scope, (query) =>
      query
        .selectFrom('client')
        .select('id')
        .where('merged_into', 'in', [...clientIds]),
    );
    return [...new Set([...clientIds, ...merged.map((row) => row.id)])];
  }
}
