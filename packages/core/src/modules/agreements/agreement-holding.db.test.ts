import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildMsp,
  contactScope,
  staffScope,
  startTestApp,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import { newId, type ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { CreateClient, type SiteId } from '#modules/tenancy';
import { ScopedDb } from '#platform/db/scoped-db';
import { AgreementHolding } from './agreement-holding.ts';
import { AgreementQueries } from './agreement-queries.ts';
import { ChangeAgreementState } from './change-agreement-state.ts';
import { CreateAgreement, createAgreementInput } from './create-agreement.ts';
import { UpdateMsp } from '../tenancy/update-msp.ts';
import { UpdateAgreement } from './update-agreement.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const lines = [{ kind: 'flat', description: 'All', unitPriceMinor: 100 }];

async function activate(scope: TenantScope, fields: object) {
  const input = createAgreementInput.parse({ startsOn: '2026-01-01', currency: 'GBP', lines, ...fields });
  const { agreementId } = await app.container.resolve(CreateAgreement).run(scope, input);
  await app.container.resolve(ChangeAgreementState).activate(scope, { agreementId, version: 1 });
  return agreementId;
}
const holding = (scope: TenantScope, clientId: ClientId, siteId: SiteId | null = null, at = '2026-06-01T12:00:00Z') =>
  app.container
    .resolve(ScopedDb)
    .transaction(scope, (tx) =>
      app.container.resolve(AgreementHolding).agreementFor(tx, { clientId, siteId, at: Temporal.Instant.from(at) }),
    );

async function site(scope: TenantScope, clientId: ClientId): Promise<SiteId> {
  const id = newId<'site'>();
  await app.container
    .resolve(ScopedDb)
    .transaction(scope, (tx) =>
      tx.sql(
        `insert into site (msp_id, id, client_id, name, time_zone, created_at) values ($1, $2, $3, $4, 'Europe/London', now())`,
        [scope.mspId, id, clientId, `Site ${id}`],
      ),
    );
  return id;
}

describe('AgreementHolding', () => {
  it('prefers the site’s own, then the client’s newest, then the parent’s, and says which', async () => {
    const { mspId, clientIds } = await buildMsp(app);
    const scope = staffScope(mspId);
    const parent = clientIds[0]!;
    const { clientId: child } = await app.container
      .resolve(CreateClient)
      .run(scope, { name: 'Child', timeZone: 'Europe/London', state: 'active', emailDomains: [], parentId: parent });
    const place = await site(scope, child);
    expect(await holding(scope, child)).toMatchObject({
      agreementId: null,
      reason: 'No agreement was active on 2026-06-01.',
    });
    const ofParent = await activate(scope, { clientId: parent, name: 'Group' });
    expect(await holding(scope, child)).toMatchObject({ agreementId: ofParent, agreementClientId: parent });
    await activate(scope, { clientId: child, name: 'Old' });
    const newer = await activate(scope, { clientId: child, name: 'New', startsOn: '2026-02-01' });
    expect(await holding(scope, child, place)).toMatchObject({ agreementId: newer });
    const ofSite = await activate(scope, { clientId: child, siteId: place, name: 'Depot' });
    const found = await holding(scope, child, place);
    expect(found.agreementId).toBe(ofSite);
    expect(found.reason).toBe('“Depot”, the site’s newest agreement active on 2026-06-01 (since 2026-01-01).');
    expect((await holding(scope, child, null, '2025-12-31T12:00:00Z')).agreementId).toBeNull();
  });

  it('finds a parent’s agreement for who sees the child only, and nothing for who does not reach the client', async () => {
    const { mspId, clientIds } = await buildMsp(app, { clients: 2 });
    const scope = staffScope(mspId);
    const [parent, stranger] = clientIds as [ClientId, ClientId];
    const { clientId: child } = await app.container
      .resolve(CreateClient)
      .run(scope, { name: 'Child', timeZone: 'Europe/London', state: 'active', emailDomains: [], parentId: parent });
    const agreementId = await activate(scope, { clientId: parent, name: 'Group' });
    expect((await holding(staffScope(mspId, { kind: 'only', clientIds: [child] }), child)).agreementId).toBe(
      agreementId,
    );
    expect((await holding(contactScope(mspId, child), child)).agreementId).toBe(agreementId);
    expect((await holding(contactScope(mspId, stranger), child)).agreementId).toBeNull();
    expect((await holding(staffScope(mspId, { kind: 'except', clientIds: [child] }), child)).agreementId).toBeNull();
    const other = await buildMsp(app);
    expect((await holding(staffScope(other.mspId), child)).agreementId).toBeNull();
  });
});

describe('the day by which an agreement holds', () => {
  // Each day's last moment and the next day's first, where an hour is lost, where one is repeated, and where neither is.
  it.each([
    ['America/New_York', '2026-03-08', '2026-03-09T03:59:59Z', '2026-03-09T04:00:00Z'],
    ['America/New_York', '2026-03-07', '2026-03-08T04:59:59Z', '2026-03-08T05:00:00Z'],
    ['America/New_York', '2026-11-01', '2026-11-02T04:59:59Z', '2026-11-02T05:00:00Z'],
    ['America/New_York', '2026-10-31', '2026-11-01T03:59:59Z', '2026-11-01T04:00:00Z'],
    ['Europe/London', '2026-06-30', '2026-06-30T22:59:59Z', '2026-06-30T23:00:00Z'],
    ['Pacific/Auckland', '2026-04-30', '2026-04-30T11:59:59Z', '2026-04-30T12:00:00Z'],
  ])('is the day where the MSP is: %s, %s', async (timeZone, lastDay, lastMoment, next) => {
    const { mspId, clientIds } = await buildMsp(app);
    const scope = staffScope(mspId);
    const clientId = clientIds[0]!;
    await app.container.resolve(UpdateMsp).run(scope, { version: 1, timeZone });
    const startsOn = Temporal.PlainDate.from(lastDay).add({ days: 1 }).toString();
    const old = await activate(scope, { clientId, name: 'Old', endsOn: lastDay });
    const successor = await activate(scope, { clientId, name: 'New', startsOn });
    expect(await holding(scope, clientId, null, lastMoment)).toMatchObject({
      agreementId: old,
      reason: `“Old”, the client’s newest agreement active on ${lastDay} (since 2026-01-01).`,
    });
    expect((await holding(scope, clientId, null, next)).agreementId).toBe(successor);
    expect((await holding(contactScope(mspId, clientId), clientId, null, next)).agreementId).toBe(successor);
  });
});

describe('UpdateAgreement', () => {
  it('leaves what is in force as it was agreed', async () => {
    const { mspId, clientIds } = await buildMsp(app);
    const agreementId = await activate(staffScope(mspId), { clientId: clientIds[0], name: 'Care' });
    await expect(
      app.container.resolve(UpdateAgreement).run(staffScope(mspId), { agreementId, version: 2, name: 'Cheaper' }),
    ).rejects.toMatchObject({ code: 'agreements.not-draft' });
  });

  it('has a successor with the same terms unless others are said, which ends it as it is put into force', async () => {
    const { mspId, clientIds } = await buildMsp(app, { clients: 2 });
    const scope = staffScope(mspId);
    const [clientId, other] = clientIds as [ClientId, ClientId];
    const succeedsId = await activate(scope, { clientId, name: 'Care', reference: 'A-1', billingPeriod: 'quarterly' });
    const agreements = app.container.resolve(AgreementQueries);
    const succeed = (fields: object) =>
      app.container
        .resolve(CreateAgreement)
        .run(
          scope,
          createAgreementInput.parse({ clientId, name: 'Care 2027', succeedsId, startsOn: '2027-01-01', ...fields }),
        );
    await expect(succeed({ startsOn: '2026-01-01' })).rejects.toMatchObject({
      code: 'agreements.starts-before-predecessor',
      fields: [{ path: ['startsOn'] }],
    });
    await expect(succeed({ clientId: other })).rejects.toMatchObject({ code: 'agreements.other-client' });
    const { agreementId } = await succeed({});
    expect(await agreements.get(scope, agreementId)).toMatchObject({
      state: 'draft',
      currency: 'GBP',
      billingPeriod: 'quarterly',
      succeedsId,
      lines: [{ description: 'All', unitPriceMinor: 100 }],
    });
    expect(await agreements.get(scope, succeedsId)).toMatchObject({ endsOn: null, successor: { name: 'Care 2027' } });
    await expect(succeed({ succeedsId: agreementId })).rejects.toMatchObject({ code: 'agreements.nothing-to-succeed' });
    await app.container.resolve(ChangeAgreementState).activate(scope, { agreementId, version: 1 });
    expect(await agreements.get(scope, succeedsId)).toMatchObject({ endsOn: '2026-12-31', state: 'active' });
    expect((await holding(scope, clientId, null, '2026-12-31T23:59:00Z')).agreementId).toBe(succeedsId);
    expect((await holding(scope, clientId, null, '2027-01-01T00:00:00Z')).agreementId).toBe(agreementId);
  });

  it('refuses an hourly price that names no work', async () => {
    const { mspId, clientIds } = await buildMsp(app);
    await expect(
      activate(staffScope(mspId), {
        clientId: clientIds[0],
        name: 'Care',
        lines: [{ kind: 'time-and-materials', description: 'Hours', unitPriceMinor: 1 }],
      }),
    ).rejects.toMatchObject({ fields: [{ path: ['lines', 0, 'workTypes'] }] });
  });
});
