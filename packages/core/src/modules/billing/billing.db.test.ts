import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildMsp,
  contactScope,
  staffScope,
  startTestApp,
  systemScope,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import { addStaff } from '../../../../../test/support/world-identity.ts';
import type { ClientId, MspId } from '#kernel/id';
import { makeTenantScope, type TenantScope } from '#kernel/tenant-scope';
import { ChangeAgreementState, CreateAgreement, type AgreementId } from '#modules/agreements';
import { CreateAsset, type AssetId } from '#modules/assets';
import { OpenTicket } from '#modules/tickets';
import { LogTime } from '#modules/time';
import type { MailId } from '#platform/mail/mail-table';
import { ScopedDb } from '#platform/db/scoped-db';
import { ArchiveAsset } from '../assets/archive-asset.ts';
import { createAssetInput } from '../assets/create-asset.ts';
import { MailQueries } from '../outbox/mail-queries.ts';
import { createContactInput, SaveContact } from '../tenancy/save-contact.ts';
import { logTimeInput } from '../time/log-time.ts';
import { ApproveInvoice } from './approve-invoice.ts';
import { BillingSettings } from './billing-settings.ts';
import type { InvoiceId } from './billing-table.ts';
import { ChangeCatalogue } from './change-catalogue.ts';
import { DraftInvoice } from './draft-invoice.ts';
import { DriftQueries } from './drift-queries.ts';
import { EditDraft } from './edit-draft.ts';
import { exportInvoices } from './invoice-export.ts';
import { InvoiceQueries } from './invoice-queries.ts';
import { PrintInvoice } from './print-invoice.ts';
import { SendInvoice } from './send-invoice.ts';
import { SettleInvoice } from './settle-invoice.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());

interface Shop {
  readonly mspId: MspId;
  readonly clientId: ClientId;
  readonly staff: TenantScope;
  readonly agreementId: AgreementId;
}

const line = {
  productCode: '',
  quantity: '1',
  deviceKinds: [],
  workTypes: [],
  minimumMinutes: 0,
  roundToMinutes: 1,
  rounding: 'up' as const,
};

/** An MSP with one client under an agreement from October: a fee, a price for each workstation, and work on site by the hour. */
async function openShop(): Promise<Shop> {
  app.clock.set('2026-10-01T09:00:00Z');
  const { mspId, clientIds } = await buildMsp(app);
  const clientId = clientIds[0]!;
  const { loginId } = await addStaff(app, { mspId }, { name: 'Ada', standardRoles: ['administrator'] });
  const staff = makeTenantScope({ ...staffScope(mspId), actor: { kind: 'login', id: loginId, label: 'Ada' } });
  const { agreementId } = await app.container.resolve(CreateAgreement).run(staff, {
    clientId,
    name: 'Care',
    reference: '',
    startsOn: '2026-10-01',
    currency: 'GBP',
    lines: [
      { ...line, kind: 'flat', description: 'Monitoring', unitPriceMinor: 10_000 },
      {
        ...line,
        kind: 'per-device',
        description: 'Managed workstation',
        unitPriceMinor: 2_550,
        deviceKinds: ['workstation'],
      },
      {
        ...line,
        kind: 'time-and-materials',
        description: 'On site',
        unitPriceMinor: 9_500,
        workTypes: ['onsite'],
        minimumMinutes: 30,
        roundToMinutes: 15,
      },
    ],
  });
  await app.container.resolve(ChangeAgreementState).activate(staff, { agreementId, version: 1 });
  return { mspId, clientId, staff, agreementId };
}

async function addAsset(shop: Shop, name: string, at: string, kind = 'workstation'): Promise<AssetId> {
  app.clock.set(at);
  const input = createAssetInput.parse({ clientId: shop.clientId, name, kind });
  return (await app.container.resolve(CreateAsset).run(shop.staff, input)).assetId;
}

async function archive(shop: Shop, assetId: AssetId, at: string): Promise<void> {
  app.clock.set(at);
  await app.container.resolve(ArchiveAsset).run(shop.staff, { assetId, version: 1, isArchived: true });
}

async function work(shop: Shop, minutes: number, at: string, workType = 'onsite'): Promise<void> {
  app.clock.set(at);
  const opened = await app.container
    .resolve(OpenTicket)
    .run(shop.staff, { clientId: shop.clientId, type: 'incident', subject: 'Printer', impact: 2, urgency: 2 });
  const input = logTimeInput.parse({ ticketId: opened.ticketId, minutes, workType });
  await app.container.resolve(LogTime).run(shop.staff, input);
}

const draft = (shop: Shop, serviceFrom?: string) =>
  app.container
    .resolve(DraftInvoice)
    .run(shop.staff, { agreementId: shop.agreementId, ...(serviceFrom === undefined ? {} : { serviceFrom }) });
const get = (scope: TenantScope, invoiceId: InvoiceId) => app.container.resolve(InvoiceQueries).get(scope, invoiceId);
const approve = async (shop: Shop, invoiceId: InvoiceId) =>
  app.container
    .resolve(ApproveInvoice)
    .run(shop.staff, { invoiceId, version: (await get(shop.staff, invoiceId)).version });

async function manager(shop: Shop, portalRole: 'manager' | 'member' = 'manager'): Promise<TenantScope> {
  const { contactId } = await app.container.resolve(SaveContact).create(
    shop.staff,
    createContactInput.parse({
      clientId: shop.clientId,
      name: 'Jo Hartley',
      email: `jo-${portalRole}@hartley.example`,
      portalRole,
    }),
  );
  return contactScope(shop.mspId, shop.clientId, contactId);
}

async function october(): Promise<Shop> {
  const shop = await openShop();
  await addAsset(shop, 'WS-1', '2026-10-01T10:00:00Z');
  const second = await addAsset(shop, 'WS-2', '2026-10-05T10:00:00Z');
  await archive(shop, second, '2026-10-20T10:00:00Z');
  await addAsset(shop, 'SRV-1', '2026-10-06T10:00:00Z', 'server');
  await work(shop, 25, '2026-10-10T12:00:00Z');
  await work(shop, 50, '2026-10-11T12:00:00Z');
  await addAsset(shop, 'WS-3', '2026-11-03T10:00:00Z');
  await work(shop, 60, '2026-11-04T12:00:00Z');
  app.clock.set('2026-11-05T09:00:00Z');
  return shop;
}

describe('DraftInvoice', () => {
  it('bills what was counted and logged in the period, each line with the list behind it', async () => {
    const shop = await october();
    const { invoiceId } = await draft(shop);
    const invoice = await get(shop.staff, invoiceId);
    expect(invoice).toMatchObject({
      state: 'draft',
      number: null,
      serviceFrom: '2026-10-01',
      serviceUntil: '2026-11-01',
      windowFrom: '2026-11-01',
      windowUntil: '2026-12-01',
      activityFrom: '2026-10-01',
      activityUntil: '2026-11-01',
    });
    expect(
      invoice.lines.map(({ description, quantity, netMinor, evidenceCount }) => [
        description,
        quantity,
        netMinor,
        evidenceCount,
      ]),
    ).toEqual([
      ['Monitoring', '1', 10_000, 0],
      ['Managed workstation', '2', 5_100, 2],
      // 25 min are raised to 30 and 50 rounded up to 60: 90 min at 95.00 an hour.
      ['On site', '90', 14_250, 2],
    ]);
    expect(invoice).toMatchObject({ netMinor: 29_350, taxMinor: 5_870, totalMinor: 35_220 });
    const evidence = async (index: number) =>
      (
        await app.container
          .resolve(InvoiceQueries)
          .evidence(shop.staff, { invoiceId, lineId: invoice.lines[index]!.id })
      ).items;
    expect((await evidence(1)).map(({ label, until, reason }) => [label, until, reason])).toEqual([
      ['WS-1', null, 'active'],
      ['WS-2', '2026-10-20T10:00:00Z', 'archived meanwhile'],
    ]);
    expect((await evidence(2)).map(({ quantity }) => quantity)).toEqual(['30', '60']);
    expect((await evidence(2))[0]?.reason).toContain('30 min');
  });

  it('makes the same draft again, also when ten people draft at once, and takes what came late', async () => {
    const shop = await october();
    const drafts = await Promise.allSettled(Array.from({ length: 10 }, () => draft(shop)));
    const ids = drafts.flatMap((one) => (one.status === 'fulfilled' ? [one.value.invoiceId] : []));
    expect(new Set(ids).size).toBe(1);
    for (const one of drafts)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'billing.period-claimed' });
    expect((await get(shop.staff, ids[0]!)).totalMinor).toBe(35_220);
    await work(shop, 30, '2026-10-15T12:00:00Z');
    app.clock.set('2026-11-05T10:00:00Z');
    const again = await draft(shop);
    expect(again.invoiceId).toBe(ids[0]);
    expect((await get(shop.staff, again.invoiceId)).lines[2]).toMatchObject({ quantity: '120', netMinor: 19_000 });
  });

  it('claims each period and each hour once', async () => {
    const shop = await october();
    const first = await draft(shop);
    await approve(shop, first.invoiceId);
    await expect(draft(shop, '2026-10-01')).rejects.toMatchObject({ code: 'billing.period-claimed' });
    const second = await draft(shop);
    const november = await get(shop.staff, second.invoiceId);
    expect(november.serviceFrom).toBe('2026-11-01');
    expect(november.lines.map(({ description, quantity }) => [description, quantity])).toEqual([
      ['Monitoring', '1'],
      ['Managed workstation', '2'],
      ['On site', '60'],
    ]);
    await approve(shop, second.invoiceId);
    await expect(draft(shop)).rejects.toMatchObject({ code: 'billing.nothing-to-bill' });
    await expect(
      app.container.resolve(ScopedDb).transaction(systemScope(shop.mspId), async (tx) => {
        await tx.sql(
          'insert into billing_claim select msp_id, client_id, agreement_line_id, service_from, service_until, $1 from billing_claim where invoice_id = $2',
          [second.invoiceId, first.invoiceId],
        );
      }),
    ).rejects.toMatchObject({ code: '23505' });
  });

  it.each([
    ['a day that no period starts on', '2026-10-02', 'billing.not-a-period'],
    ['a period that has not begun', '2026-12-01', 'billing.not-a-period'],
  ])('refuses %s', async (_, serviceFrom, code) => {
    const shop = await openShop();
    await expect(draft(shop, serviceFrom)).rejects.toMatchObject({ code, fields: [{ path: ['serviceFrom'] }] });
  });

  it('gives back periods and hours when a draft is discarded or an unsent invoice is voided', async () => {
    const shop = await october();
    const first = await draft(shop);
    await app.container.resolve(EditDraft).discard(shop.staff, first);
    const second = await draft(shop);
    expect(second.invoiceId).not.toBe(first.invoiceId);
    await approve(shop, second.invoiceId);
    await app.container
      .resolve(SettleInvoice)
      .void(shop.staff, { invoiceId: second.invoiceId, version: 3, reason: 'Wrong price' });
    const third = await draft(shop, '2026-10-01');
    expect((await get(shop.staff, third.invoiceId)).totalMinor).toBe(35_220);
    expect((await approve(shop, third.invoiceId)).number).toBe('INV-00002');
  });

  it('keeps a person’s own lines and refuses another currency', async () => {
    const shop = await october();
    const { invoiceId, version } = await draft(shop);
    const product = { code: 'DOCK', name: 'Dock', description: '', unit: 'each', taxRate: '5' };
    const catalogue = app.container.resolve(ChangeCatalogue);
    const { productId } = await catalogue.create(shop.staff, { ...product, priceMinor: 9_999, currency: 'GBP' });
    const euro = await catalogue.create(shop.staff, { ...product, code: 'DOCK-EU', priceMinor: 1, currency: 'EUR' });
    const edit = app.container.resolve(EditDraft);
    await expect(
      edit.addLine(shop.staff, { invoiceId, version, productId: euro.productId, quantity: '1' }),
    ).rejects.toMatchObject({ code: 'billing.other-currency', fields: [{ path: ['unitPriceMinor'] }] });
    await edit.addLine(shop.staff, { invoiceId, version, productId, quantity: '1.5' });
    await draft(shop);
    const invoice = await get(shop.staff, invoiceId);
    expect(invoice.lines.at(-1)).toMatchObject({ description: 'Dock', kind: 'manual', netMinor: 14_999, taxRate: '5' });
    expect(invoice.taxes).toEqual([
      { taxRate: '5', netMinor: 14_999, taxMinor: 750 },
      { taxRate: '20', netMinor: 29_350, taxMinor: 5_870 },
    ]);
    await expect(
      edit.removeLine(shop.staff, { invoiceId, version: invoice.version, lineId: invoice.lines[0]!.id }),
    ).rejects.toMatchObject({ code: 'billing.line-from-agreement' });
    await edit.removeLine(shop.staff, { invoiceId, version: invoice.version, lineId: invoice.lines.at(-1)!.id });
    expect((await get(shop.staff, invoiceId)).totalMinor).toBe(35_220);
  });
});

describe('ApproveInvoice', () => {
  it('numbers without a gap, whatever is approved beside it and whatever fails', async () => {
    const shop = await october();
    const ids: InvoiceId[] = [];
    const other = { ...shop };
    for (let index = 0; index < 8; index += 1) {
      const { agreementId } = await app.container.resolve(CreateAgreement).run(shop.staff, {
        clientId: shop.clientId,
        name: `Care ${index}`,
        reference: '',
        startsOn: '2026-10-01',
        currency: 'GBP',
        lines: [{ ...line, kind: 'flat', description: 'Fee', unitPriceMinor: 100 }],
      });
      await app.container.resolve(ChangeAgreementState).activate(shop.staff, { agreementId, version: 1 });
      ids.push((await draft({ ...other, agreementId })).invoiceId);
    }
    const approvals = await Promise.allSettled([
      ...ids.map((id) => approve(shop, id)),
      // Each a second time, and with a stale version: all of these fail after a number was taken.
      ...ids.map((invoiceId) => app.container.resolve(ApproveInvoice).run(shop.staff, { invoiceId, version: 99 })),
    ]);
    const numbers = approvals.flatMap((one) => (one.status === 'fulfilled' ? [one.value.number] : []));
    expect(numbers.toSorted()).toEqual(Array.from({ length: 8 }, (_, index) => `INV-0000${index + 1}`));
    const last = await draft(shop);
    expect((await approve(shop, last.invoiceId)).number).toBe('INV-00009');
  });

  it('counts for each MSP on its own, and refuses a second approval', async () => {
    const shop = await october();
    const { invoiceId } = await draft(shop);
    expect((await approve(shop, invoiceId)).number).toBe('INV-00001');
    await expect(approve(shop, invoiceId)).rejects.toMatchObject({ code: 'billing.not-draft' });
    const invoice = await get(shop.staff, invoiceId);
    expect(invoice).toMatchObject({ state: 'approved', issuedOn: '2026-11-05', dueOn: '2026-11-19' });
  });
});

describe('SendInvoice', () => {
  it('mails the PDF to those who manage the account, in the transaction that calls it sent', async () => {
    const shop = await october();
    const { invoiceId } = await draft(shop);
    const send = app.container.resolve(SendInvoice);
    await expect(send.run(shop.staff, { invoiceId, version: 2 })).rejects.toMatchObject({
      code: 'billing.state-not-reachable',
    });
    await approve(shop, invoiceId);
    await expect(send.run(shop.staff, { invoiceId, version: 3 })).rejects.toMatchObject({
      code: 'billing.no-recipient',
    });
    await manager(shop);
    await manager(shop, 'member');
    const { recipients } = await send.run(shop.staff, { invoiceId, version: 3 });
    expect(recipients).toEqual(['jo-manager@hartley.example']);
    const mails = app.container.resolve(MailQueries);
    const [mail] = (await mails.list(shop.staff, { limit: 5 })).items;
    expect(mail).toMatchObject({ purpose: 'billing.invoice', clientId: shop.clientId });
    const whole = await mails.get(shop.staff, mail!.id as MailId);
    expect(whole.attachments).toMatchObject([{ fileName: 'INV-00001.pdf', contentType: 'application/pdf' }]);
    expect(whole.text).toContain('£352.20');
    await expect(
      app.container.resolve(SettleInvoice).void(shop.staff, { invoiceId, version: 4, reason: 'x' }),
    ).rejects.toMatchObject({ code: 'billing.state-not-reachable', message: expect.stringContaining('credit note') });
  });
});

describe('SettleInvoice', () => {
  it('credits the whole once, in a series of its own, and lets the period be billed again if so wished', async () => {
    const shop = await october();
    const { invoiceId } = await draft(shop);
    await approve(shop, invoiceId);
    await manager(shop);
    await app.container.resolve(SendInvoice).run(shop.staff, { invoiceId, version: 3 });
    const settle = app.container.resolve(SettleInvoice);
    const credit = await settle.credit(shop.staff, {
      invoiceId,
      version: 4,
      reason: 'bill-again',
      note: 'Wrong price',
    });
    expect(credit.number).toBe('CN-00001');
    const note = await get(shop.staff, credit.invoiceId);
    expect(note).toMatchObject({ kind: 'credit-note', netMinor: -29_350, taxMinor: -5_870, totalMinor: -35_220 });
    await expect(
      settle.credit(shop.staff, { invoiceId, version: 5, reason: 'give-up', note: 'x' }),
    ).rejects.toMatchObject({ code: 'billing.credited-already' });
    expect((await get(shop.staff, (await draft(shop, '2026-10-01')).invoiceId)).totalMinor).toBe(35_220);
  });

  it('records a payment once', async () => {
    const shop = await october();
    const { invoiceId } = await draft(shop);
    await approve(shop, invoiceId);
    const settle = app.container.resolve(SettleInvoice);
    const payment = { invoiceId, version: 3, paidOn: '2026-11-10', reference: 'BACS 42' };
    const tries = await Promise.allSettled([settle.pay(shop.staff, payment), settle.pay(shop.staff, payment)]);
    expect(tries.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await get(shop.staff, invoiceId)).toMatchObject({ state: 'paid', paidOn: '2026-11-10' });
  });
});

describe('InvoiceQueries', () => {
  it('shows a client’s managers what was issued to them with its lists, and nobody else anything', async () => {
    const shop = await october();
    const { invoiceId } = await draft(shop);
    const jo = await manager(shop);
    const queries = app.container.resolve(InvoiceQueries);
    await expect(queries.get(jo, invoiceId)).rejects.toMatchObject({ code: 'billing.invoice-not-found' });
    expect((await queries.list(jo, { limit: 10 })).items).toEqual([]);
    await approve(shop, invoiceId);
    const invoice = await queries.get(jo, invoiceId);
    expect(invoice.lines).toHaveLength(3);
    expect((await queries.evidence(jo, { invoiceId, lineId: invoice.lines[1]!.id })).items).toHaveLength(2);
    expect((await app.container.resolve(PrintInvoice).run(jo, invoiceId)).fileName).toBe('INV-00001.pdf');
    const member = await manager(shop, 'member');
    await expect(queries.list(member, { limit: 10 })).rejects.toMatchObject({ code: 'billing.not-a-manager' });
    await expect(queries.get(member, invoiceId)).rejects.toMatchObject({ code: 'billing.not-a-manager' });
    const other = await openShop();
    await expect(queries.get(other.staff, invoiceId)).rejects.toMatchObject({ code: 'billing.invoice-not-found' });
  });
});

describe('PrintInvoice', () => {
  it('prints the same bytes each time', async () => {
    const shop = await october();
    const { invoiceId } = await draft(shop);
    await approve(shop, invoiceId);
    const digest = async () => {
      const { body } = await app.container.resolve(PrintInvoice).run(shop.staff, invoiceId);
      expect(
        Buffer.from(body as Uint8Array)
          .subarray(0, 5)
          .toString(),
      ).toBe('%PDF-');
      return createHash('sha256')
        .update(body as Uint8Array)
        .digest('hex');
    };
    const first = await digest();
    app.clock.advance({ hours: 30 });
    expect(await digest()).toBe(first);
  });
});

describe('DriftQueries', () => {
  it('names what is there and not billed, and what is billed and gone', async () => {
    const shop = await october();
    const { invoiceId } = await draft(shop);
    await approve(shop, invoiceId);
    const { items } = await app.container.resolve(DriftQueries).list(shop.staff, {});
    expect(items).toMatchObject([
      { description: 'Managed workstation', billedCount: 1, presentCount: 2, unbilled: [{ name: 'WS-3' }], gone: [] },
    ]);
  });
});

describe('exportInvoices', () => {
  it('writes amounts as numbers and leaves no formula to a spreadsheet', async () => {
    const shop = await october();
    const settings = app.container.resolve(BillingSettings);
    await settings.update(shop.staff, { ...(await settings.get(shop.staff)), numberPrefix: '-' });
    const { invoiceId } = await draft(shop);
    await approve(shop, invoiceId);
    const { body } = exportInvoices(app.container.resolve(InvoiceQueries), shop.staff, {});
    const [, row] = (await new Response(body as ReadableStream<Uint8Array>).text()).split('\r\n');
    expect(row).toContain(
      "'-00001,invoice,approved,2026-11-05,2026-11-19,,2026-10-01,2026-11-01,GBP,293.50,58.70,352.20",
    );
  });
});

describe('ChangeCatalogue', () => {
  it('hides what a product costs from whoever may not see costs', async () => {
    const shop = await openShop();
    const product = {
      code: 'A',
      name: 'A',
      description: '',
      unit: 'each',
      priceMinor: 5,
      currency: 'GBP',
      taxRate: '20',
    };
    const catalogue = app.container.resolve(ChangeCatalogue);
    await catalogue.create(shop.staff, { ...product, costMinor: 3 });
    await expect(catalogue.create(shop.staff, product)).rejects.toMatchObject({ code: 'billing.code-taken' });
    const { ProductQueries } = await import('./product-queries.ts');
    const seen = async (scope: TenantScope) =>
      (await app.container.resolve(ProductQueries).list(scope, { limit: 5 })).items.map(({ costMinor }) => costMinor);
    expect(await seen(shop.staff)).toEqual([3]);
    const seller = staffScope(shop.mspId, { kind: 'all' }, new Set(['billing.read-products']));
    expect(await seen(seller)).toEqual([null]);
  });
});
