import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { applicationToken, callGraph } from './client.ts';
import { customerTenantIds } from './default-world.ts';
import { startMicrosoft365, type Microsoft365 } from './microsoft-365.ts';

const tenantId = customerTenantIds.large;
const userId = 'a0000000-1000-4000-8000-000000000002';

let emulator: Microsoft365;
let token: string;
let listener: Server;
let received: { readonly [property: string]: unknown }[];
/** What the listener answers: to validation with the token, to notifications with this status. */
let status: number;
let repeatsToken: boolean;

beforeEach(async () => {
  emulator = await startMicrosoft365();
  token = await applicationToken(emulator);
  received = [];
  status = 202;
  repeatsToken = true;
  listener = createServer((request, response) => {
    const validationToken = new URL(request.url ?? '', 'http://x').searchParams.get('validationToken');
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (validationToken !== null) {
        response.writeHead(200, { 'Content-Type': 'text/plain' }).end(repeatsToken ? validationToken : 'hello');
        return;
      }
      if (status === 202) received.push(...(JSON.parse(body) as { value: typeof received }).value);
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await emulator.stop();
  listener.close();
});

function subscription(more: Record<string, unknown> = {}) {
  const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/hooks`;
  return {
    changeType: 'updated,deleted',
    notificationUrl: url,
    lifecycleNotificationUrl: `${url}/lifecycle`,
    resource: 'users',
    expirationDateTime: emulator.world.clock.now().add({ hours: 24 }).toString(),
    clientState: 'only-we-know',
    ...more,
  };
}

const subscribe = (more: Record<string, unknown> = {}) =>
  callGraph(emulator, token, '/subscriptions', { method: 'POST', body: subscription(more) });

describe('a subscription', () => {
  it('is made once the endpoint has repeated the token, and then hears of every change', async () => {
    const made = await subscribe();
    expect(made.status).toBe(201);
    emulator.changeUser(tenantId, userId, { jobTitle: 'Lead' });
    emulator.changeUser(customerTenantIds.clashing, userId, { jobTitle: 'Not ours' });
    await emulator.notificationsSettled();
    expect(received).toMatchObject([
      {
        subscriptionId: made.body['id'],
        tenantId,
        clientState: 'only-we-know',
        changeType: 'updated',
        resource: `Users/${userId}`,
        resourceData: { id: userId, '@odata.type': '#Microsoft.Graph.User' },
      },
    ]);
  });

  it('is refused for what Graph refuses', async () => {
    repeatsToken = false;
    expect((await subscribe()).body.error?.code).toBe('ValidationError');
    repeatsToken = true;
    const codes = await Promise.all([
      subscribe({ notificationUrl: 'http://example.com/' }),
      subscribe({
        expirationDateTime: emulator.world.clock
          .now()
          .add({ hours: 24 * 30 })
          .toString(),
      }),
      subscribe({ expirationDateTime: '2020-01-01T00:00:00Z' }),
      subscribe({ changeType: 'created' }),
      subscribe({ resource: 'me/messages' }),
      subscribe({ clientState: 'x'.repeat(129) }),
      subscribe({ resource: undefined }),
    ]);
    for (const answer of codes) expect([answer.status, answer.body.error?.code]).toEqual([400, 'InvalidRequest']);
    expect(received).toEqual([]);
  });

  it('ends at its time unless it is renewed, and is seen by its own tenant only', async () => {
    const id = String((await subscribe()).body['id']);
    const other = await applicationToken(emulator, customerTenantIds.clashing);
    expect((await callGraph(emulator, other, `/subscriptions/${id}`)).status).toBe(404);
    const expirationDateTime = emulator.world.clock.now().add({ hours: 72 }).toString();
    await callGraph(emulator, token, `/subscriptions/${id}`, { method: 'PATCH', body: { expirationDateTime } });
    emulator.advance({ hours: 48 });
    token = await applicationToken(emulator);
    expect((await callGraph(emulator, token, '/subscriptions')).body.value).toHaveLength(1);
    emulator.advance({ hours: 48 });
    token = await applicationToken(emulator);
    expect((await callGraph(emulator, token, '/subscriptions')).body.value).toEqual([]);
  });

  it('pauses when it must be reauthorized', async () => {
    const id = String((await subscribe()).body['id']);
    emulator.sendLifecycleEvent(tenantId, 'reauthorizationRequired');
    emulator.changeUser(tenantId, userId, { jobTitle: 'Lost' });
    await emulator.notificationsSettled();
    expect(received).toMatchObject([{ lifecycleEvent: 'reauthorizationRequired', subscriptionId: id }]);
    expect((await callGraph(emulator, token, `/subscriptions/${id}/reauthorize`, { method: 'POST' })).status).toBe(204);
    emulator.changeUser(tenantId, userId, { jobTitle: 'Heard' });
    await emulator.notificationsSettled();
    expect(received).toHaveLength(2);
  });

  it('is sent again what was not answered, for four hours', async () => {
    await subscribe();
    status = 500;
    emulator.changeUser(tenantId, userId, { jobTitle: 'Again' });
    await emulator.retryNotifications();
    status = 202;
    await emulator.retryNotifications();
    expect(received).toHaveLength(1);
    status = 500;
    emulator.changeUser(tenantId, userId, { jobTitle: 'Too late' });
    await emulator.notificationsSettled();
    emulator.advance({ hours: 5 });
    status = 202;
    await emulator.retryNotifications();
    expect(received).toHaveLength(1);
  });
});
