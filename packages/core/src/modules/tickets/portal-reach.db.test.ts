import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { newId, type ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { RequestApproval, requestApprovalInput } from '../approvals/request-approval.ts';
import { ChooseWatchers } from '../mail-intake/choose-watchers.ts';
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
import type { TicketId, TicketTables } from './ticket-table.ts';

describe('PortalTickets and who reads which', () => {
  let app: TestApp;
  let tickets: PortalTickets;
  let people: Record<'own' | 'colleague' | 'manager' | 'stranger', TenantScope>;
  let staff: TenantScope;

  beforeAll(async () => {
    app = await startTestApp();
    tickets = app.container.resolve(PortalTickets);
    const { mspId, clientIds } = await buildMsp(app, { clients: 2 });
    const clientId = clientIds[0] as ClientId;
    staff = staffScope(mspId);
    const contact = async (name: string, role: object, of = clientId): Promise<TenantScope> => {
      const input = {
        clientId: of,
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
      const scope = contactScope(mspId, of);
      return { ...scope, actor: { kind: 'contact', id: contactId, label: name } };
    };
    people = {
      own: await contact('olga', {}),
      colleague: await contact('carl', { seesCompanyTickets: true }),
      manager: await contact('mara', { portalRole: 'manager' }),
      stranger: await contact('olga', {}, clientIds[1]),
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

  describe('and who reads along', () => {
    const watch = async (ticketId: TicketId, address: string, isStill = true) => {
      const watchers = app.container.resolve(ChooseWatchers);
      await watchers.add(staff, { ticketId, address });
      if (!isStill) await watchers.remove(staff, { ticketId, address });
    };
    const conversation = async (scope: TenantScope, ticketId: TicketId) =>
      (await tickets.get(scope, ticketId)).comments.map(({ body }) => body);
    const refused = { code: 'tickets.ticket-not-found' };

    it('opens a ticket to a member who is a watcher, until they are taken off', async () => {
      const { ticketId } = await open(people.manager, 'the new phones');
      const before = await subjectsOf(people.own);
      await watch(ticketId, 'olga@example.test');
      expect(await conversation(people.own, ticketId)).toEqual(['About the new phones']);
      expect(await subjectsOf(people.own)).toEqual([...before, 'the new phones'].toSorted());
      expect(await subjectsOf(people.own, 'own')).toEqual(before);
      await tickets.reply(people.own, { ticketId, body: 'Blue, please', fileIds: [] });
      expect(await conversation(people.manager, ticketId)).toEqual(['About the new phones', 'Blue, please']);
      await watch(ticketId, 'olga@example.test', false);
      await expect(tickets.get(people.own, ticketId)).rejects.toMatchObject(refused);
    });

    it('opens it to nobody of another company with the same address', async () => {
      const { ticketId } = await open(people.manager, 'the merger');
      await watch(ticketId, 'olga@example.test');
      await expect(tickets.get(people.stranger, ticketId)).rejects.toMatchObject(refused);
    });

    it('opens it to who is asked to approve, as long as they are', async () => {
      const { ticketId } = await open(people.manager, 'a laptop');
      const approvals = app.container.resolve(RequestApproval);
      const { approvalId } = await approvals.run(
        staff,
        requestApprovalInput.parse({ ticketId, subject: 'Buy it', contactIds: [people.own.actor.id] }),
      );
      expect(await conversation(people.own, ticketId)).toEqual(['About a laptop']);
      await approvals.withdraw(staff, approvalId);
      await expect(tickets.get(people.own, ticketId)).rejects.toMatchObject(refused);
    });

    it('looks for shared tickets once a query, and not for staff', async () => {
      const db = app.container.resolve(ScopedDb).typed<TicketTables>();
      const planOf = async (scope: TenantScope) => {
        const rows = await db.transaction(scope, async (tx) => {
          await sql`set local enable_seqscan = off`.execute(tx.query);
          const subjects = tx.query.selectFrom('ticket').select('subject');
          return subjects.explain<{ 'QUERY PLAN': string }>('text', sql`analyze, timing off, costs off`);
        });
        return rows.map((row) => row['QUERY PLAN']).join('\n');
      };
      expect(await planOf(people.own)).toMatch(/hashed SubPlan[\s\S]*ProjectSet \(actual rows=\S+ loops=1\)/);
      expect(await planOf(staff)).toMatch(/ProjectSet \(never executed\)/);
    });
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
