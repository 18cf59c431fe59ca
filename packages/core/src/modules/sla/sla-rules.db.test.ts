import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  buildMsp,
  contactScope,
  staffScope,
  startTestApp,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import type { MspId } from '#kernel/id';
import { ScopedDb } from '#platform/db/scoped-db';
import { createCalendarInput, createPolicyInput, updateCalendarInput } from './definition-input.ts';
import { MakeDefaultSla } from './make-default-sla.ts';
import { SlaCalendars } from './sla-calendars.ts';
import { SlaPolicies } from './sla-policies.ts';

let app: TestApp;
let mspId: MspId;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  ({ mspId } = await buildMsp(app));
});

const resolve = <Part>(part: new (...deps: never[]) => Part): Part => app.container.resolve(part as never);
const makeDefault = () => resolve(MakeDefaultSla).run(staffScope(mspId), { zone: 'Europe/London' });

describe('rules that are refused', () => {
  const office = { name: 'Office', zone: 'Europe/Berlin', windows: [{ days: ['mon'], from: '09:00', to: '17:00' }] };
  it.each([
    ['windows that overlap', { windows: [...office.windows, ...office.windows] }, ['windows', 1]],
    ['an end before its start', { windows: [{ days: ['mon'], from: '17:00', to: '09:00' }] }, ['windows', 0, 'to']],
    ['a zone that nobody knows', { zone: 'Mars/Olympus' }, ['zone']],
    ['a yearly 29 February', { holidays: [{ date: '2028-02-29', yearly: true }] }, ['holidays', 0, 'date']],
  ])('names the field of %s', (_, bad, path) => {
    expect(createCalendarInput.safeParse(office).success).toBe(true);
    expect(createCalendarInput.safeParse({ ...office, ...bad }).error?.issues[0]?.path).toEqual(path);
  });

  it('names the field of a budget in months, of a priority named twice, and of a calendar that is not there', async () => {
    const target = { priority: 1, response: 'PT1H' };
    const pathOf = (targets: object[]) => createPolicyInput.safeParse({ name: 'Gold', targets }).error?.issues[0]?.path;
    expect(pathOf([{ ...target, response: 'P1M' }])).toEqual(['targets', 0, 'response']);
    expect(pathOf([target, target])).toEqual(['targets', 1, 'priority']);
    const input = createPolicyInput.parse({ name: 'Gold', targets: [{ ...target, calendarId: mspId }] });
    await expect(resolve(SlaPolicies).create(staffScope(mspId), input)).rejects.toMatchObject({
      code: 'sla.calendar-not-found',
      fields: [{ path: ['targets', 0, 'calendarId'] }],
    });
  });

  it('lets one of two edits through, and no name twice', async () => {
    await makeDefault();
    await expect(makeDefault()).rejects.toMatchObject({ code: 'sla.name-taken' });
    const [calendar] = await resolve(SlaCalendars).list(staffScope(mspId));
    const edit = updateCalendarInput.parse({ ...calendar, calendarId: calendar?.id });
    const edits = await Promise.allSettled([1, 2].map(() => resolve(SlaCalendars).update(staffScope(mspId), edit)));
    const refused = edits.filter(({ status }) => status === 'rejected');
    expect(refused).toMatchObject([{ reason: { code: 'sla.calendar-changed' } }]);
  });
});

describe('rules that a contact’s ticket is judged by', () => {
  it('are read by the contact’s transaction and written by none of its', async () => {
    const msp = await buildMsp(app, { clients: 1 });
    mspId = msp.mspId;
    await makeDefault();
    const contact = contactScope(mspId, msp.clientIds[0] ?? expect.fail('no client was made'));
    const db = resolve(ScopedDb);
    const asContact = (statement: string) => db.transaction(contact, (tx) => tx.sql(statement, [mspId]));
    expect(await asContact('select id from sla_policy where msp_id = $1')).toHaveLength(1);
    await expect(asContact(`update sla_policy set name = 'Mine' where msp_id = $1 returning id`)).rejects.toThrow(
      /row-level security/,
    );
    await expect(
      asContact(`insert into sla_choice (msp_id, id, ticket_type) values ($1, gen_random_uuid(), 'incident')`),
    ).rejects.toThrow(/row-level security/);
    expect(await asContact('delete from sla_choice where msp_id = $1 returning id')).toEqual([]);
    const choices = await db.transaction(staffScope(mspId), (tx) =>
      tx.sql('select id from sla_choice where msp_id = $1', [mspId]),
    );
    expect(choices).not.toEqual([]);
  });
});
