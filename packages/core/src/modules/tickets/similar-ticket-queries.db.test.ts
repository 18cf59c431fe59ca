import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientId, Id, MspId } from '#kernel/id';
import { ScopedDb } from '#platform/db/scoped-db';
import {
  buildMsp,
  contactScope,
  staffScope,
  startTestApp,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import { CommentOnTicket } from './comment-on-ticket.ts';
import { OpenTicket, openTicketInput } from './open-ticket.ts';
import { SimilarTickets } from './similar-ticket-queries.ts';

let app: TestApp;
let mspId: MspId;
let first: ClientId;
let second: ClientId;
beforeAll(async () => {
  app = await startTestApp();
  const built = await buildMsp(app, { clients: 2 });
  mspId = built.mspId;
  [first, second] = built.clientIds as [ClientId, ClientId];
});
afterAll(() => app[Symbol.asyncDispose]());

async function open(clientId: ClientId, subject: string): Promise<Id<'ticket'>> {
  const input = openTicketInput.parse({ clientId, subject });
  return (await app.container.resolve(OpenTicket).run(staffScope(mspId), input)).ticketId;
}

describe('SimilarTickets', () => {
  it('finds what was about the same, the likest first, with what was done, within the reader’s reach', async () => {
    const similar = app.container.resolve(SimilarTickets);
    const same = await open(first, 'Printer on the second floor jams paper');
    await app.container
      .resolve(CommentOnTicket)
      .reply(staffScope(mspId), { ticketId: same, html: '<p>Cleaned the <b>rollers</b>.</p>', fileIds: [] });
    const other = await open(second, 'Printers jam paper all the time');
    await open(first, 'VPN drops at noon');
    const asked = await open(first, 'Printer on the second floor jams paper again');
    const found = await similar.of(staffScope(mspId), asked);
    expect(found.map((ticket) => ticket.id)).toEqual([same, other]);
    expect(found[0]).toMatchObject({ lastWords: 'Cleaned the rollers.', status: 'in-progress' });
    const narrow = staffScope(mspId, { kind: 'only', clientIds: [second] });
    expect((await similar.ofSubject(narrow, 'Printer jams paper')).map((ticket) => ticket.id)).toEqual([other]);
    expect(await similar.ofSubject(staffScope(mspId), '& | ! :*')).toEqual([]);
    await expect(similar.of(narrow, asked)).rejects.toMatchObject({ code: 'tickets.ticket-not-found' });
  });

  it('answers a contact nothing, also in the database', async () => {
    const rows = await app.container
      .resolve(ScopedDb)
      .transaction(contactScope(mspId, first), (tx) =>
        tx.sql(`select * from ticket_alike('''printer'':*', 'printer', '00000000-0000-0000-0000-000000000000', 5)`),
      );
    expect(rows).toEqual([]);
  });
});
