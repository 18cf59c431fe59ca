import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMsp, staffScope, startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import type { ClientId } from '#kernel/id';
import { AcknowledgeAlert } from './acknowledge-alert.ts';
import { AlertQueries } from './alert-queries.ts';
import { RaiseAlert, type RaiseAlertInput } from './raise-alert.ts';
import { RecoverAlert } from './recover-alert.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());

async function problem() {
  const { mspId, clientIds } = await buildMsp(app, { clients: 2 });
  const [clientId, otherId] = clientIds as [ClientId, ClientId];
  const input: RaiseAlertInput = {
    clientId,
    assetId: null,
    checkId: null,
    source: 'monitoring',
    fingerprint: 'disk full',
    title: 'Disk full',
    message: 'It is full',
    series: '',
    severity: 'warning',
    value: 99,
    threshold: 90,
    at: app.clock.now(),
  };
  return { mspId, otherId, input, scope: systemScope(mspId) };
}
const raise = (scope: ReturnType<typeof systemScope>, input: RaiseAlertInput) =>
  app.container.resolve(RaiseAlert).run(scope, input);

describe('RaiseAlert', () => {
  it('opens exactly one alert however many raise the same problem at once', async () => {
    const { scope, input, mspId } = await problem();
    const results = await Promise.all(Array.from({ length: 12 }, () => raise(scope, input)));
    expect(results.filter((result) => result.isNew)).toHaveLength(1);
    expect(new Set(results.map((result) => result.alertId)).size).toBe(1);
    const queries = app.container.resolve(AlertQueries);
    const [alert, ...others] = (await queries.list(staffScope(mspId), { limit: 50, states: ['open'] })).items;
    expect(others).toEqual([]);
    expect(alert?.occurrenceCount).toBe(12);
  });

  it('keeps the same problem of two clients apart', async () => {
    const { scope, input, otherId } = await problem();
    const first = await raise(scope, input);
    expect(await raise(scope, { ...input, clientId: otherId })).toMatchObject({ isNew: true });
    await app.container.resolve(RecoverAlert).run(scope, { ...input, clientId: otherId });
    expect((await raise(scope, input)).alertId).toBe(first.alertId);
  });

  it('opens a new alert after the recovery of the last', async () => {
    const { scope, input } = await problem();
    const first = await raise(scope, input);
    expect(await app.container.resolve(RecoverAlert).run(scope, input)).toEqual({ alertId: first.alertId });
    expect(await app.container.resolve(RecoverAlert).run(scope, input)).toBeNull();
    const second = await raise(scope, input);
    expect(second.isNew).toBe(true);
    expect(second.alertId).not.toBe(first.alertId);
  });
});

describe('AcknowledgeAlert', () => {
  it('names the first who acknowledged, and refuses where nothing is left to look after', async () => {
    const { scope, input, mspId } = await problem();
    const { alertId } = await raise(scope, input);
    const acknowledge = app.container.resolve(AcknowledgeAlert);
    const staff = staffScope(mspId);
    const { version } = await acknowledge.run(staff, { alertId });
    expect(await acknowledge.run(staff, { alertId })).toEqual({ version });
    const queries = app.container.resolve(AlertQueries);
    expect(await queries.get(staff, alertId)).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: 'Test Technician',
    });
    expect(await queries.count(staff, {})).toEqual({ info: 0, warning: 1, critical: 0, acknowledged: 1 });
    await app.container.resolve(RecoverAlert).run(scope, input);
    await expect(acknowledge.run(staff, { alertId })).rejects.toMatchObject({ code: 'alerts.already-recovered' });
  });
});

describe('AlertQueries', () => {
  it('pages the newest first, and narrows by severity, client and reach', async () => {
    const { scope, input, mspId, otherId } = await problem();
    for (let index = 0; index < 7; index += 1) {
      app.clock.advance({ seconds: 1 });
      const about =
        index % 2 === 0 ? { clientId: input.clientId } : { clientId: otherId, severity: 'critical' as const };
      await raise(scope, {
        ...input,
        ...about,
        fingerprint: `problem ${index}`,
        title: `P${index}`,
        at: app.clock.now(),
      });
    }
    const queries = app.container.resolve(AlertQueries);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await queries.list(staffScope(mspId), {
        limit: 3,
        states: ['active'],
        ...(cursor === undefined ? {} : { cursor }),
      });
      seen.push(...page.items.map((alert) => alert.title));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(['P6', 'P5', 'P4', 'P3', 'P2', 'P1', 'P0']);
    const critical = await queries.list(staffScope(mspId), { limit: 50, states: ['active'], severities: ['critical'] });
    expect(critical.items.map((alert) => alert.title)).toEqual(['P5', 'P3', 'P1']);
    const narrow = staffScope(mspId, { kind: 'only', clientIds: [input.clientId] });
    expect((await queries.list(narrow, { limit: 50, states: ['active'] })).items).toHaveLength(4);
    await expect(queries.get(narrow, critical.items[0]?.id as never)).rejects.toMatchObject({
      code: 'alerts.alert-not-found',
    });
  });
});
