import pg from 'pg';
import { makeContainer } from '../../packages/core/src/composition/container.ts';
import { makeTenantScope } from '../../packages/core/src/kernel/tenant-scope.ts';
import { newId } from '../../packages/core/src/kernel/id.ts';
import { updateCalendarInput } from '../../packages/core/src/modules/sla/definition-input.ts';
import { MakeDefaultSla } from '../../packages/core/src/modules/sla/make-default-sla.ts';
import { SlaCalendars } from '../../packages/core/src/modules/sla/sla-calendars.ts';
import { FollowSla, followSla } from '../../packages/core/src/modules/tickets/follow-sla.ts';
import { openPool } from '../../packages/core/src/platform/db/pool.ts';
import type { JobQueue } from '../../packages/core/src/platform/jobs/job-queue.ts';
import { readSettings } from '../../packages/core/src/platform/settings.ts';
import { startBenchDatabase } from './bench-database.ts';
import { progress, report } from './figures.ts';
import { fillMsp, openTickets } from './ticket-data.ts';

const BENCH = 'sla-sweep';
const TICKETS = 100_000;
const CLIENTS = 500;

/**
 * How long it takes until 100,000 open tickets follow the edit of a calendar: each one's clocks are read, judged by the old hours until now and by the new ones from now on, and written with the
 * event and the next due instant. Beside it what PostgreSQL alone needs to write as many rows: the same columns with the same bytes, batch by batch, without reading or judging anything.
 */
export async function benchSlaSweep(): Promise<void> {
  await using database = await startBenchDatabase();
  const msp = await fillMsp(database.superuserUrl, { clients: CLIENTS, tickets: TICKETS });
  await openTickets(database.superuserUrl, msp);
  const pool = openPool(database.urls.app, { max: 4 });
  try {
    // Batches follow one another here by hand, so that no waiting is measured.
    let next: string | null = null;
    const jobs = {
      subscribe: () => '',
      publish: async () => {},
      publishAll: async () => {},
      send: async (_tx: unknown, job: { name: string }, payload: { after?: string | null }) => {
        if (job.name === followSla.name) next = payload.after ?? null;
      },
    } as unknown as JobQueue;
    const container = await makeContainer({
      pool,
      jobs,
      settings: readSettings({ BAILIWICK_DATA_DIR: database.dataDir, BAILIWICK_SECRET_KEY: 'A'.repeat(43) + '=' }),
      authUrl: database.urls.auth,
    });
    const scope = makeTenantScope({
      mspId: msp.mspId,
      reach: { kind: 'all' },
      audience: 'system',
      actor: { kind: 'command-line', id: newId(), label: 'bench' },
      permissions: new Set(),
      requestId: newId(),
    });
    const follow = async (): Promise<number> => {
      const startMs = performance.now();
      let after: string | null = null;
      do {
        next = null;
        await container.resolve(FollowSla).run(scope, { after: after as never });
        after = next;
      } while (after !== null);
      return (performance.now() - startMs) / 1000;
    };
    await container.resolve(MakeDefaultSla).run(scope, { zone: 'Europe/London' });
    progress(`${BENCH}: the tickets get their clocks …`);
    report({ bench: BENCH, metric: 'adopt', value: TICKETS / (await follow()), unit: 'tickets/s' });
    const [calendar] = await container.resolve(SlaCalendars).list(scope);
    const holidays = [{ date: '2027-05-03' }];
    const edit = updateCalendarInput.parse({ ...calendar, calendarId: calendar?.id, holidays });
    await container.resolve(SlaCalendars).update(scope, edit);
    progress(`${BENCH}: the tickets follow the edit …`);
    const ours = await follow();
    progress(`${BENCH}: PostgreSQL writes as much …`);
    const raw = await rawWrites(database.superuserUrl, msp.mspId);
    report({ bench: BENCH, metric: 'tickets', value: TICKETS / ours, unit: 'tickets/s', baseline: TICKETS / raw });
    report({ bench: BENCH, metric: 'whole', value: ours, unit: 's', baseline: raw });
    report({ bench: BENCH, metric: 'in-line', value: TICKETS / (await follow()), unit: 'tickets/s' });
  } finally {
    await pool.end();
  }
}

/** Seconds for as many rows of clocks, events and due instants, in batches of the same size. */
async function rawWrites(superuserUrl: string, mspId: string): Promise<number> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>('select id from ticket where msp_id = $1 order by id', [mspId]);
    const ids = rows.map(({ id }) => id);
    const startMs = performance.now();
    for (let from = 0; from < ids.length; from += 500) {
      const batch = ids.slice(from, from + 500);
      await client.query('begin');
      await client.query(
        `update sla_ticket set clocks = clocks || '{}', events = events + 1, next_warning_at = next_warning_at + interval '1 second'
         where msp_id = $1 and ticket_id = any ($2::uuid[])`,
        [mspId, batch],
      );
      await client.query(
        `insert into sla_event (msp_id, id, client_id, ticket_id, place, at, type, value)
         select msp_id, gen_random_uuid(), client_id, ticket_id, 1000, now(), 'status', '"new"' from sla_ticket where msp_id = $1 and ticket_id = any ($2::uuid[])`,
        [mspId, batch],
      );
      await client.query(
        `update ticket set next_breach_at = next_breach_at + interval '1 second' where msp_id = $1 and id = any ($2::uuid[])`,
        [mspId, batch],
      );
      await client.query('commit');
    }
    return (performance.now() - startMs) / 1000;
  } finally {
    await client.end();
  }
}
