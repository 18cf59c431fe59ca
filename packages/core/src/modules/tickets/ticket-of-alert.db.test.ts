import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  buildMsp,
  contactScope,
  staffScope,
  startTestApp,
  systemScope,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import { newId, type ClientId, type MspId } from '#kernel/id';
import { RaiseAlert, type AlertId } from '#modules/alerts';
import { TicketAlerts } from './ticket-alerts.ts';
import { TicketOfAlert } from './ticket-of-alert.ts';
import { TicketQueries } from './ticket-queries.ts';
import type { TicketId } from './ticket-table.ts';

let app: TestApp;
let mspId: MspId;
let first: ClientId;
let second: ClientId;
beforeAll(async () => {
  app = await startTestApp();
  const msp = await buildMsp(app, { clients: 2 });
  mspId = msp.mspId;
  [first, second] = msp.clientIds as [ClientId, ClientId];
});
afterAll(() => app[Symbol.asyncDispose]());

const ofAlert = (alertId: AlertId, scope = staffScope(mspId)) =>
  app.container.resolve(TicketOfAlert).get(scope, alertId);

async function raise(severity: 'warning' | 'critical'): Promise<AlertId> {
  const fingerprint = newId();
  const problem = { clientId: first, assetId: null, fingerprint, severity, title: 'Disk full' };
  const { alertId } = await app.container.resolve(RaiseAlert).run(systemScope(mspId), {
    ...problem,
    checkId: null,
    source: 'monitoring',
    message: 'C: 100 %',
    series: '',
    value: null,
    threshold: null,
    at: app.clock.now(),
  });
  await app.container.resolve(TicketAlerts).raised(systemScope(mspId), { ...problem, alertId, text: '' });
  return alertId;
}

it('names the ticket that an alert became', async () => {
  const { ticket } = await ofAlert(await raise('critical'));
  const { id, number, subject, status } = await app.container
    .resolve(TicketQueries)
    .get(staffScope(mspId), ticket!.id as TicketId);
  expect(ticket).toEqual({ id, number, subject, status });
});

it('answers null for an alert that no rule wanted a ticket for', async () => {
  expect(await ofAlert(await raise('warning'))).toEqual({ ticket: null });
});

it('does not know an alert out of reach, nor one that never was', async () => {
  const alertId = await raise('critical');
  const missing = { code: 'alerts.alert-not-found' };
  const outside = staffScope(mspId, { kind: 'only', clientIds: [second] });
  await expect(ofAlert(alertId, outside)).rejects.toMatchObject(missing);
  await expect(ofAlert(alertId, contactScope(mspId, second))).rejects.toMatchObject(missing);
  const { mspId: other } = await buildMsp(app, { clients: 1 });
  await expect(ofAlert(alertId, staffScope(other))).rejects.toMatchObject(missing);
  await expect(ofAlert(newId<'alert'>())).rejects.toMatchObject(missing);
});
