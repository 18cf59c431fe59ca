import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { billingDesk, plainLine } from '../../../../../test/support/billing-shop.ts';
import { staffScope, startTestApp, type TestApp } from '../../../../../test/support/test-app.ts';
import type { TenantScope } from '#kernel/tenant-scope';
import { ChangeAgreementState, CreateAgreement } from '#modules/agreements';
import type { MailId } from '#platform/mail/mail-table';
import { MailQueries } from '../outbox/mail-queries.ts';
import { ApproveInvoice } from './approve-invoice.ts';
import { BillingSettings } from './billing-settings.ts';
import type { InvoiceId } from './billing-table.ts';
import { ChangeCatalogue } from './change-catalogue.ts';
import { DriftQueries } from './drift-queries.ts';
import { exportInvoices } from './invoice-export.ts';
import { InvoiceQueries } from './invoice-queries.ts';
import { PrintInvoice } from './print-invoice.ts';
import { ProductQueries } from './product-queries.ts';
import { SendInvoice } from './send-invoice.ts';
import { SettleInvoice } from './settle-invoice.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());
const { openShop, october, draft, get, approve, manager } = billingDesk(() => app);

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
        lines: [{ ...plainLine, kind: 'flat', description: 'Fee', unitPriceMinor: 100 }],
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
    const seen = async (scope: TenantScope) =>
      (await app.container.resolve(ProductQueries).list(scope, { limit: 5 })).items.map(({ costMinor }) => costMinor);
    expect(await seen(shop.staff)).toEqual([3]);
    const seller = staffScope(shop.mspId, { kind: 'all' }, new Set(['billing.read-products']));
    expect(await seen(seller)).toEqual([null]);
  });
});
