import { newId, type ClientId, type Id, type MspId } from '../../packages/core/src/kernel/id.ts';
import { fill } from './bench-database.ts';
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

/** Per 1,000 tickets: an MSP of 1,000 clients with a million tickets has 60 analysts and works on 25,000 at a time. */
const OPEN_SHARE = 0.025;
const TABLES = ['ticket', 'ticket_comment', 'ticket_event'] as const;

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
 * Fills a database with one desk over two years: clients, statuses, priorities and assignees skewed as they are in life, what is open mostly new, three comments and four events a
 * ticket. Words come as in real text: a few in every tenth ticket, most in few.
 */
export async function fillDesk(
  superuserUrl: string,
  size: { clients: number; staff: number; tickets: number },
): Promise<SizedDesk> {
  const mspId = newId<'msp'>();
  const staff = Array.from({ length: size.staff }, () => ({ id: newId<'staff'>(), loginId: newId() as string }));
  const clientIds = Array.from({ length: size.clients }, () => newId<'client'>());
  const queueIds = Array.from({ length: 8 }, () => newId<'ticket-queue'>());
  progress(`Filling in ${size.tickets} tickets of ${size.clients} clients …`);
  await fill(superuserUrl, [
    ...peopleOf(mspId, staff, clientIds, queueIds),
    ['create table bench_index as select indexdef, indexname from pg_indexes where false', []],
    [dropIndexes, [[...TABLES]]],
    ticketsOf(mspId, size.tickets, { staff: staff.map(({ id }) => id), clientIds, queueIds }),
    ['insert into ticket_counter (msp_id, last_number) values ($1, $2)', [mspId, size.tickets]],
    commentsOf(mspId),
    eventsOf(mspId),
    [`set maintenance_work_mem = '512MB'`, []],
    [
      `do $$ declare one record; begin for one in select indexdef from bench_index loop execute one.indexdef; end loop; end $$`,
      [],
    ],
    ['drop table bench_index', []],
    ...TABLES.map((table) => [`vacuum analyze ${table}`, []] as const),
    ['analyze', []],
  ]);
  return { mspId, tickets: size.tickets, staff, clientIds, queueIds };
}

/** Indexes that hold no rule are made after the rows: far sooner done than row by row. */
const dropIndexes = `
  with gone as (
    insert into bench_index (indexdef, indexname)
    select i.indexdef, i.indexname from pg_indexes i
    where i.tablename = any($1::text[]) and not exists (select from pg_constraint c where c.conname = i.indexname)
    returning indexname)
  select bench_drop(indexname) from gone`;

function peopleOf(
  mspId: MspId,
  staff: SizedDesk['staff'],
  clientIds: readonly ClientId[],
  queueIds: readonly string[],
): (readonly [string, readonly unknown[]])[] {
  return [
    [
      `create function bench_drop(name text) returns void language plpgsql as $$ begin execute format('drop index %I', name); end $$`,
      [],
    ],
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
): readonly [string, readonly unknown[]] {
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
     from (select n, ${openedAt} opened_at, ${isOpen} is_open, ${skewed('$3::uuid[]', 'n', 16)} client_id from generate_series(1, $2::integer) n) t`,
    [mspId, tickets, clientIds, staff, queueIds, makeSubjects(), makeSentences(400, 3)],
  ];
}

function commentsOf(mspId: MspId): readonly [string, readonly unknown[]] {
  const n = '(t.number::bigint * 64 + c)';
  return [
    `insert into ticket_comment (msp_id, id, client_id, ticket_id, visibility, author_kind, author_id, author_label, body, created_at)
     select $1::uuid, uuidv7(t.opened_at - now() + c * interval '1 hour'), t.client_id, t.id, case when ${random(n, 20)} < 0.3 then 'internal' else 'public' end,
       case when c % 2 = 1 then 'contact' else 'staff' end, t.client_id, 'Somebody',
       ${skewed('$2::text[]', n, 21)} || ' ' || ${evenly('$2::text[]', n, 22)} || ' ' || ${evenly('$2::text[]', n, 23)} || ' ' || to_hex(${n} * 7919),
       t.opened_at + c * interval '1 hour'
     from ticket t, generate_series(1, 1 + floor(power(${random('t.number', 24)}, 4) * 10)::integer) c where t.msp_id = $1::uuid`,
    [mspId, makeSentences(8000, 9)],
  ];
}

function eventsOf(mspId: MspId): readonly [string, readonly unknown[]] {
  return [
    `insert into ticket_event (msp_id, id, client_id, ticket_id, ticket_version, kind, at, actor_kind, actor_id, actor_label, from_value, to_value)
     select $1::uuid, uuidv7(t.opened_at - now() + e * interval '1 hour'), t.client_id, t.id, e, (array['opened','assignee','public-reply','status'])[e],
       t.opened_at + e * interval '1 hour', 'staff', t.client_id, 'Somebody', null, case when e = 4 then t.status end
     from ticket t, generate_series(1, 4) e where t.msp_id = $1::uuid`,
    [mspId],
  ];
}
