import { newId, type MspId } from '../../packages/core/src/kernel/id.ts';
import { fill } from './bench-database.ts';
import { progress } from './figures.ts';

/** An MSP of a size. Ticket `n` (from 1) has the id `ticketId(msp, n)` and belongs to client `n mod clients`. */
export interface SizedMsp {
  readonly mspId: MspId;
  readonly clients: number;
  readonly tickets: number;
}

/** Makes an MSP with so many clients and tickets, one in ten of them open, by plain inserts. */
export async function fillMsp(superuserUrl: string, size: { clients: number; tickets: number }): Promise<SizedMsp> {
  const mspId = newId<'msp'>();
  progress(`Filling in ${size.tickets} tickets of ${size.clients} clients …`);
  await fill(superuserUrl, [
    [
      `insert into msp (msp_id, name, slug, time_zone, currency, created_at) values ($1, 'Bench', $2, 'Europe/London', 'GBP', now())`,
      [mspId, `bench-${mspId.slice(-12)}`],
    ],
    [
      `insert into client (msp_id, id, name, short_code, state, time_zone, created_at)
       select $1::uuid, ${clientIdSql('n')}, 'Client ' || n, 'C' || n, 'active', 'Europe/London', now() from generate_series(0, $2 - 1) n`,
      [mspId, size.clients],
    ],
    [
      `insert into ticket (msp_id, id, client_id, number, type, status, impact, urgency, priority, source, subject, agreement_reason,
         touched_by_person, is_reply_awaited, opened_at, updated_at, resolved_at, closed_at)
       select $1::uuid, ${ticketIdSql('n')}, ${clientIdSql('n % $2')}, n, 'incident', case when n % 10 = 0 then 'new' else 'closed' end,
         2, 2, 1 + n % 4, 'staff', 'Printer ' || n || ' does not print', 'none', true, false, timestamptz '2026-01-01' + n * interval '20 seconds',
         timestamptz '2026-01-01' + n * interval '20 seconds', case when n % 10 = 0 then null else now() end, case when n % 10 = 0 then null else now() end
       from generate_series(1, $3::integer) n`,
      [mspId, size.clients, size.tickets],
    ],
    ['analyze ticket', []],
    ['analyze client', []],
  ]);
  return { mspId, ...size };
}

/** Opens all tickets of an MSP again, as opened in the last days, with the history that their clocks begin by. */
export async function openTickets(superuserUrl: string, { mspId }: SizedMsp): Promise<void> {
  await fill(superuserUrl, [
    [
      `update ticket set status = 'new', resolved_at = null, closed_at = null, opened_at = now() - (number % 7200) * interval '1 minute' where msp_id = $1`,
      [mspId],
    ],
    [
      `insert into ticket_event (msp_id, id, client_id, ticket_id, ticket_version, kind, at, actor_kind, actor_id, actor_label, to_value)
       select msp_id, gen_random_uuid(), client_id, id, 1, 'opened', opened_at, 'staff', id, 'bench', json_build_object('status', 'new', 'priority', priority)::text
       from ticket where msp_id = $1`,
      [mspId],
    ],
    ['vacuum analyze ticket', []],
    ['vacuum analyze ticket_event', []],
  ]);
}

/** The id of the nth ticket, as the database made it. */
export function ticketId({ mspId }: SizedMsp, n: number): string {
  return `${mspId.slice(0, 23)}-1${n.toString(16).padStart(11, '0')}`;
}

function ticketIdSql(n: string): string {
  return `(left($1::text, 23) || '-1' || lpad(to_hex(${n}), 11, '0'))::uuid`;
}

function clientIdSql(n: string): string {
  return `(left($1::text, 23) || '-2' || lpad(to_hex((${n})::integer), 11, '0'))::uuid`;
}
