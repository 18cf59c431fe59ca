import type pg from 'pg';
import { newId } from '../../packages/core/src/kernel/id.ts';
import { makeTenantScope, type TenantScope } from '../../packages/core/src/kernel/tenant-scope.ts';
import { openPool } from '../../packages/core/src/platform/db/pool.ts';
import { ScopedDb } from '../../packages/core/src/platform/db/scoped-db.ts';
import { scopedQuery } from '../../packages/core/src/platform/db/scoped-query.ts';
import { readTableShapes } from '../../packages/core/src/platform/db/table-shapes.ts';
import { startBenchDatabase } from './bench-database.ts';
import { compare, progress, report } from './figures.ts';
import { fillMsp, ticketId, type SizedMsp } from './ticket-data.ts';

interface Tables {
  ticket: {
    msp_id: string;
    id: string;
    client_id: string;
    number: number;
    status: string;
    priority: number;
    subject: string;
    is_open: boolean;
    opened_at: Temporal.Instant;
    updated_at: Temporal.Instant;
    version: number;
  };
}

const COLUMNS = [
  'id',
  'client_id',
  'number',
  'status',
  'priority',
  'subject',
  'opened_at',
  'updated_at',
  'version',
] as const;

const ticketById = scopedQuery<Tables, { id: string }>()((query, parameter) =>
  query.selectFrom('ticket').select(COLUMNS).where('id', '=', parameter('id')),
);
const openTickets = scopedQuery<Tables, object>()((query) =>
  query
    .selectFrom('ticket')
    .select(COLUMNS)
    .where('is_open', '=', true)
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(50),
);
const RAW_BY_ID = `select ${COLUMNS.join(', ')} from ticket where id = $1 and msp_id = $2`;
const RAW_LIST = `select ${COLUMNS.join(', ')} from ticket where is_open = true and msp_id = $1 order by updated_at desc, id desc limit 50`;

/** As many connections for both ways; enough to keep two cores busy. */
const LANES = 4;
const LOOKS = { lanes: LANES, roundMs: 1500, rounds: 7 };

type Look = (msp: SizedMsp, parts: { db: ScopedDb; raw: pg.Pool }) => Promise<{ value: number; baseline: number }>;

const pointRead: Look = (msp, { db, raw }) => {
  const scope = staffScope(msp);
  const idOf = (turn: number): string => ticketId(msp, 1 + ((turn * 7919) % msp.tickets));
  return compare(
    async (turn) => expectRows(await db.run(scope, ticketById, { id: idOf(turn) }), 1),
    async (turn) =>
      expectRows((await raw.query({ name: 'by_id', text: RAW_BY_ID, values: [idOf(turn), msp.mspId] })).rows, 1),
    LOOKS,
  );
};

const list: Look = (msp, { db, raw }) => {
  const scope = staffScope(msp);
  return compare(
    async () => expectRows(await db.run(scope, openTickets, {}), 50),
    async () => expectRows((await raw.query({ name: 'list', text: RAW_LIST, values: [msp.mspId] })).rows, 50),
    LOOKS,
  );
};

/** `rls-point-read` and `rls-list`: reads through `ScopedDb` beside the same prepared query without policy, scope or predicate of our making. */
export async function benchRls(names: readonly string[]): Promise<void> {
  await using database = await startBenchDatabase();
  const sizes: SizedMsp[] = [];
  for (const size of [
    { clients: 10, tickets: 200_000 },
    { clients: 1_000, tickets: 1_000_000 },
    { clients: 10_000, tickets: 200_000 },
  ])
    sizes.push(await fillMsp(database.superuserUrl, size));
  const pool = openPool(database.urls.app, { max: LANES });
  const raw = openPool(database.superuserUrl, { max: LANES });
  try {
    await raw.query('vacuum analyze ticket');
    const db = new ScopedDb({ pool, shapes: await readTableShapes(pool) });
    for (const [bench, look] of [
      ['rls-point-read', pointRead],
      ['rls-list', list],
    ] as const) {
      if (!names.includes(bench)) continue;
      for (const msp of sizes) {
        progress(`${bench}: ${msp.clients} clients …`);
        const { value, baseline } = await look(msp, { db, raw });
        report({ bench, metric: `reads-at-${msp.clients}-clients`, value, unit: 'reads/s', baseline });
      }
    }
  } finally {
    await pool.end();
    await raw.end();
  }
}

function staffScope({ mspId }: SizedMsp): TenantScope {
  return makeTenantScope({
    mspId,
    reach: { kind: 'all' },
    audience: 'staff',
    actor: { kind: 'login', id: newId(), label: 'bench' },
    permissions: new Set(),
    requestId: newId(),
  });
}

function expectRows(rows: readonly unknown[], count: number): void {
  if (rows.length !== count) throw new Error(`A bench read ${rows.length} rows where there are ${count}.`);
}
