import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildMsp,
  contactScope,
  staffScope,
  startTestApp,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import { ClientQueries } from './client-queries.ts';
import { CreateClient } from './create-client.ts';
import { UpdateClient } from './update-client.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const input = {
  name: 'Hartley & Sons',
  timeZone: 'Europe/London',
  state: 'active' as const,
  emailDomains: ['hartley.example'],
};

describe('CreateClient', () => {
  it('adds a client that its own MSP sees and another MSP does not', async () => {
    const ours = await buildMsp(app);
    const theirs = await buildMsp(app);
    const { clientId } = await app.container.resolve(CreateClient).run(staffScope(ours.mspId), input);
    const queries = app.container.resolve(ClientQueries);
    expect((await queries.get(staffScope(ours.mspId), clientId)).shortCode).toBe('HARTLEY');
    await expect(queries.get(staffScope(theirs.mspId), clientId)).rejects.toMatchObject({
      code: 'tenancy.client-not-found',
    });
  });

  it('numbers the short code when a name repeats, and refuses one that was asked for and is taken', async () => {
    const { mspId } = await buildMsp(app);
    const create = app.container.resolve(CreateClient);
    await create.run(staffScope(mspId), input);
    const second = await create.run(staffScope(mspId), input);
    expect((await app.container.resolve(ClientQueries).get(staffScope(mspId), second.clientId)).shortCode).toBe(
      'HARTLEY2',
    );
    await expect(create.run(staffScope(mspId), { ...input, shortCode: 'HARTLEY' })).rejects.toMatchObject({
      code: 'tenancy.short-code-taken',
    });
  });
});

describe('ClientQueries', () => {
  it('pages by name without a gap or a repeat', async () => {
    const { mspId } = await buildMsp(app, { clients: 7 });
    const queries = app.container.resolve(ClientQueries);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await queries.list(staffScope(mspId), { limit: 3, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.items.map((client) => client.name));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toHaveLength(8);
    expect(seen).toEqual(seen.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
  });

  it('shows only what a reach allows', async () => {
    const { mspId, clientIds } = await buildMsp(app, { clients: 3 });
    const [first, second, third] = clientIds;
    if (first === undefined || second === undefined || third === undefined) throw new Error('three clients were made');
    const queries = app.container.resolve(ClientQueries);
    const idsFor = async (scope: ReturnType<typeof staffScope>) =>
      (await queries.list(scope, { limit: 50 })).items.map((client) => client.id);
    expect(await idsFor(staffScope(mspId, { kind: 'only', clientIds: [first] }))).toEqual([first]);
    expect(await idsFor(staffScope(mspId, { kind: 'only', clientIds: [] }))).toEqual([]);
    const except = await idsFor(staffScope(mspId, { kind: 'except', clientIds: [second] }));
    expect(except).toContain(third);
    expect(except).not.toContain(second);
    expect(await idsFor(contactScope(mspId, third))).toEqual([third]);
  });
});

describe('UpdateClient', () => {
  it('refuses a stale version', async () => {
    const { mspId, clientIds } = await buildMsp(app);
    const [clientId] = clientIds;
    if (clientId === undefined) throw new Error('one client was made');
    const update = app.container.resolve(UpdateClient);
    await update.run(staffScope(mspId), { clientId, version: 1, name: 'First' });
    await expect(update.run(staffScope(mspId), { clientId, version: 1, name: 'Second' })).rejects.toMatchObject({
      code: 'tenancy.client-changed',
    });
  });
});
