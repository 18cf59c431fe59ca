import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMsp, staffScope, startTestApp, type TestApp } from '../../../../../test/support/test-app.ts';
import { addStaff } from '../../../../../test/support/world-identity.ts';
import { newId, type ClientId, type MspId } from '#kernel/id';
import { makeTenantScope, type TenantScope } from '#kernel/tenant-scope';
import { ChangeAgreementState, CreateAgreement } from '#modules/agreements';
import { createAgreementInput } from '../agreements/create-agreement.ts';
import { OpenTicket, type TicketId } from '#modules/tickets';
import { openTicketInput } from '../tickets/open-ticket.ts';
import { ScopedDb } from '#platform/db/scoped-db';
import { SlaCalendars } from '../sla/sla-calendars.ts';
import { ChangeTime } from './change-time.ts';
import { InvoicedTime } from './invoiced-time.ts';
import { LogTime, logTimeInput } from './log-time.ts';
import { PreviewTime, previewTimeInput } from './preview-time.ts';
import { ReverseTime } from './reverse-time.ts';
import { TimeQueries } from './time-queries.ts';
import { RateExample, rateExampleInput } from './rate-example.ts';
import { TimesheetQueries } from './timesheet-queries.ts';
import { Timesheets } from './timesheets.ts';

const HOURLY = {
  kind: 'time-and-materials',
  description: 'Hours',
  unitPriceMinor: 9001,
  workTypes: ['onsite'],
};

let app: TestApp;
let mspId: MspId;
let clientId: ClientId;
let ticketId: TicketId;
let boss: TenantScope;

beforeAll(async () => {
  app = await startTestApp();
  app.clock.set('2026-11-20T20:00:00Z');
  const msp = await buildMsp(app);
  mspId = msp.mspId;
  [clientId] = msp.clientIds as [ClientId];
  boss = await person('Boss');
  const { calendarId } = await app.container.resolve(SlaCalendars).create(staffScope(mspId), {
    name: 'Berlin',
    zone: 'Europe/Berlin',
    windows: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '18:00' }],
    holidays: [],
  });
  const lines = [
    {
      kind: 'time-and-materials',
      description: 'Hours',
      unitPriceMinor: 9001,
      workTypes: ['remote'],
      roundToMinutes: 15,
      afterHoursPercent: 150,
    },
    {
      kind: 'time-and-materials',
      description: 'Journey',
      unitPriceMinor: 4500,
      workTypes: ['travel'],
      charge: 'per-entry',
    },
  ];
  const { agreementId } = await app.container.resolve(CreateAgreement).run(
    staffScope(mspId),
    createAgreementInput.parse({
      clientId,
      name: 'Support Gold',
      startsOn: '2026-01-01',
      currency: 'EUR',
      calendarId,
      lines,
    }),
  );
  await app.container.resolve(ChangeAgreementState).activate(staffScope(mspId), { agreementId, version: 1 });
  const open = openTicketInput.parse({ clientId, subject: 'Work' });
  ({ ticketId } = await app.container.resolve(OpenTicket).run(boss, open));
});
afterAll(() => app[Symbol.asyncDispose]());

async function person(name: string): Promise<TenantScope> {
  const { loginId } = await addStaff(app, { mspId }, { name, standardRoles: ['technician'] });
  return makeTenantScope({ ...staffScope(mspId), actor: { kind: 'login', id: loginId, label: name } });
}
const log = (scope: TenantScope, fields: object) =>
  app.container.resolve(LogTime).run(scope, logTimeInput.parse({ ticketId, ...fields }));
const week = (scope: TenantScope) => app.container.resolve(TimesheetQueries).week(scope, { day: '2026-11-18' });
const entry = async (id: string) =>
  (await app.container.resolve(TimeQueries).ofTicket(boss, ticketId)).items.find((one) => one.id === id);
const inTransaction = <Result>(work: Parameters<ScopedDb['transaction']>[1]) =>
  app.container.resolve(ScopedDb).transaction(boss, work) as Promise<Result>;

describe('LogTime', () => {
  it('keeps the parts of an evening with the contract’s multiplier and the calendar’s version', async () => {
    const ada = await person('Ada');
    const fields = { startedAt: '2026-11-16T16:30:00Z', minutes: 80 };
    const preview = await app.container.resolve(PreviewTime).run(ada, previewTimeInput.parse({ ticketId, ...fields }));
    expect(preview).toMatchObject({ workedMinutes: 80, billableMinutes: 90, overlaps: [] });
    const { entryId } = await log(ada, fields);
    const stored = await entry(entryId);
    expect(stored?.parts).toEqual(preview.parts);
    expect(stored?.parts.map(({ reason, percent }) => [percent, reason])).toEqual([
      [100, '17:30–18:00 in business hours by “Support Gold”, calendar Berlin v1'],
      [150, '18:00–18:50 after hours ×1.5 by “Support Gold”, calendar Berlin v1'],
    ]);
  });

  it('logs what overlaps with other work of the same person, and says with what', async () => {
    const ada = await person('Ada');
    const first = await log(ada, { startedAt: '2026-11-17T09:00:00Z', minutes: 60 });
    expect((await log(ada, { startedAt: '2026-11-17T10:00:00Z', minutes: 30 })).overlaps).toEqual([]);
    expect((await log(ada, { startedAt: '2026-11-17T09:30:00Z', minutes: 30 })).overlaps).toMatchObject([
      { entryId: first.entryId, from: '2026-11-17T09:30:00Z', to: '2026-11-17T10:00:00Z' },
    ]);
    expect((await log(boss, { startedAt: '2026-11-17T09:30:00Z', minutes: 30 })).overlaps).toEqual([]);
    const { days } = await week(ada);
    expect(days[1]?.entries.map(({ overlapsWith }) => overlapsWith.length)).toEqual([1, 1, 0]);
  });
});

describe('ReverseTime', () => {
  it('takes back what was invoiced by its negative, once, and leaves the entry as it was billed', async () => {
    const ada = await person('Ada');
    const { entryId } = await log(ada, { startedAt: '2026-11-18T16:30:00Z', minutes: 80 });
    const reverse = (id = entryId) =>
      app.container.resolve(ReverseTime).run(ada, { entryId: id, reason: 'Wrong client' });
    await expect(reverse()).rejects.toMatchObject({ code: 'time.not-invoiced' });
    const window = {
      from: Temporal.Instant.from('2026-01-01T00:00:00Z'),
      to: Temporal.Instant.from('2027-01-01T00:00:00Z'),
    };
    const claim = (invoiceId: string) =>
      inTransaction<{ id: string; billable_minutes: number }[]>((tx) =>
        app.container.resolve(InvoicedTime).claim(tx, { clientId, window, invoiceId }),
      );
    await claim(newId());
    const reversal = await reverse();
    await expect(reverse()).rejects.toMatchObject({ code: 'time.reversed-already' });
    await expect(reverse(reversal.entryId)).rejects.toMatchObject({ code: 'time.is-reversal' });
    await expect(
      app.container
        .resolve(ChangeTime)
        .run(ada, { entryId: reversal.entryId, version: 1, reason: 'Mistyped', minutes: 5 }),
    ).rejects.toMatchObject({ code: 'time.is-reversal' });
    for (const change of [
      "note = 'x'",
      "started_at = started_at - interval '1 day'",
      "parts = '[]'",
      'staff_label = staff_label || 1',
    ])
      await expect(
        inTransaction((tx) => tx.sql(`update time_entry set ${change} where id = $1`, [entryId])),
      ).rejects.toMatchObject({ code: '23001' });
    expect(await claim(newId())).toMatchObject([{ id: reversal.entryId, billable_minutes: -90 }]);
    expect(await entry(entryId)).toMatchObject({ invoicedMinutes: 90 });
    expect(await entry(reversal.entryId)).toMatchObject({
      workedMinutes: -80,
      invoicedMinutes: -90,
      reversesEntryId: entryId,
    });
  });
});

describe('Timesheets', () => {
  const sheets = () => app.container.resolve(Timesheets);
  const monday = { weekStart: '2026-11-16' };

  it('locks a week that is handed in, and opens it again with a reason', async () => {
    const eve = await person('Eve');
    const { entryId } = await log(eve, { startedAt: '2026-11-18T09:00:00Z', minutes: 60 });
    await expect(sheets().submit(eve, { weekStart: '2026-11-17', version: 0 })).rejects.toMatchObject({
      code: 'time.not-a-week',
    });
    const { timesheetId, version } = await sheets().submit(eve, { ...monday, version: 0 });
    await expect(sheets().submit(eve, { ...monday, version })).rejects.toMatchObject({ code: 'time.timesheet-state' });
    await expect(log(eve, { startedAt: '2026-11-22T22:59:00Z', minutes: 1 })).rejects.toMatchObject({
      code: 'time.in-the-future',
    });
    const locked = { code: 'time.week-handed-in', fields: [{ path: ['startedAt'] }] };
    await expect(log(eve, { startedAt: '2026-11-16T09:00:00Z', minutes: 1 })).rejects.toMatchObject(locked);
    const change = app.container.resolve(ChangeTime);
    await expect(change.run(eve, { entryId, version: 1, reason: 'Mistyped', minutes: 5 })).rejects.toMatchObject(
      locked,
    );
    await expect(change.remove(eve, { entryId, version: 1, reason: 'Mistyped' })).rejects.toMatchObject(locked);
    await expect(
      inTransaction((tx) => tx.sql('update time_entry set worked_minutes = 1 where id = $1', [entryId])),
    ).rejects.toMatchObject({ code: '23001' });
    // Words are no minutes.
    await change.run(eve, { entryId, version: 1, reason: 'Mistyped', note: 'More of what was done' });
    const decide = (
      scope: TenantScope,
      fields: { version: number; decision: 'approve' | 'return' | 'reopen'; note?: string },
    ) => sheets().decide(scope, { timesheetId: timesheetId as never, note: '', ...fields });
    await expect(decide(eve, { version, decision: 'approve' })).rejects.toMatchObject({ code: 'time.own-timesheet' });
    await expect(decide(boss, { version: 0, decision: 'approve' })).rejects.toMatchObject({
      code: 'time.timesheet-changed',
    });
    await decide(boss, { version, decision: 'approve' });
    await expect(sheets().withdraw(eve, { ...monday, version: 2 })).rejects.toMatchObject({
      code: 'time.timesheet-state',
    });
    await expect(decide(boss, { version: 2, decision: 'reopen' })).rejects.toMatchObject({
      fields: [{ path: ['note'] }],
    });
    await decide(boss, { version: 2, decision: 'reopen', note: 'Friday is missing' });
    expect(await week(eve)).toMatchObject({ state: 'returned', decidedBy: 'Boss', note: 'Friday is missing' });
    await log(eve, { startedAt: '2026-11-20T09:00:00Z', minutes: 30 });
    await sheets().submit(eve, { ...monday, version: 3 });
  });

  it('shows gaps and what is missing by the person’s own days', async () => {
    const kai = await person('Kai');
    await sheets().setWorkingDay(kai, { timeZone: 'America/New_York', dayMinutes: 120 });
    // Late on Tuesday there, Wednesday in London.
    await log(kai, { startedAt: '2026-11-18T02:00:00Z', minutes: 60 });
    await log(kai, { startedAt: '2026-11-18T03:30:00Z', minutes: 30 });
    const { days, missingMinutes, timeZone } = await week(kai);
    expect(timeZone).toBe('America/New_York');
    expect(days[1]).toMatchObject({
      workedMinutes: 90,
      missingMinutes: 30,
      gaps: [{ from: '2026-11-18T03:00:00Z', to: '2026-11-18T03:30:00Z' }],
    });
    // Friday is not over there yet.
    expect(missingMinutes).toBe(120 + 30 + 120 + 120);
    const { items } = await app.container.resolve(TimesheetQueries).weeks(boss, { day: '2026-11-20' });
    expect(items.find(({ staffName }) => staffName === 'Kai')).toMatchObject({
      workedMinutes: 90,
      state: 'open',
      version: 0,
    });
  });
});

describe('RateExample', () => {
  it('rates by terms that nobody agreed yet as logged time is rated, and refuses what makes no sense', async () => {
    const [calendar] = await app.container.resolve(SlaCalendars).list(staffScope(mspId));
    const example = (line: object, at = '2026-11-23T18:50') =>
      app.container.resolve(RateExample).run(
        boss,
        rateExampleInput.parse({
          name: 'Support Gold',
          calendarId: calendar?.id,
          lines: [{ ...HOURLY, roundToMinutes: 15, minimumMinutes: 30, afterHoursPercent: 150, ...line }],
          minutes: 22,
          at,
        }),
      );
    expect(await example({})).toMatchObject({
      timeZone: 'Europe/Berlin',
      startsAt: '2026-11-23T18:50:00',
      workedMinutes: 22,
      billableMinutes: 30,
      billableReason: expect.stringContaining('rounded up to 15 min') as string,
      parts: [{ percent: 150, reason: '18:50–19:12 after hours ×1.5 by “Support Gold”, calendar Berlin v1' }],
    });
    expect(await example({ maximumMinutes: 30 }, '2026-11-23T17:50')).toMatchObject({
      billableMinutes: 30,
      parts: [{ percent: 100 }, { percent: 150 }],
    });
    await expect(example({ maximumMinutes: 15 })).rejects.toMatchObject({
      code: 'agreements.line-makes-no-sense',
      fields: [{ path: ['lines', 0, 'maximumMinutes'] }],
    });
  });
});
