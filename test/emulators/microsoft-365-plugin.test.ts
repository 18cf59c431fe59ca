import { createServer, type IncomingMessage } from 'node:http';
import { answerHandshake } from '@bailiwick/plugin-runtime';
import type { ActionPlan, ActionResult } from '@bailiwick/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PluginBench } from '../support/plugin-bench.ts';
import { customerTenantIds, partnerTenantId } from './microsoft-365/default-world.ts';
import { type Microsoft365, startMicrosoft365 } from './microsoft-365/microsoft-365.ts';

const { large, clashing, overAssigned, endingSoon, expired } = customerTenantIds;

let microsoft: Microsoft365;
let bench: PluginBench;

async function open(more: Record<string, string> = {}): Promise<PluginBench> {
  const { clientId, clientSecret } = microsoft.application;
  const opened = await PluginBench.open('microsoft-365', {
    connection: 'partner',
    config: {
      tenantId: partnerTenantId,
      clientId,
      loginUrl: microsoft.loginUrl,
      graphUrl: microsoft.graphUrl,
      ...more,
    },
    secrets: { clientSecret },
  });
  opened.now = () => microsoft.world.clock.now();
  return opened;
}

beforeEach(async () => {
  microsoft = await startMicrosoft365();
  bench = await open();
});
afterEach(async () => {
  await bench[Symbol.asyncDispose]();
  await microsoft.stop();
});

/** How many requests reached Graph since then that could have changed something. */
function writesSince(count: number): string[] {
  return microsoft.requests
    .slice(count)
    .filter(({ method, path }) => method !== 'GET' && !path.includes('$batch'))
    .map(({ method, path }) => `${method} ${path}`);
}

describe('discovery', () => {
  it('lists each customer once, with the end of its relationship', async () => {
    expect(await bench.call({ kind: 'check' })).toMatchObject({
      account: expect.stringContaining('Northgate IT') as string,
    });
    const scopes = new Map((await bench.discover()).map((scope) => [scope.id, scope]));
    expect([...scopes.keys()].toSorted()).toEqual([large, clashing, overAssigned, endingSoon, expired].toSorted());
    expect(scopes.get(large)).toMatchObject({
      name: 'Harbour Dental',
      kind: 'tenant',
      isAccessible: true,
      hints: { tenantId: large },
    });
    expect(scopes.get(expired)?.isAccessible).toBe(false);
    const days =
      Temporal.Instant.from(scopes.get(endingSoon)?.validUntil ?? '')
        .since(bench.now())
        .total('hours') / 24;
    expect(Math.round(days)).toBe(20);
  });

  it('says which permission is missing', async () => {
    microsoft.grantOnly(partnerTenantId, ['Organization.Read.All']);
    await expect(bench.call({ kind: 'check' })).rejects.toMatchObject({
      failure: 'PermissionMissing',
      details: { required: 'DelegatedAdminRelationship.Read.All' },
    });
  });

  it('says that the secret has expired', async () => {
    microsoft.expireSecrets();
    await expect(bench.call({ kind: 'check' })).rejects.toMatchObject({ failure: 'AuthFailed' });
  });
});

describe('streams', () => {
  it.each(['users', 'groups', 'licences', 'devices', 'secure-score'])(
    'read %s of two tenants that clash, and write nothing twice',
    async (stream) => {
      for (const tenant of [large, clashing]) {
        expect(await bench.pass(stream, tenant)).toMatchObject({ end: 'complete', failure: null, refusedCount: 0 });
      }
      const [one, other] = [bench.records(stream, large), bench.records(stream, clashing)];
      expect(one.size).toBeGreaterThan(0);
      expect(other.size).toBeGreaterThan(0);
      const before = microsoft.requests.length;
      expect(await bench.pass(stream, large)).toMatchObject({ end: 'complete', added: 0, changed: 0, deleted: 0 });
      expect(writesSince(before)).toEqual([]);
    },
  );

  it('read every page of the users', async () => {
    await bench.pass('users', large);
    expect(bench.records('users', large).size).toBe(310);
  });

  it('count more licences assigned than bought', async () => {
    await bench.pass('licences', overAssigned);
    const counts = [...bench.records('licences', overAssigned).values()].map(({ total, assigned }) => [
      total,
      assigned,
    ]);
    expect(counts).toContainEqual([40, 45]);
  });

  it('read what changed and what is gone', async () => {
    await bench.pass('users', endingSoon);
    const [changed = '', removed = ''] = [...bench.records('users', endingSoon).keys()];
    microsoft.changeUser(endingSoon, changed, { jobTitle: 'Dispatcher' });
    microsoft.removeUser(endingSoon, removed);
    expect(await bench.pass('users', endingSoon)).toMatchObject({ changed: 1, deleted: 1, added: 0 });
    expect(bench.records('users', endingSoon).get(changed)).toMatchObject({ jobTitle: 'Dispatcher' });
  });

  it('begin anew where Graph forgot the state', async () => {
    await bench.pass('users', endingSoon);
    const [gone = ''] = bench.records('users', endingSoon).keys();
    microsoft.removeUser(endingSoon, gone);
    microsoft.resetSync(endingSoon);
    microsoft.addUser(endingSoon, { displayName: 'New driver' });
    expect(await bench.pass('users', endingSoon)).toMatchObject({ end: 'complete', added: 1, changed: 0, deleted: 1 });
    expect(await bench.pass('users', endingSoon)).toMatchObject({ end: 'complete', added: 0, changed: 0, batches: 1 });
  });

  it('wait as long as Graph says, and go on with new tokens where the old ones end half-way', async () => {
    let isExpired = false;
    bench.exchanged = ({ request }) => {
      if (isExpired || !request.url.includes('users/delta')) return;
      isExpired = true;
      microsoft.expireAccessTokens();
      microsoft.throttleNext(1, { retryAfterS: 2 });
    };
    const started = Temporal.Now.instant();
    expect(await bench.pass('users', large)).toMatchObject({ end: 'complete', added: 310, refusedCount: 0 });
    expect(started.until(Temporal.Now.instant()).total('seconds')).toBeGreaterThanOrEqual(2);
    const tokens = bench.exchanges.filter(({ purpose }) => purpose === 'credential').map(({ request }) => request.url);
    expect(tokens.map((url) => url.includes(large))).toEqual([true, true]);
  });

  it('keep equal ids of two tenants apart', async () => {
    await Promise.all([bench.pass('users', large), bench.pass('users', clashing)]);
    const [one, other] = [bench.records('users', large), bench.records('users', clashing)];
    const both = [...one.keys()].filter((id) => other.has(id));
    expect(both.length).toBeGreaterThan(0);
    for (const id of both) expect(one.get(id)).not.toEqual(other.get(id));
  });

  it('end typed where a tenant took its consent away', async () => {
    microsoft.removeConsent(clashing);
    expect(await bench.pass('users', clashing)).toMatchObject({ end: 'failed', failure: { failure: 'AuthFailed' } });
    expect(await bench.pass('users', large)).toMatchObject({ end: 'complete' });
  });
});

describe('offboard-user', () => {
  const offboarding = (target: string, mailbox = 'delete') => ({ name: 'offboard-user', input: { target, mailbox } });
  const plan = async (target: string, mailbox?: string): Promise<ActionPlan> =>
    bench.call({ kind: 'plan', ...offboarding(target, mailbox) }, large);
  const apply = async (target: string, mailbox?: string): Promise<ActionResult> => {
    const run = { idempotencyKey: 'k', plan: await plan(target, mailbox), actor: 'ada' };
    return bench.call({ kind: 'apply', ...offboarding(target, mailbox), run }, large);
  };

  /** A user of the large tenant with licences, who is neither an administrator nor synchronised. */
  async function someUser(): Promise<string> {
    await bench.pass('users', large);
    const users = [...bench.records('users', large)];
    const [, second] = users.filter(([, { licences }]) => Array.isArray(licences) && licences.length > 0);
    return second?.[0] ?? '';
  }

  it('plans without writing, the same plan each time', async () => {
    const target = await someUser();
    const before = microsoft.requests.length;
    const [one, two] = [await plan(target), await plan(target)];
    expect(one).toEqual(two);
    expect(one.changes.map(({ to }) => to)).toEqual(expect.arrayContaining(['blocked', 'removed']));
    expect(writesSince(before)).toEqual([]);
  });

  it('blocks sign-in, ends sessions, removes licences, and gives them back', async () => {
    const target = await someUser();
    const before = microsoft.requests.length;
    const result = await apply(target);
    expect(result.failures).toEqual([]);
    expect(writesSince(before)).toEqual([
      `PATCH /v1.0/users/${target}`,
      `POST /v1.0/users/${target}/revokeSignInSessions`,
      `POST /v1.0/users/${target}/assignLicense`,
    ]);
    expect(await bench.call({ kind: 'verify', ...offboarding(target) }, large)).toEqual({ holds: true });
    await bench.pass('users', large);
    expect(bench.records('users', large).get(target)).toMatchObject({ isEnabled: false, licences: [] });
    await bench.call({ kind: 'undo', ...offboarding(target), result }, large);
    expect(await bench.call({ kind: 'verify', ...offboarding(target) }, large)).toMatchObject({ holds: false });
  });

  it('keeps the licence that holds a mailbox in use, and says what Graph cannot do', async () => {
    const target = await someUser();
    const changes = (await plan(target, 'keep')).changes;
    expect(changes.map(({ to }) => to)).toContain('stays: it holds the mailbox');
    expect(changes.at(-1)?.to).toContain('cannot convert');
    expect((await apply(target, 'keep')).failures).toEqual([]);
    expect(await bench.call({ kind: 'verify', ...offboarding(target, 'keep') }, large)).toEqual({ holds: true });
    await bench.pass('users', large);
    expect(bench.records('users', large).get(target)?.['licences']).not.toEqual([]);
  });

  it('says what must be done besides for an account that comes from on premises', async () => {
    const [synchronised = ''] = [...microsoft.world.tenant(large).users.values()]
      .filter((user) => user['onPremisesSyncEnabled'] === true)
      .map((user) => user.id);
    const { changes } = await plan(synchronised);
    expect(changes.find(({ what }) => what === 'Account in Active Directory')?.to).toContain('disable it there');
    expect((await apply(synchronised)).failures).toEqual([]);
  });

  it('does nothing at all where it may not block', async () => {
    const target = await someUser();
    microsoft.grantOnly(large, [
      'User.Read.All',
      'LicenseAssignment.Read.All',
      'LicenseAssignment.ReadWrite.All',
      'MailboxSettings.Read',
      'User.RevokeSessions.All',
    ]);
    microsoft.expireAccessTokens();
    const before = microsoft.requests.length;
    await expect(apply(target)).rejects.toMatchObject({ failure: 'PermissionMissing' });
    expect(writesSince(before)).toEqual([`PATCH /v1.0/users/${target}`]);
  });
});

describe('change notifications', () => {
  it('are subscribed to while reading, verified by their key, and name the tenant', async () => {
    const key = 'benchClientState1234';
    const delivered: { rawBody: Uint8Array; query: Record<string, string> }[] = [];
    const server = createServer((request, response) => {
      void receive(request).then((rawBody) => {
        const query = Object.fromEntries(new URL(request.url ?? '', 'http://x').searchParams);
        const handshake = answerHandshake(bench.description.webhooks[0]?.handshake, query);
        if (handshake === null) delivered.push({ rawBody, query });
        response.setHeader('content-type', 'text/plain');
        response.end(handshake ?? '');
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await bench[Symbol.asyncDispose]();
    bench = await open({ notificationUrl: `http://127.0.0.1:${port}/in`, notificationKey: key });

    await bench.pass('users', endingSoon);
    await bench.pass('users', endingSoon);
    expect(bench.issues).toEqual([]);
    expect(writesSince(0).filter((write) => write.includes('subscriptions'))).toEqual(['POST /v1.0/subscriptions']);
    const [user = ''] = bench.records('users', endingSoon).keys();
    microsoft.changeUser(endingSoon, user, { department: 'Yard' });
    await microsoft.notificationsSettled();
    const [first] = delivered;
    const verified = bench.verify('changes', { headers: {}, ...(first ?? { rawBody: new Uint8Array(), query: {} }) });
    if (!verified.ok) throw new Error(verified.reason);
    expect(await bench.call({ kind: 'route', name: 'changes', delivery: verified.delivery })).toBe(endingSoon);
    expect(await bench.call({ kind: 'handle', name: 'changes', delivery: verified.delivery }, endingSoon)).toEqual({
      nudge: ['users'],
    });

    const forged = Buffer.from(
      Buffer.from(first?.rawBody ?? [])
        .toString()
        .replace(key, 'anotherClientState12'),
    );
    expect(bench.verify('changes', { headers: {}, rawBody: forged, query: {} }).ok).toBe(false);
    microsoft.advance({ hours: 24 * 20 });
    await bench.pass('users', endingSoon);
    expect(writesSince(0).filter((write) => write.startsWith('PATCH'))).toHaveLength(1);
    await new Promise((resolve) => void server.close(resolve));
  });

  it('raise an issue where nobody answers, and do not stop the read', async () => {
    await bench[Symbol.asyncDispose]();
    bench = await open({ notificationUrl: 'http://127.0.0.1:9/in', notificationKey: 'benchClientState1234' });
    expect(await bench.pass('users', endingSoon)).toMatchObject({ end: 'complete', added: 20 });
    expect(bench.issues).toMatchObject([{ id: 'change-notifications', severity: 'warning' }]);
  });
});

async function receive(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
