import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMsp, staffScope, startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import { addStaff } from '../../../../../test/support/world-identity.ts';
import { newId, type ClientId, type MspId } from '#kernel/id';
import { makeTenantScope, type TenantScope } from '#kernel/tenant-scope';
import { ChangeAgreementState, CreateAgreement } from '#modules/agreements';
import { MoveTicket, OpenTicket, type TicketId } from '#modules/tickets';
import { ScopedDb } from '#platform/db/scoped-db';
import { ChangeTime } from './change-time.ts';
import { InvoicedTime } from './invoiced-time.ts';
import { LogTime, logTimeInput } from './log-time.ts';
import { TimeQueries } from './time-queries.ts';
import { RerateMovedTime } from './rerate-moved-time.ts';
import { startTimerInput, stopTimerInput, Timer } from './timer.ts';

let app: TestApp;
let mspId: MspId;
let covered: ClientId;
let bare: ClientId;
let ada: TenantScope;

beforeAll(async () => {
  app = await startTestApp();
  const msp = await buildMsp(app, { clients: 2 });
  mspId = msp.mspId;
  [covered, bare] = msp.clientIds as [ClientId, ClientId];
  ada = await technician('Ada');
  const line = {
    productCode: '',
    quantity: '1',
    deviceKinds: [],
    minimumMinutes: 0,
    roundToMinutes: 1,
    rounding: 'up' as const,
    maximumMinutes: null,
    charge: 'hourly' as const,
    billablePercent: 100,
    afterHoursPercent: 100,
    holidayPercent: null,
    coversAfterHours: true,
    overagePriceMinor: null,
    rolloverPeriods: 0,
  };
  const { agreementId } = await app.container.resolve(CreateAgreement).run(staffScope(mspId), {
    clientId: covered,
    name: 'Care',
    reference: '',
    startsOn: '2026-01-01',
    currency: 'GBP',
    lines: [
      { ...line, kind: 'flat', description: 'Remote support', unitPriceMinor: 50_000, workTypes: ['remote'] },
      {
        ...line,
        kind: 'time-and-materials',
        description: 'On site',
        unitPriceMinor: 9_000,
        workTypes: ['onsite'],
        minimumMinutes: 60,
        roundToMinutes: 15,
      },
    ],
  });
  await app.container.resolve(ChangeAgreementState).activate(staffScope(mspId), { agreementId, version: 1 });
});
afterAll(() => app[Symbol.asyncDispose]());

async function technician(name: string): Promise<TenantScope> {
  const { loginId } = await addStaff(app, { mspId }, { name, standardRoles: ['technician'] });
  return makeTenantScope({ ...staffScope(mspId), actor: { kind: 'login', id: loginId, label: name } });
}
async function open(clientId = covered): Promise<TicketId> {
  const input = { clientId, type: 'incident', subject: 'Work', impact: 2, urgency: 2 } as const;
  return (await app.container.resolve(OpenTicket).run(ada, input)).ticketId;
}
const log = (ticketId: TicketId, fields: object) =>
  app.container.resolve(LogTime).run(ada, logTimeInput.parse({ ticketId, ...fields }));
const entries = async (ticketId: TicketId) => (await app.container.resolve(TimeQueries).ofTicket(ada, ticketId)).items;

describe('LogTime', () => {
  it('rates by the agreement that holds, and stores why', async () => {
    const ticketId = await open();
    await log(ticketId, { minutes: 20, workType: 'remote' });
    await log(ticketId, { minutes: 20, workType: 'onsite' });
    await log(ticketId, { minutes: 20, workType: 'travel' });
    expect(
      new Set(
        (await entries(ticketId)).map(
          (entry) => `${entry.workType} ${entry.coverage} ${entry.workedMinutes} ${entry.billableMinutes}`,
        ),
      ),
    ).toEqual(new Set(['onsite billable 20 60', 'remote included 20 0', 'travel not-covered 20 20']));
    expect((await entries(ticketId))[0]?.agreementReason).toContain('“Care”, the client’s newest agreement');
  });

  it('refuses who is not staff, another MSP’s ticket, and no duration', async () => {
    const ticketId = await open();
    await expect(
      app.container.resolve(LogTime).run(systemScope(mspId), logTimeInput.parse({ ticketId, minutes: 5 })),
    ).rejects.toMatchObject({ code: 'time.not-staff' });
    await expect(log(newId(), { minutes: 5 })).rejects.toMatchObject({ code: 'tickets.ticket-not-found' });
    await expect(log(ticketId, {})).rejects.toMatchObject({ code: 'time.no-duration' });
    expect(logTimeInput.safeParse({ ticketId, minutes: 5, note: 'a\0' }).error?.issues[0]?.path).toEqual(['note']);
  });
});

describe('Timer', () => {
  it('runs one at a time, however many tabs start one, pauses what it is switched from, and logs the stretches that ran', async () => {
    const grace = await technician('Grace');
    const [one, two] = [await open(), await open()];
    const timer = app.container.resolve(Timer);
    await Promise.all([1, 2, 3, 4].map(() => timer.start(grace, startTimerInput.parse({ ticketId: one }))));
    app.clock.advance({ minutes: 12, seconds: 1 });
    await timer.start(grace, startTimerInput.parse({ ticketId: two }));
    app.clock.advance({ minutes: 30 });
    expect(
      (await timer.list(grace)).map(({ ticketId, startedAt, secondsBefore }) => [
        ticketId,
        startedAt !== null,
        secondsBefore,
      ]),
    ).toEqual([
      [two, true, 0],
      [one, false, 721],
    ]);
    await timer.start(grace, startTimerInput.parse({ ticketId: one }));
    app.clock.advance({ minutes: 10 });
    const stopped = await timer.stop(grace, stopTimerInput.parse({}));
    expect(stopped).toMatchObject({ workedMinutes: 23, overlaps: [] });
    expect((await entries(one))[0]).toMatchObject({ workedReason: 'by timer, in 2 stretches', workedMinutes: 23 });
    await expect(timer.pause(grace)).rejects.toMatchObject({ code: 'time.no-timer' });
    // The other one was worked between the two stretches, and overlaps with neither.
    expect(
      await timer.stop(grace, stopTimerInput.parse({ ticketId: two, idleMinutes: 10, note: 'Lunch left out' })),
    ).toMatchObject({
      workedMinutes: 20,
      overlaps: [],
    });
    expect((await entries(two))[0]).toMatchObject({
      workedReason: 'by timer, 10 min idle left out',
      workedMinutes: 20,
    });
    expect(await timer.current(grace)).toBeNull();
    await expect(timer.stop(grace, stopTimerInput.parse({}))).rejects.toMatchObject({ code: 'time.no-timer' });
  });

  it('cuts a timer that was forgotten over night', async () => {
    const linus = await technician('Linus');
    const ticketId = await open();
    const timer = app.container.resolve(Timer);
    await timer.start(linus, startTimerInput.parse({ ticketId }));
    app.clock.advance({ hours: 20 });
    expect((await timer.current(linus))?.isForgotten).toBe(true);
    expect((await timer.stop(linus, stopTimerInput.parse({}))).workedMinutes).toBe(720);
  });
});

describe('InvoicedTime', () => {
  const claim = (clientId: ClientId, invoiceId: string) =>
    app.container.resolve(ScopedDb).transaction(ada, (tx) =>
      app.container.resolve(InvoicedTime).claim(tx, {
        clientId,
        invoiceId,
        window: {
          from: Temporal.Instant.from('2026-01-01T00:00:00Z'),
          to: Temporal.Instant.from('2027-01-01T00:00:00Z'),
        },
      }),
    );

  it('claims a period exactly once when two invoices are drafted at once, then locks it', async () => {
    const ticketId = await open(bare);
    for (let index = 0; index < 5; index += 1) await log(ticketId, { minutes: 10 + index });
    const [one, two] = await Promise.all([claim(bare, newId()), claim(bare, newId())]);
    expect(Math.abs(one.length - two.length)).toBe(5);
    const [entry] = await entries(ticketId);
    const change = app.container.resolve(ChangeTime);
    await expect(
      change.run(ada, { entryId: entry!.id as never, version: entry!.version, reason: 'Mistyped', minutes: 1 }),
    ).rejects.toMatchObject({ code: 'time.invoiced' });
    await expect(
      change.remove(ada, { entryId: entry!.id as never, version: entry!.version, reason: 'Mistyped' }),
    ).rejects.toMatchObject({
      code: 'time.invoiced',
    });
    await expect(
      app.container.resolve(MoveTicket).run(ada, { ticketId, version: 1, clientId: covered }),
    ).rejects.toMatchObject({ code: 'tickets.has-invoiced-time' });
  });

  it('gives back what a void invoice had', async () => {
    const ticketId = await open(bare);
    await log(ticketId, { minutes: 10 });
    const invoiceId = newId();
    expect(await claim(bare, invoiceId)).toHaveLength(1);
    await app.container
      .resolve(ScopedDb)
      .transaction(ada, (tx) => app.container.resolve(InvoicedTime).release(tx, invoiceId));
    expect(await claim(bare, newId())).toHaveLength(1);
  });
});

describe('ChangeTime', () => {
  it('keeps a person’s word on what is billable until it is taken back', async () => {
    const ticketId = await open();
    await log(ticketId, { minutes: 20, workType: 'onsite', billable: { minutes: 5, reason: 'goodwill' } });
    const change = app.container.resolve(ChangeTime);
    const [entry] = await entries(ticketId);
    const entryId = entry!.id as never;
    await change.run(ada, { entryId, version: 1, reason: 'Mistyped', minutes: 70 });
    expect((await entries(ticketId))[0]).toMatchObject({
      workedMinutes: 70,
      billableMinutes: 5,
      billableReason: 'set by Ada: goodwill',
    });
    await change.run(ada, { entryId, version: 2, reason: 'Mistyped', billable: null });
    expect((await entries(ticketId))[0]).toMatchObject({ billableMinutes: 75 });
    await expect(change.run(ada, { entryId, version: 2, reason: 'Mistyped', minutes: 1 })).rejects.toMatchObject({
      code: 'time.entry-changed',
    });
  });

  it('rates time anew that moved with its ticket to another client', async () => {
    const ticketId = await open();
    await log(ticketId, { minutes: 20, workType: 'onsite' });
    await app.container.resolve(MoveTicket).run(ada, { ticketId, version: 1, clientId: bare });
    await app.container.resolve(RerateMovedTime).run(systemScope(mspId), ticketId);
    expect((await entries(ticketId))[0]).toMatchObject({
      clientId: bare,
      coverage: 'not-covered',
      billableMinutes: 20,
    });
  });
});

describe('TimeQueries', () => {
  it('counts an evening in London to its own day there', async () => {
    const tim = await technician('Tim');
    const ticketId = await open();
    await app.container
      .resolve(LogTime)
      .run(tim, logTimeInput.parse({ ticketId, minutes: 30, startedAt: '2026-07-01T23:30:00Z' }));
    const { days } = await app.container
      .resolve(TimeQueries)
      .timesheet(tim, { from: '2026-07-01', to: '2026-07-02', timeZone: 'Europe/London' });
    expect(days.map((day) => [day.date, day.workedMinutes])).toEqual([
      ['2026-07-01', 0],
      ['2026-07-02', 30],
    ]);
  });
});
