import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { billingDesk } from '../../../../../test/support/billing-shop.ts';
import { startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import { ScopedDb } from '#platform/db/scoped-db';
import { ChangeCatalogue } from './change-catalogue.ts';
import { EditDraft } from './edit-draft.ts';
import { InvoiceQueries } from './invoice-queries.ts';
import { SettleInvoice } from './settle-invoice.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());
const { openShop, october, work, draft, get, approve } = billingDesk(() => app);

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
    expect((await evidence(2))[0]?.reason).toContain('rounded up to 15 min');
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
