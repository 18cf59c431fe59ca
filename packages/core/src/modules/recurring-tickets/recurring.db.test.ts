import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMsp, staffScope, startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import type { ClientId, MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { TicketQueues } from '#modules/tickets';
import { ScopedDb } from '#platform/db/scoped-db';
import { SlaCalendars } from '../sla/sla-calendars.ts';
import { createTemplateInput } from '../ticket-checklists/checklist-template.ts';
import { ChecklistTemplates } from '../ticket-checklists/checklist-templates.ts';
import { ChecklistQueries } from '../ticket-checklists/checklist-queries.ts';
import { createRecurringInput } from './recurring-input.ts';
import { RecurringQueries } from './recurring-queries.ts';
import { RecurringTickets } from './recurring-tickets.ts';
import { RunRecurring } from './run-recurring.ts';

let app: TestApp;
let mspId: MspId;
let clientId: ClientId;
let staff: TenantScope;
beforeAll(async () => {
  app = await startTestApp();
  app.clock.set('2026-12-21T12:00:00Z');
  const msp = await buildMsp(app);
  ({ mspId } = msp);
  [clientId] = msp.clientIds as [ClientId];
  staff = staffScope(mspId);
});
afterAll(() => app[Symbol.asyncDispose]());

const make = async (fields: object) => {
  const input = createRecurringInput.parse({
    clientId,
    name: 'Backups',
    rule: 'FREQ=DAILY',
    startsAt: '2026-12-22T09:00',
    timeZone: 'Europe/Berlin',
    template: { subject: 'Check backups of {date}', body: 'As agreed with {client}.' },
    ...fields,
  });
  return app.container.resolve(RecurringTickets).create(staff, input);
};
const run = () => app.container.resolve(RunRecurring).run(systemScope(mspId));
const get = (recurringId: never) => app.container.resolve(RecurringQueries).get(staff, recurringId);

describe('RunRecurring', () => {
  it('makes up each occurrence that was missed exactly once, without holidays and without who has left', async () => {
    const { calendarId } = await app.container.resolve(SlaCalendars).create(staff, {
      name: 'Berlin',
      zone: 'Europe/Berlin',
      windows: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '18:00' }],
      holidays: [{ date: '2026-12-25', yearly: true }],
    });
    const { queueId } = await app.container.resolve(TicketQueues).create(staff, { name: 'Backups' });
    const { templateId } = await app.container
      .resolve(ChecklistTemplates)
      .create(staff, createTemplateInput.parse({ name: 'Backups', items: [{ title: 'Look', isRequired: true }] }));
    const { recurringId } = await make({
      calendarId,
      checklistTemplateId: templateId,
      template: { subject: 'Check backups of {date}', queueId },
    });
    expect(await run()).toBe(0);
    // As if the queue had gone meanwhile.
    await app.container
      .resolve(ScopedDb)
      .transaction(staff, (tx) =>
        tx.sql(
          `update recurring_ticket set template = jsonb_set(template, '{queueId}', to_jsonb($2::text)) where id = $1`,
          [recurringId, '01900000-0000-7000-8000-000000000000'],
        ),
      );
    app.clock.set('2026-12-26T12:00:00Z');
    // Down for days, and two servers come up at once.
    const counts = await Promise.all([run(), run(), run()]);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(5);
    expect(await run()).toBe(0);
    const { runs, nextAt } = await get(recurringId as never);
    expect(
      runs
        .map(({ occurrence, outcome }) => [occurrence.slice(0, 10), outcome])
        .toSorted(([a], [b]) => (a! < b! ? -1 : 1)),
    ).toEqual([
      ['2026-12-22', 'opened'],
      ['2026-12-23', 'opened'],
      ['2026-12-24', 'opened'],
      ['2026-12-25', 'skipped'],
      ['2026-12-26', 'opened'],
    ]);
    expect(runs.find(({ outcome }) => outcome === 'opened')?.reason).toMatch(
      /^T-\d+, without queueId: not there any more$/,
    );
    expect(nextAt).toBe('2026-12-27T08:00:00Z');
    const tickets = await app.container
      .resolve(ScopedDb)
      .transaction(staff, (tx) =>
        tx.sql<{ id: string; subject: string }>('select id, subject from ticket order by subject'),
      );
    expect(tickets.map(({ subject }) => subject)).toEqual(
      ['22', '23', '24', '26'].map((day) => `Check backups of 2026-12-${day}`),
    );
    const progress = await app.container.resolve(ChecklistQueries).progressOf(staff, [tickets[0]?.id as never]);
    expect(progress).toMatchObject([{ itemCount: 1, doneCount: 0, requiredOpenCount: 1 }]);
  });

  it('makes up nothing of a pause, and ends', async () => {
    app.clock.set('2026-12-27T12:00:00Z');
    const { recurringId } = await make({ rule: 'FREQ=DAILY;COUNT=4', startsAt: '2026-12-28T09:00' });
    const pause = (version: number, isPaused: boolean) =>
      app.container.resolve(RecurringTickets).pause(staff, { recurringId, version, isPaused });
    await pause(1, true);
    app.clock.set('2026-12-30T12:00:00Z');
    const { nextAt } = await get(recurringId as never);
    expect(nextAt).toBe('2026-12-28T08:00:00Z');
    await pause(2, false);
    app.clock.set('2027-01-02T12:00:00Z');
    await run();
    const after = await get(recurringId as never);
    expect(after.runs.map(({ occurrence }) => occurrence)).toEqual(['2026-12-31T09:00:00']);
    expect(after.nextAt).toBeNull();
  });

  it('refuses what is not the client’s, and says which field', async () => {
    const stranger = '01900000-0000-7000-8000-000000000000';
    await expect(make({ template: { subject: 'x', assetId: stranger } })).rejects.toMatchObject({
      fields: [{ path: ['assetId'] }],
    });
    await expect(make({ calendarId: stranger })).rejects.toMatchObject({ fields: [{ path: ['calendarId'] }] });
    await expect(make({ checklistTemplateId: stranger })).rejects.toMatchObject({ fields: [{ path: ['templateId'] }] });
    await expect(make({ rule: 'FREQ=SECONDLY' })).rejects.toMatchObject({ fields: [{ path: ['rule'] }] });
  });
});
