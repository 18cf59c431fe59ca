import { startBenchDatabase } from './bench-database.ts';
import { compare, throughput } from './figures.ts';
import { fillMsp, ticketId } from './ticket-data.ts';
import { openPool } from '../../packages/core/src/platform/db/pool.ts';
await using database = await startBenchDatabase();
const msp = await fillMsp(database.superuserUrl, { clients: 100, tickets: 50_000 });
const raw = openPool(database.superuserUrl, { max: 4 });
const app = openPool(database.urls.app, { max: 4 });
await raw.query('vacuum analyze ticket');
const C = 'id, client_id, number, status, priority, subject, opened_at, updated_at, version';
const Q = `select ${C} from ticket where id = $1 and msp_id = $2`;
const id = (t: number) => ticketId(msp, 1 + ((t * 7919) % msp.tickets));
const sets = (n: number) => [`set local app.msp_id = '${msp.mspId}'`, `set local app.reach = 'all'`, `set local app.audience = 'staff'`, `set local app.client_ids = '{}'`, `set local app.actor_id = '${msp.mspId}'`].slice(0, n);
const flight = (pool: any, begin: string[], useCommit = true) => async (t: number) => {
  const c = await pool.connect();
  try {
    const ps = [];
    if (begin.length) ps.push(c.query(begin.join('; ')));
    ps.push(c.query({ name: 'q', text: Q, values: [id(t), msp.mspId] }));
    if (useCommit) ps.push(c.query('commit'));
    await Promise.allSettled(ps);
  } finally { c.release(); }
};
const base = (t: number) => raw.query({ name: 'q', text: Q, values: [id(t), msp.mspId] });
for (const lanes of [1, 4]) for (const [name, f] of Object.entries({
  'raw via connect': flight(raw, [], false),
  'raw begin/commit': flight(raw, ['begin']),
  'raw begin+5 sets': flight(raw, ['begin', ...sets(5)]),
  'raw begin+1 set': flight(raw, ['begin', ...sets(1)]),
  'app begin+3 sets (policy)': flight(app, ['begin', ...sets(3)]),
  'app begin+5 sets (policy)': flight(app, ['begin', ...sets(5)]),
})) {
  const r = await compare(f, base, { lanes, roundMs: 700, rounds: 5 });
  console.log(lanes, name, Math.round(r.value), Math.round(r.baseline), (r.value / r.baseline).toFixed(2));
}
await raw.end(); await app.end();
