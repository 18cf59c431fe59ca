import { Client } from 'pg';
import { newId, type ClientId, type MspId } from '../../packages/core/src/kernel/id.ts';
import {
  AgreementTemplates,
  createTemplateInput,
} from '../../packages/core/src/modules/agreements/agreement-templates.ts';
import { ChangeAgreementState, CreateAgreement } from '../../packages/core/src/modules/agreements/index.ts';
import { updateCalendarInput } from '../../packages/core/src/modules/sla/definition-input.ts';
import { TicketSlaQueries, type TicketSlaView } from '../../packages/core/src/modules/sla/index.ts';
import { MakeDefaultSla } from '../../packages/core/src/modules/sla/make-default-sla.ts';
import { makeSlaRules, replayCase } from '../../packages/core/src/modules/sla/replay.ts';
import { readReplayInput } from '../../packages/core/src/modules/sla/replay-input.ts';
import { SlaCalendars } from '../../packages/core/src/modules/sla/sla-calendars.ts';
import type { SlaTables } from '../../packages/core/src/modules/sla/sla-table.ts';
import { storedEvent } from '../../packages/core/src/modules/sla/ticket-sla-store.ts';
import { CommentOnTicket } from '../../packages/core/src/modules/tickets/comment-on-ticket.ts';
import { FollowSla } from '../../packages/core/src/modules/tickets/follow-sla.ts';
import { OpenTicket, openTicketInput } from '../../packages/core/src/modules/tickets/open-ticket.ts';
import { PortalTickets } from '../../packages/core/src/modules/tickets/portal-tickets.ts';
import { TicketQueries } from '../../packages/core/src/modules/tickets/ticket-queries.ts';
import type { TicketId } from '../../packages/core/src/modules/tickets/ticket-table.ts';
import { UpdateTicket } from '../../packages/core/src/modules/tickets/update-ticket.ts';
import { ScopedDb } from '../../packages/core/src/platform/db/scoped-db.ts';
import { buildMsp, contactScope, staffScope, systemScope, type TestApp } from './test-app.ts';

/** A desk with two clients on a Friday morning, and in few words what tests of its clocks do. */
export class SlaDesk {
  readonly app: TestApp;
  readonly mspId: MspId;
  readonly first: ClientId;
  readonly second: ClientId;

  private constructor(app: TestApp, mspId: MspId, first: ClientId, second: ClientId) {
    this.app = app;
    this.mspId = mspId;
    this.first = first;
    this.second = second;
  }

  static async build(app: TestApp): Promise<SlaDesk> {
    // The weekend lies ahead.
    app.clock.set('2026-11-20T09:00:00Z');
    const { mspId, clientIds } = await buildMsp(app, { clients: 2 });
    const [first, second] = clientIds;
    if (first === undefined || second === undefined) throw new Error('two clients were made');
    return new SlaDesk(app, mspId, first, second);
  }

  get staff() {
    return staffScope(this.mspId);
  }

  resolve<Part>(part: new (...deps: never[]) => Part): Part {
    return this.app.container.resolve(part as never);
  }

  makeDefault() {
    return this.resolve(MakeDefaultSla).run(this.staff, { zone: 'Europe/London' });
  }

  /** Brings the open tickets in line with the rules. */
  async follow(): Promise<void> {
    await this.resolve(FollowSla).run(systemScope(this.mspId), { after: null });
  }

  pass(duration: string): void {
    this.app.clock.advance(Temporal.Duration.from(duration));
  }

  row(id: TicketId) {
    return this.resolve(TicketQueries).row(this.staff, id);
  }

  async nextBreach(id: TicketId): Promise<string | null> {
    return (await this.row(id)).next_breach_at?.toString() ?? null;
  }

  /** A ticket of the first client; P3 where nothing else is said. */
  async open(input: object = {}): Promise<TicketId> {
    const all = { clientId: this.first, subject: 'Printer on fire', impact: 1, urgency: 3, ...input };
    return (await this.resolve(OpenTicket).run(this.staff, openTicketInput.parse(all))).ticketId;
  }

  async update(ticketId: TicketId, change: object): Promise<void> {
    const { version } = await this.row(ticketId);
    await this.resolve(UpdateTicket).run(this.staff, { ticketId, version, ...change });
  }

  /** A public word of staff. */
  async reply(ticketId: TicketId): Promise<void> {
    await this.resolve(CommentOnTicket).reply(this.staff, { ticketId, body: 'We look.', fileIds: [] });
  }

  /** A word of the client. */
  async answer(ticketId: TicketId, clientId: ClientId = this.first): Promise<void> {
    const contact = contactScope(this.mspId, clientId);
    await this.resolve(PortalTickets).reply(contact, { ticketId, body: 'And?', fileIds: [] });
  }

  async openAsContact(clientId: ClientId = this.first): Promise<TicketId> {
    const words = { subject: 'No mail', body: 'Since noon.', type: 'incident' as const, impact: 3 as const };
    const opened = await this.resolve(PortalTickets).open(contactScope(this.mspId, clientId), {
      ...words,
      fileIds: [],
    });
    return opened.ticketId;
  }

  async live(id: TicketId): Promise<TicketSlaView> {
    const report = await this.resolve(TicketSlaQueries).report(this.staff, id);
    if (report === null) throw new Error('the ticket has no clocks');
    return report;
  }

  /** The events of a ticket as they were stored. */
  async eventsOf(id: TicketId) {
    const rows = await this.#db().read(this.staff, (query) =>
      query.selectFrom('sla_event').selectAll().where('ticket_id', '=', id).orderBy('place'),
    );
    return rows.map(storedEvent);
  }

  /** What the same events come to when they are judged from the start, by definitions read as the command reads them. */
  async replayed(id: TicketId) {
    const [policies, calendars] = await Promise.all([
      this.#db().read(this.staff, (query) => query.selectFrom('sla_policy_version').selectAll()),
      this.#db().read(this.staff, (query) => query.selectFrom('sla_calendar_version').selectAll()),
    ]);
    const input = readReplayInput(
      new TextEncoder().encode(
        JSON.stringify({
          policies: policies.map((one) => ({ ...one.definition, id: one.id })),
          calendars: calendars.map((one) => ({ ...one.definition, id: one.id })),
          cases: [{ id, asOf: this.app.clock.now(), events: await this.eventsOf(id) }],
        }),
      ),
    );
    const [one] = input.cases;
    if (one === undefined) throw new Error('a case was given');
    return replayCase(makeSlaRules(input), one);
  }

  async editOffice(change: object): Promise<void> {
    const [calendar] = await this.resolve(SlaCalendars).list(this.staff);
    const edit = updateCalendarInput.parse({ ...calendar, calendarId: calendar?.id, ...change });
    await this.resolve(SlaCalendars).update(this.staff, edit);
  }

  /** An active agreement of a client. */
  async agree(clientId: ClientId) {
    const lines = [{ kind: 'flat', description: 'Care', unitPriceMinor: 100 } as const];
    const template = createTemplateInput.parse({ name: `Care ${newId()}`, currency: 'GBP', lines });
    const { templateId } = await this.resolve(AgreementTemplates).create(this.staff, template);
    const about = { clientId, name: 'Care', reference: '', startsOn: '2026-01-01', templateId };
    const made = await this.resolve(CreateAgreement).run(this.staff, about);
    await this.resolve(ChangeAgreementState).activate(this.staff, { agreementId: made.agreementId, version: 1 });
    return made;
  }

  /** As it is of a ticket from before there were clocks. */
  async forgetClocks(id: TicketId): Promise<void> {
    const client = new Client({ connectionString: this.app.database.superuserUrl });
    await client.connect();
    await client.query('delete from sla_event where ticket_id = $1', [id]);
    await client.query('delete from sla_ticket where ticket_id = $1', [id]);
    await client.end();
  }

  #db(): ScopedDb<SlaTables> {
    return this.resolve(ScopedDb).typed<SlaTables>();
  }
}
