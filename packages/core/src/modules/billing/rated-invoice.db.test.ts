import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { billingDesk, type Shop } from '../../../../../test/support/billing-shop.ts';
import { contactScope, startTestApp, type TestApp } from '../../../../../test/support/test-app.ts';
import { ChangeAgreementState, CreateAgreement } from '#modules/agreements';
import { BlockBalances } from '#modules/prepaid-hours';
import { OpenTicket, type TicketId } from '#modules/tickets';
import { LogTime } from '#modules/time';
import { ScopedDb } from '#platform/db/scoped-db';
import { createAgreementInput } from '../agreements/create-agreement.ts';
import { SlaCalendars } from '../sla/sla-calendars.ts';
import { CreateClient, createClientInput } from '../tenancy/create-client.ts';
import { openTicketInput } from '../tickets/open-ticket.ts';
import { logTimeInput } from '../time/log-time.ts';
import { ReverseTime } from '../time/reverse-time.ts';
import type { TimeEntryId } from '../time/time-table.ts';
import type { InvoiceId } from './billing-table.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());
const { openShop, draft, get, approve } = billingDesk(() => app);

interface Desk extends Shop {
  readonly ticketId: TicketId;
}

/** A client under an agreement of these lines from October, with the calendar of London: 9 to 18 on weekdays, and a holiday on Tuesday the 20th. */
async function deskWith(lines: object[]): Promise<Desk> {
  const shop = await openShop();
  const { calendarId } = await app.container.resolve(SlaCalendars).create(shop.staff, {
    name: 'London',
    zone: 'Europe/London',
    windows: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '18:00' }],
    holidays: [{ date: '2026-10-20', yearly: false }],
  });
  const { agreementId } = await app.container.resolve(CreateAgreement).run(
    shop.staff,
    createAgreementInput.parse({
      clientId: shop.clientId,
      name: 'Support',
      startsOn: '2026-10-01',
      currency: 'GBP',
      calendarId,
      lines,
    }),
  );
  await app.container.resolve(ChangeAgreementState).activate(shop.staff, { agreementId, version: 1 });
  const { ticketId } = await app.container
    .resolve(OpenTicket)
    .run(shop.staff, openTicketInput.parse({ clientId: shop.clientId, subject: 'Printer' }));
  return { ...shop, agreementId, ticketId };
}

/** A subsidiary without an agreement of its own, with a ticket. */
async function branchOf(desk: Desk): Promise<Desk> {
  const { clientId } = await app.container
    .resolve(CreateClient)
    .run(desk.staff, createClientInput.parse({ name: 'Branch', timeZone: 'Europe/London', parentId: desk.clientId }));
  const { ticketId } = await app.container
    .resolve(OpenTicket)
    .run(desk.staff, openTicketInput.parse({ clientId, subject: 'Printer of the branch' }));
  return { ...desk, clientId, ticketId };
}

async function work(desk: Desk, startedAt: string, minutes: number, workType = 'onsite'): Promise<TimeEntryId> {
  const input = logTimeInput.parse({ ticketId: desk.ticketId, startedAt, minutes, workType });
  return (await app.container.resolve(LogTime).run(desk.staff, input)).entryId;
}

const reverse = (desk: Desk, entryId: TimeEntryId) =>
  app.container.resolve(ReverseTime).run(desk.staff, { entryId, reason: 'Agreed with the client' });

async function linesOf(desk: Desk, invoiceId: InvoiceId): Promise<unknown[]> {
  const { lines } = await get(desk.staff, invoiceId);
  return lines.map((line) => [line.description, line.quantity, line.unitPriceMinor, line.netMinor]);
}

describe('an invoice of rated time', () => {
  const HOURS = {
    kind: 'time-and-materials',
    description: 'Hours',
    unitPriceMinor: 9_500,
    workTypes: ['onsite', 'project'],
    roundToMinutes: 15,
    minimumMinutes: 30,
    maximumMinutes: 120,
    afterHoursPercent: 150,
    holidayPercent: 200,
  };
  const JOURNEY = {
    kind: 'time-and-materials',
    description: 'Journey',
    unitPriceMinor: 4_000,
    workTypes: ['travel'],
    charge: 'per-entry',
  };

  it('has a line for each multiplier and for journeys, and credits on the next one what was reversed', async () => {
    const desk = await deskWith([HOURS, JOURNEY]);
    app.clock.set('2026-10-31T10:00:00Z');
    // London is an hour ahead of UTC until the 25th.
    await work(desk, '2026-10-05T09:00:00Z', 22); // to 30, the least
    // 17:30 to 18:40 is 30 min within hours and 40 after: 75 min, spread 32 and 43.
    const evening = await work(desk, '2026-10-05T16:30:00Z', 70);
    await work(desk, '2026-10-20T09:00:00Z', 50); // a holiday: 60 min at twice the price
    await work(desk, '2026-10-07T08:00:00Z', 300); // to 120, the most
    const journey = await work(desk, '2026-10-07T07:00:00Z', 35, 'travel');
    app.clock.set('2026-11-02T10:00:00Z');
    const october = await draft(desk);
    expect(await linesOf(desk, october.invoiceId)).toEqual([
      ['Hours', '182', 9_500, 28_817],
      ['Hours, outside hours ×1.5', '43', 14_250, 10_213],
      ['Hours, outside hours ×2', '60', 19_000, 19_000],
      ['Journey', '1', 4_000, 4_000],
    ]);
    expect(await get(desk.staff, october.invoiceId)).toMatchObject({
      netMinor: 62_030,
      taxMinor: 12_406,
      totalMinor: 74_436,
    });
    await approve(desk, october.invoiceId);

    app.clock.set('2026-11-10T10:00:00Z');
    await reverse(desk, evening);
    await reverse(desk, journey);
    await expect(reverse(desk, journey)).rejects.toMatchObject({ code: 'time.reversed-already' });
    await work(desk, '2026-11-04T10:00:00Z', 200);
    await work(desk, '2026-11-05T10:00:00Z', 120);
    const november = await draft(desk);
    expect(await linesOf(desk, november.invoiceId)).toEqual([
      ['Hours', '208', 9_500, 32_933],
      ['Hours, outside hours ×1.5', '-43', 14_250, -10_213],
      ['Journey', '-1', 4_000, -4_000],
    ]);
    expect(await get(desk.staff, november.invoiceId)).toMatchObject({
      netMinor: 18_720,
      taxMinor: 3_744,
      totalMinor: 22_464,
    });
    await approve(desk, november.invoiceId);
    await expect(draft(desk)).rejects.toMatchObject({ code: 'billing.nothing-to-bill' });
    expect((await get(desk.staff, october.invoiceId)).totalMinor).toBe(74_436);
  });

  it('has the work of its first and last night, by the clock of the MSP', async () => {
    const desk = await deskWith([HOURS]);
    // London is an hour ahead of UTC as the agreement begins, and no more as October ends.
    app.clock.set('2026-11-02T10:00:00Z');
    await work(desk, '2026-09-30T22:29:00Z', 30); // 23:29 on the last of September: before the agreement
    await work(desk, '2026-09-30T23:30:00Z', 30); // 0:30 on the 1st of October, a Thursday
    await work(desk, '2026-10-31T23:30:00Z', 30); // 23:30 on the last of October
    await work(desk, '2026-11-01T00:00:00Z', 30); // November's first minute
    const { invoiceId } = await draft(desk);
    expect(await linesOf(desk, invoiceId)).toEqual([['Hours, outside hours ×1.5', '60', 14_250, 14_250]]);
  });

  it('has the work for a subsidiary that the agreement of its parent holds for', async () => {
    const desk = await deskWith([HOURS]);
    const branch = await branchOf(desk);
    app.clock.set('2026-10-31T10:00:00Z');
    await work(desk, '2026-10-06T09:00:00Z', 60);
    await work(branch, '2026-10-06T13:00:00Z', 45);
    const { invoiceId } = await draft(desk);
    expect(await linesOf(desk, invoiceId)).toEqual([['Hours', '105', 9_500, 16_625]]);
  });
});

describe('an invoice of hours bought ahead', () => {
  const BLOCK = {
    kind: 'block-hours',
    description: 'Support block',
    quantity: '2',
    unitPriceMinor: 8_000,
    overagePriceMinor: 10_000,
    rolloverPeriods: 1,
    workTypes: ['remote'],
    roundToMinutes: 15,
    afterHoursPercent: 150,
  };

  it('draws from the block, carries over, bills what goes beyond once, and gives it back with a reversal', async () => {
    const desk = await deskWith([BLOCK]);
    const balance = async () => {
      const [block] = await app.container.resolve(BlockBalances).ofTicket(desk.staff, desk.ticketId);
      return block;
    };
    app.clock.set('2026-10-31T10:00:00Z');
    const first = await work(desk, '2026-10-06T09:00:00Z', 50, 'remote'); // 60 min of 120
    expect(await balance()).toMatchObject({
      boughtMinutes: 120,
      usedMinutes: 60,
      leftMinutes: 60,
      lots: [{ minutes: 60, lastDay: '2026-11-30' }],
    });
    const ofClient = await app.container.resolve(BlockBalances).ofClient(desk.staff, desk.clientId);
    expect(ofClient).toMatchObject({
      items: [{ description: 'Support block', leftMinutes: 60 }],
      draws: [{ entryId: first, drawnMinutes: 60, staffName: 'Ada', ticketSubject: 'Printer' }],
    });
    const october = await draft(desk);
    expect(await linesOf(desk, october.invoiceId)).toEqual([
      ['Support block', '2', 8_000, 16_000],
      ['Support block, work drawn from it', '0', 10_000, 0],
    ]);
    await approve(desk, october.invoiceId);

    app.clock.set('2026-11-28T10:00:00Z');
    // 60 carried over and 120 of November; 135 in hours and an hour at half as much again draw 225.
    await work(desk, '2026-11-03T10:00:00Z', 135, 'remote');
    await work(desk, '2026-11-03T19:00:00Z', 60, 'remote');
    expect(await balance()).toMatchObject({ carriedMinutes: 60, usedMinutes: 225, leftMinutes: 0, overageMinutes: 45 });
    const november = await draft(desk);
    const expected = [
      ['Support block', '2', 8_000, 16_000],
      ['Support block, work beyond it', '45', 10_000, 7_500],
    ];
    expect(await linesOf(desk, november.invoiceId)).toEqual(expected);
    expect((await draft(desk)).invoiceId).toBe(november.invoiceId);
    expect(await linesOf(desk, november.invoiceId)).toEqual(expected);
    expect(await get(desk.staff, november.invoiceId)).toMatchObject({
      netMinor: 23_500,
      taxMinor: 4_700,
      totalMinor: 28_200,
    });
    await approve(desk, november.invoiceId);

    app.clock.set('2026-12-03T10:00:00Z');
    // Without October's hour the block had paid for all of November.
    await reverse(desk, first);
    expect(await balance()).toMatchObject({ carriedMinutes: 15, usedMinutes: 0, leftMinutes: 135, overageMinutes: 0 });
    const december = await draft(desk);
    expect(await linesOf(desk, december.invoiceId)).toEqual([
      ['Support block', '2', 8_000, 16_000],
      ['Support block, work beyond it', '-45', 10_000, -7_500],
    ]);
  });

  it('shows a client’s contacts none of the contract, of its balance or of the time', async () => {
    const desk = await deskWith([BLOCK]);
    app.clock.set('2026-10-31T10:00:00Z');
    await work(desk, '2026-10-06T09:00:00Z', 50, 'remote');
    const contact = contactScope(desk.mspId, desk.clientId);
    const own = /^(time|agreements|prepaid-hours|ticket-checklists|recurring-tickets)\./;
    expect([...contact.permissions].filter((name) => own.test(name))).toEqual([]);
    const count = async (scope: typeof contact, table: string): Promise<number> =>
      app.container.resolve(ScopedDb).transaction(scope, async (tx) => {
        const [row] = await tx.sql<{ count: string }>(`select count(*) from ${table}`);
        return Number(row?.count);
      });
    for (const table of ['time_entry', 'agreement', 'agreement_line']) {
      expect(await count(desk.staff, table), table).toBeGreaterThan(0);
      expect(await count(contact, table), table).toBe(0);
    }
  });
});
