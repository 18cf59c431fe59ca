import { CreateAgreement } from '../../packages/core/src/modules/agreements/create-agreement.ts';
import { ChangeAgreementState } from '../../packages/core/src/modules/agreements/change-agreement-state.ts';
import type { AgreementId } from '../../packages/core/src/modules/agreements/agreement-table.ts';
import { ArchiveAsset } from '../../packages/core/src/modules/assets/archive-asset.ts';
import type { AssetId } from '../../packages/core/src/modules/assets/asset-table.ts';
import { CreateAsset, createAssetInput } from '../../packages/core/src/modules/assets/create-asset.ts';
import { ApproveInvoice } from '../../packages/core/src/modules/billing/approve-invoice.ts';
import type { InvoiceId } from '../../packages/core/src/modules/billing/billing-table.ts';
import { DraftInvoice } from '../../packages/core/src/modules/billing/draft-invoice.ts';
import { InvoiceQueries } from '../../packages/core/src/modules/billing/invoice-queries.ts';
import { createContactInput, SaveContact } from '../../packages/core/src/modules/tenancy/save-contact.ts';
import { OpenTicket } from '../../packages/core/src/modules/tickets/open-ticket.ts';
import { LogTime, logTimeInput } from '../../packages/core/src/modules/time/log-time.ts';
import type { ClientId, MspId } from '../../packages/core/src/kernel/id.ts';
import { makeTenantScope, type TenantScope } from '../../packages/core/src/kernel/tenant-scope.ts';
import { buildMsp, contactScope, staffScope, type TestApp } from './test-app.ts';
import { addStaff } from './world-identity.ts';

/** An MSP with a client under an agreement, and whoever bills it. */
export interface Shop {
  readonly mspId: MspId;
  readonly clientId: ClientId;
  readonly staff: TenantScope;
  readonly agreementId: AgreementId;
}

/** A contract line's fields that most lines leave alone. */
export const plainLine = {
  productCode: '',
  quantity: '1',
  deviceKinds: [],
  workTypes: [],
  minimumMinutes: 0,
  roundToMinutes: 1,
  rounding: 'up' as const,
  maximumMinutes: null,
  charge: 'hourly' as const,
  billablePercent: 100,
  afterHoursPercent: 100,
  holidayPercent: null,
  coversAfterHours: true,
  overagePriceMinor: null,
  rolloverPeriods: 0,
};

/** What tests of billing do again and again; `app` is there once the test's `beforeAll` has run. */
export function billingDesk(app: () => TestApp) {
  /** An MSP with one client under an agreement from October: a fee, a price for each workstation, and work on site by the hour. */
  async function openShop(): Promise<Shop> {
    app().clock.set('2026-10-01T09:00:00Z');
    const { mspId, clientIds } = await buildMsp(app());
    const clientId = clientIds[0]!;
    const { loginId } = await addStaff(app(), { mspId }, { name: 'Ada', standardRoles: ['administrator'] });
    const staff = makeTenantScope({ ...staffScope(mspId), actor: { kind: 'login', id: loginId, label: 'Ada' } });
    const { agreementId } = await app()
      .container.resolve(CreateAgreement)
      .run(staff, {
        clientId,
        name: 'Care',
        reference: '',
        startsOn: '2026-10-01',
        currency: 'GBP',
        lines: [
          { ...plainLine, kind: 'flat', description: 'Monitoring', unitPriceMinor: 10_000 },
          {
            ...plainLine,
            kind: 'per-device',
            description: 'Managed workstation',
            unitPriceMinor: 2_550,
            deviceKinds: ['workstation'],
          },
          {
            ...plainLine,
            kind: 'time-and-materials',
            description: 'On site',
            unitPriceMinor: 9_500,
            workTypes: ['onsite'],
            minimumMinutes: 30,
            roundToMinutes: 15,
          },
        ],
      });
    await app().container.resolve(ChangeAgreementState).activate(staff, { agreementId, version: 1 });
    return { mspId, clientId, staff, agreementId };
  }

  async function addAsset(shop: Shop, name: string, at: string, kind = 'workstation'): Promise<AssetId> {
    app().clock.set(at);
    const input = createAssetInput.parse({ clientId: shop.clientId, name, kind });
    return (await app().container.resolve(CreateAsset).run(shop.staff, input)).assetId;
  }

  async function archive(shop: Shop, assetId: AssetId, at: string): Promise<void> {
    app().clock.set(at);
    await app().container.resolve(ArchiveAsset).run(shop.staff, { assetId, version: 1, isArchived: true });
  }

  async function work(shop: Shop, minutes: number, at: string, workType = 'onsite'): Promise<void> {
    app().clock.set(at);
    const opened = await app()
      .container.resolve(OpenTicket)
      .run(shop.staff, { clientId: shop.clientId, type: 'incident', subject: 'Printer', impact: 2, urgency: 2 });
    const input = logTimeInput.parse({ ticketId: opened.ticketId, minutes, workType });
    await app().container.resolve(LogTime).run(shop.staff, input);
  }

  const draft = (shop: Shop, serviceFrom?: string) =>
    app()
      .container.resolve(DraftInvoice)
      .run(shop.staff, { agreementId: shop.agreementId, ...(serviceFrom === undefined ? {} : { serviceFrom }) });
  const get = (scope: TenantScope, invoiceId: InvoiceId) =>
    app().container.resolve(InvoiceQueries).get(scope, invoiceId);
  const approve = async (shop: Shop, invoiceId: InvoiceId) =>
    app()
      .container.resolve(ApproveInvoice)
      .run(shop.staff, { invoiceId, version: (await get(shop.staff, invoiceId)).version });

  async function manager(shop: Shop, portalRole: 'manager' | 'member' = 'manager'): Promise<TenantScope> {
    const { contactId } = await app()
      .container.resolve(SaveContact)
      .create(
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
    app().clock.set('2026-11-05T09:00:00Z');
    return shop;
  }
  return { openShop, october, addAsset, work, draft, get, approve, manager };
}
