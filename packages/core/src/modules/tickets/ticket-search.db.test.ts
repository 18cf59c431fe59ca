import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildMsp,
  contactScope,
  staffScope,
  startTestApp,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import type { ClientId, MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { CommentOnTicket } from './comment-on-ticket.ts';
import { MoveTicket } from './move-ticket.ts';
import { OpenTicket, openTicketInput } from './open-ticket.ts';
import { listTicketsInput } from './ticket-list-queries.ts';
import { TicketQueries } from './ticket-queries.ts';
import type { TicketId } from './ticket-table.ts';
import { UpdateTicket } from './update-ticket.ts';

let app: TestApp;
let mspId: MspId;
let clientIds: ClientId[];
const tickets = new Map<string, TicketId>();
beforeAll(async () => {
  app = await startTestApp();
  const msp = await buildMsp(app, { clients: 2 });
  mspId = msp.mspId;
  clientIds = [...msp.clientIds];
  // A word that all have, one that every third has, and one of each.
  for (let n = 0; n < 30; n += 1) {
    const input = openTicketInput.parse({
      clientId: clientIds[n % 2],
      subject: `Printer ${n % 3 === 0 ? 'jams ' : ''}alpha${n}z`,
      body: 'Every page.',
    });
    tickets.set(`${n}`, (await app.container.resolve(OpenTicket).run(staffScope(mspId), input)).ticketId);
  }
});
afterAll(() => app[Symbol.asyncDispose]());

const ticket = (n: number): TicketId => tickets.get(`${n}`)!;
async function change(n: number, fields: object): Promise<void> {
  const { version } = await app.container.resolve(TicketQueries).row(staffScope(mspId), ticket(n));
  await app.container.resolve(UpdateTicket).run(staffScope(mspId), { ticketId: ticket(n), version, ...fields });
}
const reply = (n: number, body: string) =>
  app.container.resolve(CommentOnTicket).reply(staffScope(mspId), { ticketId: ticket(n), body, fileIds: [] });
const note = (n: number, body: string) =>
  app.container
    .resolve(CommentOnTicket)
    .note(staffScope(mspId), { ticketId: ticket(n), body, visibility: 'internal', fileIds: [] });
/** Which of the tickets are found, by their place. */
async function find(search: string, tab: 'open' | 'all', scope: TenantScope = staffScope(mspId), clientId?: ClientId) {
  const input = listTicketsInput.parse({ search, tab, limit: 100, ...(clientId === undefined ? {} : { clientId }) });
  const { items } = await app.container.resolve(TicketQueries).list(scope, input);
  const places = new Map<string, number>([...tickets].map(([n, id]) => [id, Number(n)]));
  return items.map(({ id }) => places.get(id)).toSorted((a, b) => Number(a) - Number(b));
}

describe('a search', () => {
  it('finds what is frequent and what is rare, among what is open and among all', async () => {
    for (const tab of ['open', 'all'] as const) {
      expect(await find('printer', tab), tab).toHaveLength(30);
      expect(await find('printer jam', tab), tab).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27]);
      expect(await find('alpha7z', tab), tab).toEqual([7]);
      expect(await find('printer alpha7z nothing', tab), tab).toEqual([]);
      expect(await find('jams', tab, staffScope(mspId), clientIds[1]!), tab).toEqual([3, 9, 15, 21, 27]);
      expect(await find('jams', tab, staffScope(mspId, { kind: 'except', clientIds: [clientIds[1]!] })), tab).toEqual([
        0, 6, 12, 18, 24,
      ]);
      expect(await find('jams', tab, staffScope(mspId, { kind: 'only', clientIds: [] })), tab).toEqual([]);
    }
  });

  it('follows what is said, renamed, closed, opened again and carried to another client', async () => {
    await reply(1, 'The fuser is gone');
    await note(2, 'Blame the fuser');
    await change(4, { subject: 'Fuser replaced' });
    expect(await find('fuser', 'open')).toEqual([1, 2, 4]);
    expect(await find('alpha4z', 'open')).toEqual([]);
    for (const n of [1, 2]) await change(n, { status: 'closed' });
    expect(await find('fuser', 'open')).toEqual([4]);
    expect(await find('fuser', 'all')).toEqual([1, 2, 4]);
    await note(2, 'Fuser once more');
    expect(await find('fuser', 'open')).toEqual([4]);
    await change(2, { status: 'in-progress' });
    expect(await find('fuser', 'open')).toEqual([2, 4]);
    const contact = contactScope(mspId, clientIds[0]!);
    expect(await find('fuser', 'open', contact)).toEqual([4]);
    const { version } = await app.container.resolve(TicketQueries).row(staffScope(mspId), ticket(4));
    await app.container
      .resolve(MoveTicket)
      .run(staffScope(mspId), { ticketId: ticket(4), clientId: clientIds[1]!, version });
    expect(await find('fuser', 'open', contact)).toEqual([]);
    expect(await find('fuser', 'open', contactScope(mspId, clientIds[1]!))).toEqual([4]);
    await change(4, { status: 'resolved' });
    expect(await find('fuser', 'open')).toEqual([2]);
  });

  it('keeps the words of open tickets and of no others', async () => {
    const admin = new pg.Client({ connectionString: app.database.superuserUrl });
    await admin.connect();
    try {
      const { rows } = await admin.query(
        `select w.id from ticket_open_words w full join (
           select t.id, t.client_id, t.search from ticket t where t.is_open
           union all select c.id, c.client_id, c.search from ticket_comment c join ticket t on t.msp_id = c.msp_id and t.id = c.ticket_id where t.is_open
         ) o using (id) where w.id is null or o.id is null or w.client_id <> o.client_id or w.search <> o.search`,
      );
      expect(rows).toEqual([]);
    } finally {
      await admin.end();
    }
  });
});
