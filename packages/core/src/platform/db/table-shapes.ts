import type pg from 'pg';
import type { TableShapes } from './scope-predicates.ts';

/** Reads which tables are a tenant's, from the catalogue itself: a new table cannot be forgotten. */
export async function readTableShapes(pool: pg.Pool): Promise<TableShapes> {
  const { rows } = await pool.query<{ table: string; has_client: boolean }>(`
    select c.relname as table, bool_or(a.attname = 'client_id') as has_client
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relrowsecurity
    group by c.relname having bool_or(a.attname = 'msp_id')`);
  return new Map(
    rows.map((row) => [
      row.table,
      { clientColumn: row.table === 'client' ? 'id' : row.has_client ? 'client_id' : null },
    ]),
  );
}
