import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildMsp,
  contactScope,
  staffScope,
  startTestApp,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import type { ClientId, MspId } from '#kernel/id';
import { OpenTicket, openTicketInput } from './open-ticket.ts';
import { listTicketsInput } from './ticket-list-queries.ts';
import { TicketQueries } from './ticket-queries.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const open = (mspId: MspId, clientId: ClientId, subject = 'Printer on fire') =>
  app.container
    .resolve(OpenTicket)
    .run(staffScope(mspId), openTicketInput.parse({ clientId, subject, body: 'It smokes.' }));

describe('OpenTicket', () => {
  it('numbers parallel openings one after the other, without a gap or a repeat', async () => {
    const { mspId, clientIds } = await buildMsp(app);
    const opened = await Promise.all(
      Array.from({ length: 24 }, (_, index) => open(mspId, clientIds[0]!, `Ticket ${index}`)),
    );
    expect(opened.map((ticket) => ticket.number).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 24 }, (_, index) => index + 1),
    );
  });

  it('numbers each MSP by itself, and gives back the number of an opening that failed', async () => {
    const ours = await buildMsp(app);
    const theirs = await buildMsp(app);
    expect((await open(ours.mspId, ours.clientIds[0]!)).number).toBe(1);
    await expect(open(ours.mspId, theirs.clientIds[0]!)).rejects.toMatchObject({ code: 'tenancy.client-not-found' });
    expect((await open(ours.mspId, ours.clientIds[0]!)).number).toBe(2);
    expect((await open(theirs.mspId, theirs.clientIds[0]!)).number).toBe(1);
  });

  it.each([
    ['a NUL', 'a\0b'],
    ['an unpaired surrogate', 'a\ud800b'],
    ['nothing but spaces', '   '],
    ['201 characters', 'x'.repeat(201)],
  ])('refuses a subject with %s, naming the field', async (_, subject) => {
    const { clientIds } = await buildMsp(app);
    const result = openTicketInput.safeParse({ clientId: clientIds[0], subject });
    expect(result.error?.issues[0]?.path).toEqual(['subject']);
  });
});

describe('TicketQueries', () => {
  it('pages by each sort without a gap or a repeat', async () => {
    const { mspId, clientIds } = await buildMsp(app, { clients: 2 });
    for (let index = 0; index < 7; index += 1) {
      await open(mspId, clientIds[index % 2]!, `Ticket ${index}`);
      app.clock.advance({ seconds: index % 2 });
    }
    const queries = app.container.resolve(TicketQueries);
    for (const sort of ['updated', 'opened', 'priority'] as const) {
      const seen: number[] = [];
      let cursor: string | undefined;
      do {
        const page = await queries.list(staffScope(mspId), listTicketsInput.parse({ limit: 3, sort, cursor }));
        seen.push(...page.items.map((ticket) => ticket.number));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      expect(new Set(seen).size, sort).toBe(7);
      expect(seen, sort).toHaveLength(7);
    }
  });

  it('finds by number, by words of the subject and of a comment, within reach only', async () => {
    const { mspId, clientIds } = await buildMsp(app, { clients: 2 });
    const [first, second] = clientIds as [ClientId, ClientId];
    await open(mspId, first, 'Zebra crossing');
    const { number } = await open(mspId, second, 'Zebra stripes');
    const queries = app.container.resolve(TicketQueries);
    const find = async (scope: ReturnType<typeof staffScope>, search: string) =>
      (await queries.list(scope, listTicketsInput.parse({ search }))).items.map((ticket) => ticket.subject).toSorted();
    expect(await find(staffScope(mspId), 'zeb')).toEqual(['Zebra crossing', 'Zebra stripes']);
    expect(await find(staffScope(mspId), 'smok')).toHaveLength(2);
    expect(await find(staffScope(mspId), `#${number}`)).toEqual(['Zebra stripes']);
    expect(await find(staffScope(mspId, { kind: 'only', clientIds: [first] }), 'zebra')).toEqual(['Zebra crossing']);
    expect(await find(staffScope(mspId, { kind: 'except', clientIds: [first] }), 'zebra')).toEqual(['Zebra stripes']);
    expect(await find(contactScope(mspId, second), 'zebra')).toEqual(['Zebra stripes']);
    expect(await find(staffScope(mspId), `' & ! | ( :*`)).toEqual([]);
    const other = await buildMsp(app);
    expect(await find(staffScope(other.mspId), 'zebra')).toEqual([]);
  });
});
