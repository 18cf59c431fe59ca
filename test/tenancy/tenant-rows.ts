import pg from 'pg';
import type { CatalogueTable } from './catalogue.ts';

/** Entities whose table is not simply their name with underscores. */
const TABLE_OF: Readonly<Record<string, string>> = {
  'api-key': 'identity_api_key',
  check: 'monitoring_check',
  'check-override': 'monitoring_override',
  invitation: 'identity_invitation',
  role: 'identity_role',
  staff: 'identity_staff',
};

/** Entities that lie where no tenant's rows are, each with its reason; any id serves for them. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['session', 'in the schema auth, which the application cannot read; the tests of identity try to revoke another’s'],
  ['login', 'in the schema auth, which the application cannot read'],
]);

/** Looks past all policies: what a tenant really has, and whether anything of it changed. */
export class TenantRows {
  readonly #client: pg.Client;
  readonly #tables: readonly CatalogueTable[];

  constructor(client: pg.Client, tables: readonly CatalogueTable[]) {
    this.#client = client;
    this.#tables = tables.filter((table) => table.columns.has('msp_id'));
  }

  /** Some id of an entity that belongs to the client, or to its MSP where the entity has no client. */
  async anyId(entity: string, owner: { mspId: string; clientId: string }): Promise<string> {
    if (entity === 'client') return owner.clientId;
    if (entity === 'msp') return owner.mspId;
    if (ELSEWHERE.has(entity)) return '01900000-0000-7000-8000-000000000000';
    const name = TABLE_OF[entity] ?? entity.replaceAll('-', '_');
    const table = this.#tables.find((candidate) => candidate.name === name);
    if (table === undefined) throw new Error(`no table is known for ids of “${entity}”; name it in TABLE_OF`);
    const ofClient = table.columns.has('client_id') ? 'and client_id = $2' : 'and $2::text is not null';
    const { rows } = await this.#client.query<{ id: string }>(
      `select id from ${pg.escapeIdentifier(name)} where msp_id = $1 ${ofClient} limit 1`,
      [owner.mspId, owner.clientId],
    );
    const id = rows[0]?.id;
    if (id === undefined)
      throw new Error(`the world has no ${entity} (table ${name}) of the victim: make one in test/support/world.ts`);
    return id;
  }

  /** All ids of the client's own rows, to be looked for where they must not appear. */
  async idsOfClient(owner: { mspId: string; clientId: string }): Promise<Set<string>> {
    const ids = new Set<string>();
    for (const table of this.#tables) {
      if (!table.columns.has('client_id') || !table.columns.has('id')) continue;
      const { rows } = await this.#client.query<{ id: string }>(
        `select id from ${pg.escapeIdentifier(table.name)} where msp_id = $1 and client_id = $2 limit 1000`,
        [owner.mspId, owner.clientId],
      );
      for (const row of rows) ids.add(row.id);
    }
    return ids;
  }

  /** A digest of every row of the MSP, table by table. */
  async digest(mspId: string): Promise<Record<string, string>> {
    const digests: Record<string, string> = {};
    for (const table of this.#tables) {
      const name = pg.escapeIdentifier(table.name);
      const { rows } = await this.#client.query<{ digest: string }>(
        `select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as digest from ${name} t where msp_id = $1`,
        [mspId],
      );
      digests[table.name] = rows[0]?.digest ?? '';
    }
    return digests;
  }
}
