import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SlaDesk } from '../../../../../test/support/sla-desk.ts';
import { staffScope, startTestApp, type TestApp } from '../../../../../test/support/test-app.ts';
import { addStaff, loginScope } from '../../../../../test/support/world-identity.ts';
import { LogTime, logTimeInput } from '../time/log-time.ts';
import { deskReportInput, deskReportTicketsInput, type DeskReportName } from './desk-report.ts';
import { ReportDesk } from './report-desk.ts';
import { ReportTime, timeReportInput } from './report-time.ts';

let app: TestApp;
let desk: SlaDesk;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  desk = await SlaDesk.build(app);
});

const days = { from: '2026-11-20', to: '2026-11-23', zone: 'Europe/London' };
const report = (name: DeskReportName, change: object = {}) =>
  desk.resolve(ReportDesk).run(desk.staff, deskReportInput.parse({ report: name, ...days, ...change }));
const behind = async (name: DeskReportName, only: object) => {
  const input = deskReportTicketsInput.parse({ report: name, ...days, ...only });
  return (await desk.resolve(ReportDesk).tickets(desk.staff, input)).items.map(({ ticketId }) => ticketId as string);
};

describe('the SLA report', () => {
  it('counts an overdue open ticket as breached, leaves out what is undecided, and shows the tickets behind each number', async () => {
    const without = await desk.open();
    await desk.forgetClocks(without);
    await desk.makeDefault();
    const met = await desk.open();
    const late = await desk.open({ priority: 2 });
    desk.pass('PT30M');
    await desk.reply(met);
    desk.pass('PT1H');
    const fresh = await desk.open({ clientId: desk.second });
    const { total, byClient, byPriority, byWeek } = await report('sla-response');
    expect(total).toMatchObject({
      outcomes: { met: 1, breached: 1, undecided: 1, 'no-promise': 1 },
      denominator: 2,
      rate: 0.5,
    });
    expect(byClient.map(({ denominator }) => denominator)).toEqual([2, 0]);
    expect(byPriority.find(({ priority }) => priority === 2)).toMatchObject({ rate: 0, denominator: 1 });
    expect(byWeek).toMatchObject([{ week: '2026-11-16', denominator: 2 }]);
    expect(await behind('sla-response', { outcome: 'breached' })).toEqual([late]);
    expect(await behind('sla-response', { outcome: 'undecided' })).toEqual([fresh]);
    expect(await behind('sla-response', { priority: 3, outcome: 'met' })).toEqual([met]);
    expect((await report('sla-response', { clientId: desk.second })).total.outcomes).toEqual({ undecided: 1 });
  });
});

describe('what is measured of answers and resolutions', () => {
  it('gives the middle and the tenth that waited longest, and says how many are not in it', async () => {
    const ids = [await desk.open(), await desk.open(), await desk.open()];
    for (const id of ids.slice(0, 2)) {
      desk.pass('PT1H');
      await desk.reply(id);
    }
    const answers = await report('first-response');
    expect(answers.total).toMatchObject({ outcomes: { answered: 2, waiting: 1 }, median: 5400, p90: 6840 });
    await desk.update(ids[0]!, { status: 'resolved' });
    expect((await report('resolution-time')).total).toMatchObject({ outcomes: { resolved: 1, open: 2 }, median: 7200 });
    app.clock.set('2026-11-24T09:00:00Z');
    expect((await report('backlog-age')).total.outcomes).toEqual({ week: 2 });
  });

  it('counts reopened tickets of those that were resolved, and one touch of those that were answered', async () => {
    const [once, twice, silent] = [await desk.open(), await desk.open(), await desk.open()];
    await desk.reply(once);
    await desk.reply(twice);
    for (const id of [once, twice, silent]) await desk.update(id, { status: 'resolved' });
    desk.pass('PT1H');
    await desk.answer(twice);
    expect((await report('reopened')).total).toMatchObject({ denominator: 3, outcomes: { reopened: 1, stayed: 2 } });
    expect((await report('one-touch')).total).toMatchObject({
      denominator: 2,
      rate: 0.5,
      outcomes: { 'one-touch': 1, several: 1, 'no-answer': 1 },
    });
    expect(await behind('reopened', { outcome: 'reopened' })).toEqual([twice]);
    await desk.update(twice, { status: 'resolved' });
    expect((await report('reopened')).total.outcomes).toEqual({ reopened: 1, stayed: 2 });
  });
});

describe('any report', () => {
  it('has the days of the reader’s zone, and refuses days that end before they begin', async () => {
    app.clock.set('2026-11-20T23:30:00Z');
    await desk.open();
    const on = async (zone: string, day: string) =>
      (await report('resolution-time', { zone, from: day, to: day })).total.denominator;
    expect(await on('Europe/London', '2026-11-20')).toBe(1);
    expect(await on('Europe/Berlin', '2026-11-20')).toBe(0);
    expect(await on('Europe/Berlin', '2026-11-21')).toBe(1);
    const bad = deskReportInput.safeParse({ report: 'reopened', ...days, to: '2026-11-01' });
    expect(bad.error?.issues[0]).toMatchObject({ path: ['to'], message: 'must not be before from' });
  });

  it('is of the reader’s clients alone, and becomes a file that runs nothing in a spreadsheet', async () => {
    await desk.open();
    await desk.open({ clientId: desk.second, subject: '=cmd()' });
    const narrow = staffScope(desk.mspId, { kind: 'only', clientIds: [desk.second] });
    const input = deskReportInput.parse({ report: 'resolution-time', ...days });
    const { byClient, total } = await desk.resolve(ReportDesk).run(narrow, input);
    expect([byClient.length, total.denominator]).toEqual([1, 1]);
    const of = deskReportInput.parse({ ...input, clientId: desk.first });
    await expect(desk.resolve(ReportDesk).run(narrow, of)).rejects.toMatchObject({ code: 'tenancy.client-not-found' });
    const file = await desk.resolve(ReportDesk).export(narrow, input);
    expect(new TextDecoder().decode(file.body as Uint8Array)).toContain('\r\nAll,0,1,0,1,0.0000,,\r\n');
  });
});

describe('time by client and contract', () => {
  it('sums what was worked, and tells no contract from one', async () => {
    const world = { mspId: desk.mspId, first: desk.first, second: desk.second };
    const { loginId } = await addStaff(app, world, { name: 'Grace', standardRoles: ['technician'] });
    const grace = loginScope(world, loginId, ['time.log-time']);
    const loose = await desk.open();
    const { agreementId } = await desk.agree(desk.second);
    const held = await desk.open({ clientId: desk.second });
    for (const [ticketId, minutes] of [
      [loose, 20],
      [held, 30],
      [held, 15],
    ] as const)
      await desk.resolve(LogTime).run(grace, logTimeInput.parse({ ticketId, minutes }));
    const { items, total } = await desk.resolve(ReportTime).run(desk.staff, timeReportInput.parse(days));
    expect(items).toMatchObject([
      { clientId: desk.first, agreementId: null, entries: 1, tickets: 1, workedMinutes: 20 },
      { clientId: desk.second, agreementId, agreementName: 'Care', entries: 2, tickets: 1, workedMinutes: 45 },
    ]);
    expect(total).toMatchObject({ entries: 3, workedMinutes: 65, running: 0 });
    const input = { ...days, clientId: desk.second, agreementId };
    expect(await desk.resolve(ReportTime).tickets(desk.staff, input)).toMatchObject(
      [{ ticketId: held, entries: 2 }].map(({ entries }) => ({ entries })),
    );
  });
});
