import { newId, type ClientId, type Id, type MspId } from '../../packages/core/src/kernel/id.ts';
import type { BenchDatabase } from './bench-database.ts';
import { startClocks } from './desk-clocks.ts';
import { Filler, type Statement } from './desk-fill.ts';
import { progress } from './figures.ts';
import { makeSentences, makeSubjects } from './desk-words.ts';

/** A service desk of a size: who works at it, for whom, and some of what it holds, picked evenly. */
export interface SizedDesk {
  readonly mspId: MspId;
  readonly tickets: number;
  readonly staff: readonly { readonly id: Id<'staff'>; readonly loginId: string }[];
  readonly clientIds: readonly ClientId[];
  readonly queueIds: readonly Id<'ticket-queue'>[];
}

/** Numbers of the tickets that a statement is for. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** Per 1,000 tickets: an MSP of 1,000 clients with a million tickets has 60 analysts and works on 25,000 at a time. */
const OPEN_SHARE = 0.025;
const TABLES = [
  'ticket',
  'ticket_comment',
  'ticket_event',
  'ticket_open_words',
  'desk_field_value',
  'sla_ticket',
  'time_entry',
] as const;
/** Connections that fill. */
const LANES = 2;
/** Tickets that one statement makes. */
const BATCH = 50_000;

/** A number from 0 to 1 for `n`, the same in each run; `salt` makes another row of them. */
function random(n: string, salt: number): string {
  return `((hashint8extended(${n}::bigint, ${salt}) & 2147483647)::double precision / 2147483648)`;
}

/** One of an array, the first ones far more often: a tenth of the clients have half of the tickets. */
function skewed(array: string, n: string, salt: number): string {
  return `(${array})[1 + floor(power(${random(n, salt)}, 3) * cardinality(${array}))::integer]`;
}

function evenly(array: string, n: string, salt: number): string {
  return `(${array})[1 + floor(${random(n, salt)} * cardinality(${array}))::integer]`;
}

/**
 * One desk over two years: clients, statuses, priorities and assignees skewed as they are in life, what is open mostly new; three comments, four events, clocks, time and custom fields
 * of tickets. Words come as in real text: a few in every tenth ticket, most in few. Where the database holds it from an earlier run, it is taken as it is.
 */
export async function fillDesk(
  database: BenchDatabase,
  size: { clients: number; staff: number; tickets: number },
): Promise<SizedDesk> {
  await using filler = await Filler.open(database.superuserUrl, LANES);
  const known = await knownDesk(filler);
  if (known !== null) {
    progress(`${known.tickets} tickets are there from an earlier run.`);
    return known;
  }
  const start = performance.now();
  const mspId = newId<'msp'>();
  const staff = Array.from({ length: size.staff }, () => ({ id: newId<'staff'>(), loginId: newId() as string }));
  const clientIds = Array.from({ length: size.clients }, () => newId<'client'>());
  const queueIds = Array.from({ length: 8 }, () => newId<'ticket-queue'>());
  progress(`Filling in ${size.tickets} tickets of ${size.clients} clients …`);
  await filler.waitForDisk(false);
  await filler.inOrder('people', peopleOf(mspId, staff, clientIds, queueIds));
  const ranges = Array.from({ length: Math.ceil(size.tickets / BATCH) }, (_, index) => ({
    from: index * BATCH + 1,
    to: Math.min((index + 1) * BATCH, size.tickets),
  }));
  const many = { staff: staff.map(({ id }) => id), clientIds, queueIds };
  await filler.withoutIndexes(TABLES, async () => {
    await filler.run(
      'tickets',
      ranges.map((range) => ticketsOf(mspId, size.tickets, many, range)),
    );
    await filler.run('counter', [
      ['insert into ticket_counter (msp_id, last_number) values ($1, $2)', [mspId, size.tickets]],
    ]);
    for (const [what, partOf] of Object.entries({
      comments: commentsOf,
      events: eventsOf,
      fields: fieldsOf,
      time: timeOf,
    }))
      await filler.run(
        what,
        ranges.map((range) => partOf(mspId, range)),
      );
    await filler.run('words of what is open', [openWordsOf(mspId)]);
  });
  await filler.run(
    'statistics',
    ['ticket', 'ticket_comment', 'ticket_event'].map((table) => [`vacuum analyze ${table}`, []]),
  );
  await startClocks(database, mspId);
  await filler.run(
    'clocks',
    ranges.map((range) => clocksOf(mspId, range)),
  );
  await filler.run('statistics', [['vacuum analyze', []]]);
  await filler.waitForDisk(true);
  await filler.run('done', [['create table bench_desk as select $1::uuid as msp_id', [mspId]]]);
  progress(`Filled in ${((performance.now() - start) / 1000).toFixed(0)} s.`);
  return { mspId, tickets: size.tickets, staff, clientIds, queueIds };
}

function peopleOf(
  mspId: MspId,
  staff: SizedDesk['staff'],
  clientIds: readonly ClientId[],
  queueIds: readonly string[],
): Statement[] {
  return [
    [
      `insert into msp (msp_id, name, slug, time_zone, currency, created_at) values ($1, 'Bench', $2, 'Europe/London', 'GBP', now())`,
      [mspId, `bench-${mspId.slice(-12)}`],
    ],
    [
      `insert into client (msp_id, id, name, short_code, state, time_zone, created_at)
       select $1, id, 'Client ' || n, 'C' || n, 'active', 'Europe/London', now() from unnest($2::uuid[]) with ordinality c (id, n)`,
      [mspId, clientIds],
    ],
    [
      `insert into identity_staff (msp_id, id, login_id, name, email, reach, created_at)
       select $1, id, login_id, 'Analyst ' || n, 'analyst' || n || '@example.com', 'all', now()
       from unnest($2::uuid[], $3::uuid[]) with ordinality s (id, login_id, n)`,
      [mspId, staff.map(({ id }) => id), staff.map(({ loginId }) => loginId)],
    ],
    [
      `insert into ticket_queue (msp_id, id, name, created_at) select $1, id, 'Queue ' || n, now() from unnest($2::uuid[]) with ordinality q (id, n)`,
      [mspId, queueIds],
    ],
    [
      `insert into contact (msp_id, id, client_id, person_id, name, email, portal_role, created_at)
       select $1, gen_random_uuid(), c.id, gen_random_uuid(), 'Person ' || n, 'person' || n || '@' || left(c.id::text, 8) || '.example', 'none', now()
       from client c, generate_series(1, 12) n where c.msp_id = $1`,
      [mspId],
    ],
    [
      `insert into desk_field (msp_id, id, name, type, required_on, is_public, place, created_at)
       select $1, gen_random_uuid(), name, 'text', 'never', true, n, now() from unnest(array['Affected machine', 'Place']) with ordinality f (name, n)`,
      [mspId],
    ],
  ];
}

function ticketsOf(
  mspId: MspId,
  tickets: number,
  {
    staff,
    clientIds,
    queueIds,
  }: { staff: readonly string[]; clientIds: readonly string[]; queueIds: readonly string[] },
  { from, to }: Range,
): Statement {
  // Tickets come ever more often.
  const openedAt = `(now() - interval '730 days' * (1 - power((n::double precision / $2), 0.8)))`;
  // What is open is mostly young, with a tail over all the years.
  const isOpen = `(${random('n', 1)} < ${OPEN_SHARE / 4} or (n > $2 * 0.96 and ${random('n', 2)} < 0.5))`;
  return [
    `insert into ticket (msp_id, id, client_id, number, type, status, impact, urgency, priority, source, subject, queue_id, assignee_id, contact_id,
       agreement_reason, touched_by_person, is_reply_awaited, opened_at, updated_at, resolved_at, closed_at, next_breach_at)
     select $1::uuid, uuidv7(t.opened_at - now()), t.client_id, n, ${evenly(`array['incident','incident','incident','request','request','task','problem']`, 'n', 3)},
       case when not t.is_open then case when n > $2 * 0.99 then 'resolved' else 'closed' end
         else ${evenly(`array['new','in-progress','in-progress','waiting-client','waiting-client','waiting-vendor']`, 'n', 4)} end,
       2, 2, ${evenly('array[1,2,2,3,3,3,3,3,3,4,4,4,4]', 'n', 5)}, ${evenly(`array['mail','mail','mail','portal','staff','alert','alert']`, 'n', 6)},
       ${evenly('$6::text[]', 'n', 7)} || ' ' || ${skewed('$7::text[]', 'n', 8)} || ' ' || to_hex(n::bigint * 7919), ${skewed('$5::uuid[]', 'n', 9)},
       case when t.is_open and ${random('n', 10)} < 0.15 then null else ${skewed('$4::uuid[]', 'n', 11)} end,
       (select id from contact c where c.msp_id = $1::uuid and c.client_id = t.client_id limit 1),
       'none', true, t.is_open and ${random('n', 12)} < 0.3, t.opened_at, t.opened_at + (now() - t.opened_at) * power(${random('n', 13)}, case when t.is_open then 1 else 6 end),
       case when t.is_open then null else t.opened_at + interval '1 day' end, case when t.is_open or n > $2 * 0.99 then null else t.opened_at + interval '4 days' end,
       case when t.is_open and ${random('n', 14)} < 0.7 then now() + (${random('n', 15)} - 0.2) * interval '5 days' end
     from (select n, ${openedAt} opened_at, ${isOpen} is_open, ${skewed('$3::uuid[]', 'n', 16)} client_id from generate_series($8::integer, $9::integer) n) t`,
    [mspId, tickets, clientIds, staff, queueIds, makeSubjects(), makeSentences(400, 3), from, to],
  ];
}

function commentsOf(mspId: MspId, { from, to }: Range): Statement {
  const n = '(t.number::bigint * 64 + c)';
  return [
    `insert into ticket_comment (msp_id, id, client_id, ticket_id, visibility, author_kind, author_id, author_label, body, created_at)
     select $1::uuid, uuidv7(t.opened_at - now() + c * interval '1 hour'), t.client_id, t.id, case when ${random(n, 20)} < 0.3 then 'internal' else 'public' end,
       case when c % 2 = 1 then 'contact' else 'staff' end, t.client_id, 'Somebody',
       ${skewed('$2::text[]', n, 21)} || ' ' || ${evenly('$2::text[]', n, 22)} || ' ' || ${evenly('$2::text[]', n, 23)} || ' ' || to_hex(${n} * 7919),
       t.opened_at + c * interval '1 hour'
     from ticket t, generate_series(1, 1 + floor(power(${random('t.number', 24)}, 4) * 10)::integer) c
     where t.msp_id = $1::uuid and t.number between $3 and $4`,
    [mspId, makeSentences(8000, 9), from, to],
  ];
}

/** Opened, given to somebody, answered, and resolved where it is. */
function eventsOf(mspId: MspId, { from, to }: Range): Statement {
  return [
    `insert into ticket_event (msp_id, id, client_id, ticket_id, ticket_version, kind, at, actor_kind, actor_id, actor_label, from_value, to_value)
     select $1::uuid, uuidv7(t.opened_at - now() + (e - 1) * interval '1 hour'), t.client_id, t.id, e, (array['opened','assignee','public-reply','status'])[e],
       t.opened_at + (e - 1) * interval '1 hour', 'staff', t.client_id, 'Somebody', case when e = 4 then 'in-progress' end,
       case e when 1 then json_build_object('status', 'new', 'priority', t.priority)::text when 4 then t.status end
     from ticket t, generate_series(1, case when t.is_open then 3 else 4 end) e where t.msp_id = $1::uuid and t.number between $2 and $3`,
    [mspId, from, to],
  ];
}

/** Every third ticket says which machine, every fifth which place: words as in comments. */
function fieldsOf(mspId: MspId, { from, to }: Range): Statement {
  return [
    `insert into desk_field_value (msp_id, id, client_id, ticket_id, field_id, value)
     select $1::uuid, uuidv7(t.opened_at - now()), t.client_id, t.id, f.id, ${skewed('$2::text[]', '(t.number * 2 + f.place)', 31)}
     from ticket t, desk_field f where f.msp_id = $1::uuid and t.msp_id = $1::uuid and t.number between $3 and $4 and t.number % (1 + 2 * f.place) = 0`,
    [mspId, makeSentences(2000, 3), from, to],
  ];
}

/** What triggers do, which do not run while tables are filled: the words of what is open. */
function openWordsOf(mspId: MspId): Statement {
  const ofOpen = (table: string): string =>
    `${table} s join ticket t on t.msp_id = s.msp_id and t.id = s.ticket_id where t.is_open and s.msp_id = $1`;
  return [
    `insert into ticket_open_words (msp_id, id, client_id, ticket_id, visibility, field_id, search)
     select msp_id, id, client_id, id, 'public', null::uuid, search from ticket where is_open and msp_id = $1
     union all select s.msp_id, s.id, s.client_id, s.ticket_id, s.visibility, null, s.search from ${ofOpen('ticket_comment')}
     union all select s.msp_id, s.id, s.client_id, s.ticket_id, 'public', s.field_id, s.search from ${ofOpen('desk_field_value')}`,
    [mspId],
  ];
}

/** Two of three tickets have an entry of a quarter of an hour to two hours. */
function timeOf(mspId: MspId, { from, to }: Range): Statement {
  return [
    `insert into time_entry (msp_id, id, client_id, ticket_id, staff_id, staff_label, work_type, started_at, ended_at, worked_minutes, worked_reason, billable_minutes, billable_reason,
       note, visibility, agreement_reason, coverage, created_at)
     select $1::uuid, uuidv7(t.opened_at - now()), t.client_id, t.id, coalesce(t.assignee_id, t.client_id), 'Somebody', 'remote', t.opened_at + interval '1 hour',
       t.opened_at + interval '2 hours', 15 * (1 + t.number % 8), 'timer', 15 * (1 + t.number % 8), 'as worked', '', 'public', 'none', 'billable', t.opened_at
     from ticket t where t.msp_id = $1::uuid and t.number between $2 and $3 and t.number % 3 <> 0`,
    [mspId, from, to],
  ];
}

/** Clocks of what is done: as reports read them, under the policy that open tickets have. */
function clocksOf(mspId: MspId, { from, to }: Range): Statement {
  const verdict = (salt: number): string =>
    `case when ${random('t.number', salt)} < 0.92 then 'met' else 'breached' end`;
  return [
    `insert into sla_ticket (msp_id, client_id, ticket_id, policy_version_id, chosen_by, clocks, events, response_verdict, response_due_at, response_ended_at, response_seconds,
       resolution_verdict, resolution_due_at, resolution_ended_at, resolution_seconds)
     select $1::uuid, t.client_id, t.id, one.policy_version_id, one.chosen_by, one.clocks, 4, ${verdict(41)}, t.opened_at + interval '4 hours', t.opened_at + interval '2 hours', 7200,
       ${verdict(42)}, t.opened_at + interval '2 days', t.resolved_at, 28800
     from (select * from sla_ticket limit 1) one, ticket t where t.msp_id = $1::uuid and not t.is_open and t.number between $2 and $3`,
    [mspId, from, to],
  ];
}

async function knownDesk(filler: Filler): Promise<SizedDesk | null> {
  const [isThere] = await filler.rows<{ isThere: boolean }>(
    `select to_regclass('bench_desk') is not null as "isThere"`,
  );
  if (isThere?.isThere !== true) return null;
  const [desk] = await filler.rows<{ mspId: MspId; tickets: number }>(
    `select msp_id as "mspId", last_number as tickets from bench_desk join ticket_counter using (msp_id)`,
  );
  if (desk === undefined) return null;
  const idsOf = async <Kind>(table: string): Promise<Kind[]> =>
    (await filler.rows<{ id: Kind }>(`select id from ${table} where msp_id = $1 order by id`, [desk.mspId])).map(
      ({ id }) => id,
    );
  return {
    ...desk,
    staff: await filler.rows(`select id, login_id as "loginId" from identity_staff where msp_id = $1 order by id`, [
      desk.mspId,
    ]),
    clientIds: await idsOf<ClientId>('client'),
    queueIds: await idsOf<Id<'ticket-queue'>>('ticket_queue'),
  };
}
