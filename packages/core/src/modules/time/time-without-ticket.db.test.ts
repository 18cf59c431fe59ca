import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { billingDesk, type Shop } from '../../../../../test/support/billing-shop.ts';
import { startTestApp, type TestApp } from '../../../../../test/support/test-app.ts';
import type { ClientId } from '#kernel/id';
import { makeTenantScope } from '#kernel/tenant-scope';
import { ClientQueries, CreateClient } from '#modules/tenancy';
import { OpenTicket, type TicketId } from '#modules/tickets';
import { InvoiceQueries } from '../billing/invoice-queries.ts';
import { ReportTime } from '../reporting/report-time.ts';
import { createClientInput } from '../tenancy/create-client.ts';
import { UpdateClient } from '../tenancy/update-client.ts';
import { openTicketInput } from '../tickets/open-ticket.ts';
import { ChangeTime } from './change-time.ts';
import { logClientTimeInput, LogTime, logTimeInput } from './log-time.ts';
import { PreviewTime, previewClientTimeInput } from './preview-time.ts';
import { TimeQueries } from './time-queries.ts';
import { startTimerInput, stopTimerInput, Timer } from './timer.ts';
import { TimesheetQueries } from './timesheet-queries.ts';

let app: TestApp;
let shop: Shop;
let own: ClientId;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());
const desk = billingDesk(() => app);
beforeEach(async () => {
  shop = await desk.openShop();
  own = await app.container.resolve(ClientQueries).internalClientId(shop.staff);
  app.clock.set('2026-10-15T12:00:00Z');
});

const log = (clientId: ClientId, fields: object) =>
  app.container
    .resolve(LogTime)
    .run(shop.staff, logClientTimeInput.parse({ clientId, startedAt: '2026-10-14T09:00:00Z', ...fields }));
const week = async () => {
  const { days, ...sums } = await app.container.resolve(TimesheetQueries).week(shop.staff, { day: '2026-10-14' });
  return { ...sums, wednesday: days[2] };
};
async function open(): Promise<TicketId> {
  const input = openTicketInput.parse({ clientId: shop.clientId, subject: 'Printer' });
  return (await app.container.resolve(OpenTicket).run(shop.staff, input)).ticketId;
}

describe('work for a client that is on no ticket', () => {
  it('is rated by the client’s agreement, stands in the week, in the report and on the invoice', async () => {
    const work = { minutes: 20, workType: 'onsite' };
    const preview = previewClientTimeInput.parse({ clientId: shop.clientId, ...work });
    expect(await app.container.resolve(PreviewTime).run(shop.staff, preview)).toMatchObject({ billableMinutes: 30 });
    const logged = await log(shop.clientId, { ...work, note: 'Yearly talk', visibility: 'public' });
    expect(logged).toMatchObject({ workedMinutes: 20, billableMinutes: 30, overlaps: [] });
    const again = await log(shop.clientId, { ...work, startedAt: '2026-10-14T09:10:00Z' });
    expect(again.overlaps).toMatchObject([{ entryId: logged.entryId, ticketNumber: null }]);
    const { wednesday, workedMinutes } = await week();
    expect(workedMinutes).toBe(40);
    expect(wednesday?.entries[0]).toMatchObject({
      ticketId: null,
      ticketNumber: null,
      clientName: expect.stringContaining('Client 1'),
      note: 'Yearly talk',
      overlapsWith: [again.entryId],
    });
    const range = { clientId: shop.clientId, from: '2026-10-01', to: '2026-10-31', zone: 'Europe/London' } as never;
    const report = app.container.resolve(ReportTime);
    expect((await report.run(shop.staff, range)).items).toMatchObject([
      { tickets: 0, entries: 2, billableMinutes: 60 },
    ]);
    expect(
      await report.tickets(shop.staff, { ...(range as object), agreementId: shop.agreementId } as never),
    ).toMatchObject([{ ticketId: null, number: null, subject: 'Without a ticket', workedMinutes: 40 }]);
    const { invoiceId } = await desk.draft(shop);
    const { lines } = await desk.get(shop.staff, invoiceId);
    const line = lines.find(({ description }) => description === 'On site');
    expect(line).toMatchObject({ quantity: '60', evidenceCount: 2 });
    const { items } = await app.container.resolve(InvoiceQueries).evidence(shop.staff, { invoiceId, lineId: line!.id });
    expect(items.map(({ label }) => label)).toEqual(['Yearly talk', 'Without a ticket']);
  });

  it('has a timer beside those of tickets, once for each client', async () => {
    const timer = app.container.resolve(Timer);
    const start = (on: object) => timer.start(shop.staff, startTimerInput.parse(on));
    const ticketId = await open();
    await start({ clientId: shop.clientId });
    app.clock.advance('PT10M');
    await start({ ticketId });
    await start({ clientId: shop.clientId, workType: 'project' });
    app.clock.advance('PT5M');
    expect(await timer.list(shop.staff)).toMatchObject([
      { ticketId: null, ticketNumber: null, clientId: shop.clientId, workType: 'project', secondsBefore: 600 },
      { ticketId },
    ]);
    await expect(start({})).rejects.toMatchObject({ code: 'time.no-work-named' });
    await expect(start({ ticketId, clientId: shop.clientId })).rejects.toMatchObject({ code: 'time.no-work-named' });
    const stopped = await timer.stop(shop.staff, stopTimerInput.parse({ clientId: shop.clientId }));
    expect(stopped.workedMinutes).toBe(15);
    expect(await timer.list(shop.staff)).toMatchObject([{ ticketId }]);
  });

  it('is not done for a client that is archived, or out of reach', async () => {
    const input = createClientInput.parse({ name: 'Gone', timeZone: 'Europe/London' });
    const { clientId } = await app.container.resolve(CreateClient).run(shop.staff, input);
    await app.container.resolve(UpdateClient).run(shop.staff, { clientId, version: 1, state: 'archived' });
    await expect(log(clientId, { minutes: 5 })).rejects.toMatchObject({ code: 'time.client-archived' });
    const narrow = makeTenantScope({ ...shop.staff, reach: { kind: 'only', clientIds: [shop.clientId] } });
    await expect(
      app.container.resolve(LogTime).run(narrow, logClientTimeInput.parse({ clientId: own, minutes: 5 })),
    ).rejects.toMatchObject({ code: 'tenancy.client-not-found' });
  });
});

describe('internal work', () => {
  it('is in the week, and billed to nobody', async () => {
    expect(await log(own, { minutes: 45, workType: 'project', note: 'Team meeting' })).toMatchObject({
      workedMinutes: 45,
      billableMinutes: 0,
    });
    expect((await week()).wednesday?.entries).toMatchObject([
      { clientId: own, billableReason: 'internal work is billed to nobody', parts: [{ billableMinutes: 0 }] },
    ]);
  });
});

describe('the history of an entry', () => {
  it('says who corrected and removed what, and why, on the ticket and in the week', async () => {
    const ticketId = await open();
    const first = await app.container
      .resolve(LogTime)
      .run(
        shop.staff,
        logTimeInput.parse({ ticketId, startedAt: '2026-10-14T09:00:00Z', minutes: 20, workType: 'onsite' }),
      );
    const second = await log(shop.clientId, { startedAt: '2026-10-14T11:00:00Z', minutes: 10 });
    const change = app.container.resolve(ChangeTime);
    await change.run(shop.staff, { entryId: first.entryId, version: 1, minutes: 50, reason: 'Forgot the drive' });
    const corrected = {
      kind: 'corrected',
      reason: 'Forgot the drive',
      by: 'Ada',
      before: { workedMinutes: 20, billableMinutes: 30 },
      after: { workedMinutes: 50, billableMinutes: 60 },
    };
    const ofTicket = () => app.container.resolve(TimeQueries).ofTicket(shop.staff, ticketId);
    expect(await ofTicket()).toMatchObject({ items: [{ changes: [corrected] }], removed: [] });
    await change.remove(shop.staff, { entryId: first.entryId, version: 2, reason: 'Logged twice' });
    await change.remove(shop.staff, { entryId: second.entryId, version: 1, reason: 'Wrong client' });
    expect(await ofTicket()).toMatchObject({ items: [], removed: [{ reason: 'Logged twice', after: null }] });
    expect((await week()).wednesday).toMatchObject({
      entries: [],
      removed: [
        { kind: 'removed', reason: 'Logged twice', before: { workedMinutes: 50 } },
        { reason: 'Wrong client', before: { workedMinutes: 10 } },
      ],
    });
  });
});
