import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SlaDesk } from '../../../../../test/support/sla-desk.ts';
import { staffScope, startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import { createPolicyInput } from '../sla/definition-input.ts';
import { SlaPolicies } from '../sla/sla-policies.ts';
import { RunWhatIf, startWhatIfInput } from './run-what-if.ts';
import { WhatIfQueries } from './what-if-queries.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());

describe('what if', () => {
  it('counts broken promises before and after, names the tickets, and changes nothing about them', async () => {
    const desk = await SlaDesk.build(app);
    await desk.makeDefault();
    const strict = createPolicyInput.parse({
      name: 'Strict',
      targets: [1, 2, 3, 4].map((priority) => ({ priority, response: 'PT30M' })),
    });
    const { policyId } = await desk.resolve(SlaPolicies).create(desk.staff, strict);
    const quick = await desk.open();
    const slow = await desk.open({ clientId: desk.second });
    desk.pass('PT10M');
    await desk.reply(quick);
    desk.pass('PT50M');
    await desk.reply(slow);
    await desk.editOffice({ holidays: [{ date: '2026-12-24' }] });
    await desk.follow();
    const live = await desk.live(slow);
    const input = startWhatIfInput.parse({ policyId, from: '2026-11-20', to: '2026-11-20', zone: 'Europe/London' });
    const { whatIfId } = await desk.resolve(RunWhatIf).start(desk.staff, input);
    const judge = () => desk.resolve(RunWhatIf).judge(systemScope(desk.mspId), { whatIfId, after: null });
    await judge();
    await judge();
    const came = await desk.resolve(WhatIfQueries).get(desk.staff, whatIfId);
    expect(came).toMatchObject({ state: 'done', tickets: 2, judged: 2, policyName: 'Strict' });
    expect(came.counts.map(({ clientId, tickets, response }) => ({ clientId, tickets, response }))).toEqual([
      { clientId: desk.first, tickets: 1, response: { before: 0, after: 0 } },
      { clientId: desk.second, tickets: 1, response: { before: 0, after: 1 } },
    ]);
    expect(came.changes.filter(({ measure }) => measure === 'response')).toMatchObject([
      { ticketId: slow, before: 'met', after: 'breached' },
    ]);
    expect(came.changes.filter(({ measure }) => measure === 'resolution')).toMatchObject([
      { before: 'open', after: 'none' },
      { before: 'open', after: 'none' },
    ]);
    expect(await desk.live(slow)).toEqual(live);
    const narrow = staffScope(desk.mspId, { kind: 'only', clientIds: [desk.first] });
    await expect(desk.resolve(WhatIfQueries).get(narrow, whatIfId)).rejects.toMatchObject({
      code: 'what-if.not-found',
    });
    const empty = startWhatIfInput.parse({ ...input, from: '2020-01-01', to: '2020-01-02' });
    await expect(desk.resolve(RunWhatIf).start(desk.staff, empty)).rejects.toMatchObject({
      code: 'what-if.no-tickets',
    });
  });
});
