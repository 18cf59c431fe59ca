import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId, type ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { SaveContact, type ContactId } from '#modules/tenancy';
import { ScopedDb } from '#platform/db/scoped-db';
import {
  buildMsp,
  contactScope,
  staffScope,
  startTestApp,
  systemScope,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import { CommentOnTicket } from './comment-on-ticket.ts';
import { listPortalTicketsInput, PortalTickets } from './portal-tickets.ts';
import type { TicketTables } from './ticket-table.ts';

describe('PortalTickets and who reads which', () => {
  let app: TestApp;
  let tickets: PortalTickets;
  let people: Record<'own' | 'colleague' | 'manager', TenantScope>;
  let staff: TenantScope;

  beforeAll(async () => {
    app = await startTestApp();
    tickets = app.container.resolve(PortalTickets);
    const { mspId, clientIds } = await buildMsp(app, { clients: 1 });
    const clientId = clientIds[0] as ClientId;
    staff = staffScope(mspId);
    const contact = async (name: string, role: object): Promise<TenantScope> => {
      const input = {
        clientId,
        name,
        email: `${name}@example.test`,
        phone: '',
        siteId: null,
        isVip: false,
        language: null,
      };
      const { contactId } = await app.container
        .resolve(SaveContact)
        .create(systemScope(mspId), { ...input, portalRole: 'member', seesCompanyTickets: false, ...role });
      const scope = contactScope(mspId, clientId);
      return { ...scope, actor: { kind: 'contact', id: contactId, label: name } };
    };
    people = {
      own: await contact('olga', {}),
      colleague: await contact('carl', { seesCompanyTickets: true }),
      manager: await contact('mara', { portalRole: 'manager' }),
    };
  });
  afterAll(() => app[Symbol.asyncDispose]());

  const subjectsOf = async (scope: TenantScope, whose: 'own' | 'company' = 'company'): Promise<string[]> => {
    const page = await tickets.list(scope, listPortalTicketsInput.parse({ tab: 'all', whose }));
    return page.items.map(({ subject }) => subject).toSorted();
  };
  const open = (scope: TenantScope, subject: string) =>
    tickets.open(scope, { type: 'incident', subject, body: `About ${subject}`, impact: 3, fileIds: [] });

  it('shows a member their own tickets, and who may see the company’s all of them', async () => {
    const mine = await open(people.own, 'my salary slip');
    const theirs = await open(people.manager, 'a new firewall');
    expect(await subjectsOf(people.own)).toEqual(['my salary slip']);
    expect(await subjectsOf(people.colleague)).toEqual(['a new firewall', 'my salary slip']);
    expect(await subjectsOf(people.manager)).toEqual(['a new firewall', 'my salary slip']);
    expect(await subjectsOf(people.manager, 'own')).toEqual(['a new firewall']);
    await expect(tickets.get(people.own, theirs.ticketId)).rejects.toMatchObject({ code: 'tickets.ticket-not-found' });
    const reply = { ticketId: theirs.ticketId, body: 'Let me in', fileIds: [] };
    await expect(tickets.reply(people.own, reply)).rejects.toMatchObject({ code: 'tickets.ticket-not-found' });
    await app.container
      .resolve(CommentOnTicket)
      .reply(staff, { ticketId: mine.ticketId, body: 'Here it is', fileIds: [] });
    const { comments } = await tickets.get(people.own, mine.ticketId);
    expect(comments.map(({ body }) => body)).toEqual(['About my salary slip', 'Here it is']);
  });

  it('keeps what was written on a colleague’s ticket from a member in the database too', async () => {
    await open(people.manager, 'the board’s minutes');
    const db = app.container.resolve(ScopedDb).typed<TicketTables>();
    for (const table of ['ticket_comment', 'ticket_event', 'ticket_attachment'] as const) {
      const rows = await db.read(people.own, (query) => query.selectFrom(table).select('ticket_id').distinct());
      const seen = await tickets.list(people.own, listPortalTicketsInput.parse({ tab: 'all' }));
      expect(rows.filter((row) => !seen.items.some(({ id }) => id === row.ticket_id))).toEqual([]);
    }
  });

  it('lets nobody open a ticket in a colleague’s name', async () => {
    const db = app.container.resolve(ScopedDb).typed<TicketTables>();
    const stolen = db.transaction(people.own, (tx) =>
      tx.query
        .updateTable('ticket')
        .set({ contact_id: newId() as ContactId })
        .execute(),
    );
    await expect(stolen).rejects.toThrow(/row-level security/);
  });
});
