import pg from 'pg';

/** A table of the schema `public`, with what the rules look at. */
export interface CatalogueTable {
  readonly name: string;
  readonly isRowSecured: boolean;
  readonly isForced: boolean;
  readonly policies: readonly {
    /** Narrows what others allow, and allows nothing. */
    readonly isRestrictive: boolean;
    readonly name: string;
    readonly role: string;
    readonly command: string;
    readonly using: string | null;
    readonly check: string | null;
  }[];
  readonly columns: ReadonlyMap<string, { readonly isNullable: boolean; readonly type: string }>;
  readonly keys: readonly { readonly kind: 'primary' | 'unique'; readonly columns: readonly string[] }[];
  readonly references: readonly {
    readonly name: string;
    readonly columns: readonly string[];
    readonly target: string;
    readonly isDeferred: boolean;
  }[];
  readonly checks: readonly string[];
  readonly indexes: readonly {
    readonly name: string;
    readonly columns: readonly string[];
    readonly isPartial: boolean;
  }[];
  readonly owner: string;
}

/** Reads the catalogue of a database, past all policies. */
export async function readCatalogue(superuserUrl: string): Promise<CatalogueTable[]> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    const { rows } = await client.query<Row>(QUERY);
    return rows.map(toTable);
  } finally {
    await client.end();
  }
}

interface Row {
  name: string;
  owner: string;
  secured: boolean;
  forced: boolean;
  policies: CatalogueTable['policies'] | null;
  columns: { name: string; nullable: boolean; type: string }[];
  keys: CatalogueTable['keys'] | null;
  references: { name: string; columns: string[]; target: string; deferred: boolean }[] | null;
  checks: string[] | null;
  indexes: { name: string; columns: string[]; partial: boolean }[] | null;
}

function toTable(row: Row): CatalogueTable {
  return {
    name: row.name,
    owner: row.owner,
    isRowSecured: row.secured,
    isForced: row.forced,
    policies: row.policies ?? [],
    columns: new Map(row.columns.map((column) => [column.name, { isNullable: column.nullable, type: column.type }])),
    keys: row.keys ?? [],
    references: (row.references ?? []).map((reference) => ({
      name: reference.name,
      columns: reference.columns,
      target: reference.target,
      isDeferred: reference.deferred,
    })),
    checks: row.checks ?? [],
    indexes: (row.indexes ?? []).map((index) => ({
      name: index.name,
      columns: index.columns,
      isPartial: index.partial,
    })),
  };
}

const NAMES_OF_KEY = `(select json_agg(a.attname order by k.place) from unnest(con.conkey) with ordinality k(number, place) join pg_attribute a on a.attrelid = con.conrelid and a.attnum = k.number)`;

const QUERY = `
  select c.relname as name, pg_get_userbyid(c.relowner) as owner, c.relrowsecurity as secured, c.relforcerowsecurity as forced,
    (select json_agg(json_build_object('name', p.polname, 'role', (select coalesce(string_agg(r.rolname, ','), 'public') from pg_roles r where r.oid = any(p.polroles)),
      'command', p.polcmd, 'isRestrictive', not p.polpermissive, 'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid))) from pg_policy p where p.polrelid = c.oid) as policies,
    (select json_agg(json_build_object('name', a.attname, 'nullable', not a.attnotnull, 'type', format_type(a.atttypid, null))) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
    (select json_agg(json_build_object('kind', case con.contype when 'p' then 'primary' else 'unique' end, 'columns', ${NAMES_OF_KEY})) from pg_constraint con where con.conrelid = c.oid and con.contype in ('p', 'u')) as keys,
    (select json_agg(json_build_object('name', con.conname, 'columns', ${NAMES_OF_KEY}, 'target', con.confrelid::regclass::text, 'deferred', con.condeferred)) from pg_constraint con where con.conrelid = c.oid and con.contype = 'f' and con.conparentid = 0) as references,
    (select json_agg(pg_get_constraintdef(con.oid)) from pg_constraint con where con.conrelid = c.oid and con.contype = 'c') as checks,
    (select json_agg(json_build_object('name', i.relname, 'partial', x.indpred is not null,
      'columns', (select json_agg(pg_get_indexdef(x.indexrelid, n, true) order by n) from generate_series(1, x.indnkeyatts) n)))
      from pg_index x join pg_class i on i.oid = x.indexrelid where x.indrelid = c.oid) as indexes
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
  order by c.relname`;
