import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildMsp,
  contactScope,
  staffScope,
  startTestApp,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import { addStaff, loginScope } from '../../../../../test/support/world-identity.ts';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { CommentOnTicket, OpenTicket, type TicketId } from '#modules/tickets';
import { LiveHub, type LiveChange } from '#platform/live';
import { openTicketInput } from '../tickets/open-ticket.ts';
import { TicketPresence } from './ticket-presence.ts';

let app: TestApp;
let mspId: MspId;
let clientId: ClientId;
let ticketId: TicketId;
let ada: TenantScope;
let bob: TenantScope;
beforeAll(async () => {
  app = await startTestApp();
  const built = await buildMsp(app);
  [mspId, clientId] = [built.mspId, built.clientIds[0] as ClientId];
  const person = async (name: string): Promise<TenantScope> => {
    const { loginId } = await addStaff(app, { mspId }, { name, standardRoles: ['technician'] });
    return loginScope({ mspId }, loginId, ['tickets.read-tickets']);
  };
  [ada, bob] = [await person('Ada'), await person('Bob')];
  const input = openTicketInput.parse({ clientId, subject: 'Printer', body: 'Smoke.' });
  ({ ticketId } = await app.container.resolve(OpenTicket).run(staffScope(mspId), input));
});
afterAll(() => app[Symbol.asyncDispose]());

const WINDOWS = { ada: crypto.randomUUID(), bob: crypto.randomUUID() };
const presence = () => app.container.resolve(TicketPresence);
const announce = (scope: TenantScope, state: 'viewing' | 'typing' | 'gone', windowId = WINDOWS.ada) =>
  presence().announce(scope, { ticketId, windowId, state });
const seenBy = async (scope: TenantScope): Promise<string[]> =>
  (await presence().of(scope, ticketId)).people.map(({ name, isTyping }) => (isTyping ? `${name} writes` : name));

describe('TicketPresence', () => {
  it('says who else is there and writes, until they leave or say nothing more', async () => {
    expect((await announce(ada, 'viewing')).people).toEqual([]);
    expect((await announce(bob, 'typing', WINDOWS.bob)).people).toMatchObject([{ name: 'Ada', isTyping: false }]);
    expect(await seenBy(ada)).toEqual(['Bob writes']);
    await announce(bob, 'viewing', WINDOWS.bob);
    expect(await seenBy(ada)).toEqual(['Bob']);
    app.clock.advance({ seconds: 61 });
    expect(await seenBy(ada)).toEqual([]);
    await announce(bob, 'viewing', WINDOWS.bob);
    await announce(bob, 'gone', WINDOWS.bob);
    expect(await seenBy(ada)).toEqual([]);
  });

  it('is one person in two windows, and lets nobody speak for another’s window', async () => {
    const other = crypto.randomUUID();
    await announce(bob, 'viewing', WINDOWS.bob);
    await announce(bob, 'typing', other);
    expect(await seenBy(ada)).toEqual(['Bob writes']);
    await announce(ada, 'gone', other);
    expect(await seenBy(ada)).toEqual(['Bob writes']);
  });

  it('tells staff who reach the client when something is different, and nobody when nothing is', async () => {
    const heard: Record<string, LiveChange[]> = { staff: [], elsewhere: [], contact: [] };
    const hub = app.container.resolve(LiveHub);
    const stops = [
      hub.listen(ada, (change) => heard['staff']?.push(change)),
      hub.listen({ ...ada, reach: { kind: 'only', clientIds: [] } }, (change) => heard['elsewhere']?.push(change)),
      hub.listen(contactScope(mspId, clientId), (change) => heard['contact']?.push(change)),
    ];
    await announce(ada, 'viewing');
    await announce(ada, 'viewing');
    await announce(ada, 'typing');
    for (const stop of stops) stop();
    expect(heard['staff']).toMatchObject([{ topic: 'ticket-presence', id: ticketId }, { topic: 'ticket-presence' }]);
    expect([heard['elsewhere'], heard['contact']]).toEqual([[], []]);
  });

  it('shows nothing to a contact, nor to who does not reach the client', async () => {
    expect(await seenBy(contactScope(mspId, clientId))).toEqual([]);
    const elsewhere: TenantScope = { ...bob, reach: { kind: 'only', clientIds: [] } };
    await expect(announce(elsewhere, 'viewing')).rejects.toMatchObject({ code: 'tickets.ticket-not-found' });
  });
});

describe('CommentOnTicket', () => {
  it('refuses a reply to what somebody else said since, and takes it once that was read', async () => {
    const comments = app.container.resolve(CommentOnTicket);
    const reply = (scope: TenantScope, body: string, lastSeenCommentId?: Id<'ticket-comment'> | null) =>
      comments.reply(scope, { ticketId, body, fileIds: [], lastSeenCommentId });
    app.clock.advance({ seconds: 1 });
    const { commentId: seen } = await reply(ada, 'On it.');
    app.clock.advance({ seconds: 1 });
    const { commentId: newer } = await reply(bob, 'Restart it.', seen);
    await expect(reply(ada, 'Try again.', seen)).rejects.toMatchObject({ code: 'tickets.replied-meanwhile' });
    await expect(reply(ada, 'Try again.', null)).rejects.toMatchObject({ code: 'tickets.replied-meanwhile' });
    await reply(ada, 'Try again.', newer);
    await reply(bob, 'Whatever was said.');
  });
});
