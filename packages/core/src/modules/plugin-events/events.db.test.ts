import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { billingDesk } from '../../../../../test/support/billing-shop.ts';
import { connectActionPlugin, type ActionPlugin } from '../../../../../test/support/action-plugin.ts';
import { buildMsp, staffScope, startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import {
  connectTestPlugin,
  installTestPlugin,
  startFakeVendor,
  type FakeVendor,
  type VendorAnswer,
} from '../../../../../test/support/test-plugin.ts';
import { newId, type ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { RaiseAlert } from '#modules/alerts';
import type { PluginId } from '#modules/plugins';
import { AcknowledgeAlert } from '../alerts/acknowledge-alert.ts';
import { ChangeConnection } from '../plugin-host/change-connection.ts';
import { ConnectionPages } from '../plugin-host/connection-page-queries.ts';
import { IssuePages, listIssuesInput } from '../plugin-host/issue-page-queries.ts';
import type { ConnectionId } from '../plugin-host/index.ts';
import { OpenTicket, openTicketInput } from '../tickets/open-ticket.ts';
import { DeliverEvent } from './deliver-event.ts';
import { DeliveryQueries, listEventDeliveriesInput } from './delivery-queries.ts';
import { QueueEvent } from './queue-event.ts';
import { TryAgain } from './try-again.ts';

const channel = `
import { defineConnection, definePlugin, defineSubscriber, field } from '@bailiwick/sdk';
const account = defineConnection({
  name: 'account', label: 'Channel', config: { url: field.url() }, baseUrl: '{config.url}/', auth: { kind: 'none' },
  check: async () => ({ account: 'channel' }),
});
const post = defineSubscriber(account, {
  name: 'post', label: 'Post', events: ['alert.raised', 'invoice.approved'],
  async handle(ctx, event) { await ctx.http.post('channel', { ...event, scope: ctx.scope }); },
});
export default definePlugin({ connections: [account], subscribers: [post] });
`;

let app: TestApp;
let vendor: FakeVendor;
let staff: TenantScope;
let north: ClientId;
let south: ClientId;
let plugin: ActionPlugin;
let answer: () => VendorAnswer = () => ({ json: {} });

beforeAll(async () => {
  app = await startTestApp();
  vendor = await startFakeVendor(({ method }) => (method === 'GET' ? { json: { items: [] } } : answer()));
  const msp = await buildMsp(app, { clients: 2 });
  staff = staffScope(msp.mspId);
  [north, south] = msp.clientIds as [ClientId, ClientId];
  plugin = await connectActionPlugin(app, staff, { vendor, north, south });
}, 60_000);
afterAll(async () => {
  await vendor[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});
beforeEach(() => {
  vendor.requests.length = 0;
  answer = () => ({ json: {} });
});

async function installChannel(on: TestApp, scope: TenantScope): Promise<PluginId> {
  const events = ['alert.raised', 'invoice.approved'] as const;
  return installTestPlugin(on, scope, { source: channel, name: 'test/channel', capabilities: { records: [], events } });
}

async function raise(clientId: ClientId): Promise<string> {
  const { alertId } = await app.container.resolve(RaiseAlert).run(systemScope(staff.mspId), {
    clientId,
    assetId: null,
    checkId: null,
    source: 'test',
    fingerprint: newId(),
    title: 'Disk full',
    message: 'It is.',
    series: '',
    severity: 'critical',
    value: null,
    threshold: null,
    at: app.clock.now(),
  });
  return alertId;
}

/** Does what the handlers and jobs of an event do; answers how many were to be told. */
async function tell(
  name: 'alert.raised' | 'alert.acknowledged' | 'ticket.opened',
  clientId: ClientId,
  subjectId: string,
  eventId = newId(),
) {
  const scope = systemScope(staff.mspId);
  const count = await app.container.resolve(QueueEvent).run(scope, { eventId, name, clientId, subjectId });
  await deliverAll();
  return count;
}

async function deliveries(connectionId: ConnectionId = plugin.connectionId, scope = staff) {
  const input = listEventDeliveriesInput.parse({ connectionId, limit: 200 });
  return (await app.container.resolve(DeliveryQueries).events(scope, input)).items;
}

async function deliverAll(): Promise<void> {
  const { items } = await app.container
    .resolve(DeliveryQueries)
    .events(staff, listEventDeliveriesInput.parse({ states: ['waiting'], limit: 200 }));
  for (const { id } of items) await app.container.resolve(DeliverEvent).run(systemScope(staff.mspId), id as never);
}

const heard = (at = '/events') =>
  vendor.requests
    .filter(({ path }) => path === at)
    .map(({ body }) => JSON.parse(body) as { id: string; name: string; data: Record<string, unknown> });
const openIssues = async () =>
  (await app.container.resolve(IssuePages).list(staff, listIssuesInput.parse({ connectionId: plugin.connectionId })))
    .items;

describe('an event', () => {
  it('is told once, in the scope of its client alone, and knows the alert by the plugin’s own record', async () => {
    const alertId = await raise(north);
    await plugin.addRecord(plugin.north, 'alert', 'problem-7', alertId);
    const eventId = newId();
    expect(await tell('alert.raised', north, alertId, eventId)).toBe(1);
    expect(heard()).toMatchObject([
      {
        id: eventId,
        name: 'alert.raised',
        data: { alertId, title: 'Disk full', severity: 'critical', recordId: 'problem-7', device: null },
      },
    ]);
    expect(heard()[0]?.data['client']).toContain('Client 1');
    expect(await tell('alert.raised', north, alertId, eventId)).toBe(0);
    expect(heard()).toHaveLength(1);
    expect((await deliveries())[0]).toMatchObject({
      clientId: north,
      scopeId: plugin.north,
      state: 'done',
      event: 'alert.raised',
      title: 'Disk full',
      attempts: 1,
    });
    const only = staffScope(staff.mspId, { kind: 'only', clientIds: [south] });
    expect(await deliveries(plugin.connectionId, only)).toEqual([]);
  });

  it('is not told where acting is off, nor when it is switched off before its turn', async () => {
    const alertId = await raise(north);
    await plugin.switchActions(plugin.north, false);
    expect(await tell('alert.raised', north, alertId)).toBe(0);
    await plugin.switchActions(plugin.north, true);
    const scope = systemScope(staff.mspId);
    const happened = { eventId: newId(), name: 'alert.raised' as const, clientId: north, subjectId: alertId };
    expect(await app.container.resolve(QueueEvent).run(scope, happened)).toBe(1);
    await plugin.switchActions(plugin.north, false);
    await deliverAll();
    await plugin.switchActions(plugin.north, true);
    expect((await deliveries())[0]).toMatchObject({ state: 'dropped', message: expect.stringContaining('off') });
    expect(heard()).toEqual([]);
  });

  it('of a ticket says its number and subject, and one that no plugin asked for is not kept', async () => {
    const opened = await app.container
      .resolve(OpenTicket)
      .run(staff, openTicketInput.parse({ clientId: north, subject: 'Printer', body: 'It smokes.' }));
    expect(await tell('ticket.opened', north, opened.ticketId)).toBe(1);
    expect(heard()[0]?.data).toMatchObject({ subject: 'Printer', number: opened.number, status: 'new' });
    expect(await tell('ticket.opened', north, newId())).toBe(0);
  });

  it('is tried again while the vendor is down, and no other failure is; both can be tried by hand', async () => {
    const alertId = await raise(north);
    answer = () => ({ status: 503 });
    await tell('alert.raised', north, alertId);
    const [waiting] = await deliveries();
    expect(waiting).toMatchObject({ state: 'waiting', attempts: 1 });
    expect(
      app.clock
        .now()
        .until(waiting?.nextAttemptAt ?? '')
        .total('seconds'),
    ).toBeGreaterThanOrEqual(30);
    answer = () => ({ status: 403 });
    await deliverAll();
    expect((await deliveries())[0]).toMatchObject({ state: 'failed', attempts: 2 });
    expect((await openIssues()).map(({ key }) => key)).toContain('event-failed:notify');
    answer = () => ({ json: {} });
    const eventDeliveryId = waiting?.id as never;
    await app.container.resolve(TryAgain).event(staff, { eventDeliveryId });
    await deliverAll();
    expect((await deliveries())[0]).toMatchObject({ state: 'done' });
    expect((await openIssues()).map(({ key }) => key)).not.toContain('event-failed:notify');
    const twice = app.container.resolve(TryAgain).event(staff, { eventDeliveryId });
    await expect(twice).rejects.toMatchObject({ code: 'plugin-events.nothing-to-retry' });
  }, 60_000);

  it('waits for a connection that is paused meanwhile, and is not kept for one that is', async () => {
    const connections = app.container.resolve(ChangeConnection);
    const change = async () => ({
      connectionId: plugin.connectionId,
      version: (await app.container.resolve(ConnectionPages).get(staff, { connectionId: plugin.connectionId })).version,
    });
    const scope = systemScope(staff.mspId);
    const alertId = await raise(north);
    const happened = { eventId: newId(), name: 'alert.raised' as const, clientId: north, subjectId: alertId };
    await app.container.resolve(QueueEvent).run(scope, happened);
    await connections.pause(staff, await change());
    await deliverAll();
    expect((await deliveries())[0]).toMatchObject({ state: 'waiting', attempts: 0, nextAttemptAt: null });
    expect(await tell('alert.raised', north, await raise(north))).toBe(0);
    await connections.resume(staff, await change());
    await app.container.resolve(TryAgain).wake(scope, plugin.connectionId);
    await deliverAll();
    expect((await deliveries())[0]).toMatchObject({ state: 'done' });
  });
});

describe('a connection without scopes', () => {
  it('of the MSP hears of every client, one of a client’s own of that client alone, and neither of another MSP’s', async () => {
    const pluginId = await installChannel(app, staff);
    const ours = await connectTestPlugin(app, staff, { pluginId, vendor, name: 'Ours' });
    const theirs = await connectTestPlugin(app, staff, { pluginId, vendor, name: 'Theirs', clientId: south });
    await tell('alert.raised', north, await raise(north));
    await tell('alert.raised', south, await raise(south));
    const clientsOf = async (id: ConnectionId) => (await deliveries(id)).map(({ clientId }) => clientId).toSorted();
    expect(await clientsOf(ours)).toEqual([north, south].toSorted());
    expect(await clientsOf(theirs)).toEqual([south]);
    expect(heard('/channel')).toHaveLength(3);
    for (const one of heard('/channel')) expect(one).toMatchObject({ scope: null, data: { recordId: null } });
    const foreign = await buildMsp(app, { clients: 1 });
    const before = (await deliveries(ours)).length;
    const scope = systemScope(foreign.mspId);
    const [client] = foreign.clientIds;
    const event = { eventId: newId(), name: 'alert.raised' as const, clientId: client ?? north, subjectId: newId() };
    expect(await app.container.resolve(QueueEvent).run(scope, event)).toBe(0);
    expect(await deliveries(ours)).toHaveLength(before);
  });
});

describe('what people do', () => {
  it('reaches plugins through the workers: an alert acknowledged', async () => {
    await using working = await startTestApp({ workers: true });
    const msp = await buildMsp(working, { clients: 1 });
    const scope = staffScope(msp.mspId);
    const [client] = msp.clientIds;
    if (client === undefined) throw new Error('a client was made');
    await connectActionPlugin(working, scope, { vendor, north: client });
    const { alertId } = await working.container.resolve(RaiseAlert).run(systemScope(msp.mspId), {
      clientId: client,
      assetId: null,
      checkId: null,
      source: 'test',
      fingerprint: 'workers',
      title: 'Disk full',
      message: '',
      series: '',
      severity: 'warning',
      value: null,
      threshold: null,
      at: working.clock.now(),
    });
    await working.container.resolve(AcknowledgeAlert).run(scope, { alertId });
    await expect
      .poll(
        () =>
          heard()
            .map(({ name }) => name)
            .toSorted(),
        { timeout: 15_000 },
      )
      .toEqual(['alert.acknowledged', 'alert.raised']);
  }, 60_000);

  it('reaches plugins through the workers: an invoice approved, with amounts in digits', async () => {
    await using working = await startTestApp({ workers: true });
    const { october, draft, approve } = billingDesk(() => working);
    const shop = await october();
    const scope = staffScope(shop.mspId);
    await connectTestPlugin(working, scope, { pluginId: await installChannel(working, scope), vendor });
    const { invoiceId } = await draft(shop);
    await approve(shop, invoiceId);
    await expect.poll(() => heard('/channel'), { timeout: 15_000 }).toHaveLength(1);
    const digits = expect.stringMatching(/^\d+\.\d\d$/);
    const data = heard('/channel')[0]?.data;
    expect(data).toMatchObject({ invoiceId, number: 'INV-00001', currency: 'GBP', total: digits });
    expect(data?.['lines']).toContainEqual({
      description: expect.any(String),
      quantity: expect.any(String),
      amount: digits,
    });
  }, 60_000);
});
