import type { DependencyContainer } from 'tsyringe';
import { ClockToken } from '#kernel/tokens';
import { AgreementQueries } from '#modules/agreements';
import { AssetLifetimeQueries } from '#modules/assets';
import { AuditTrail } from '#modules/audit';
import { BlockBalances } from '#modules/prepaid-hours';
import { ClientQueries, ContactQueries, MspQueries } from '#modules/tenancy';
import { TicketForWork } from '#modules/tickets';
import { InvoicedTime } from '#modules/time';
import { ScopedDb } from '#platform/db/scoped-db';
import { JobQueue } from '#platform/jobs/job-queue';
import { LiveHub } from '#platform/live';
import { Mailer } from '#platform/mail/mailer';
import { defineModule, provide } from '#platform/module';
import { BilledTime } from './billed-time.ts';
import { ApproveInvoice } from './approve-invoice.ts';
import { billingOperations } from './billing-operations.ts';
import { billingPermissions } from './billing-policy.ts';
import { BillingSettings } from './billing-settings.ts';
import { ChangeCatalogue } from './change-catalogue.ts';
import { DraftInvoice } from './draft-invoice.ts';
import { DriftQueries } from './drift-queries.ts';
import { EditDraft } from './edit-draft.ts';
import { InvoiceQueries } from './invoice-queries.ts';
import { InvoiceStore } from './invoice-store.ts';
import { PrintInvoice } from './print-invoice.ts';
import { ProductQueries } from './product-queries.ts';
import { SendInvoice } from './send-invoice.ts';
import { SettleInvoice } from './settle-invoice.ts';

/** What the readers here need; each takes its part. */
const readers = (c: DependencyContainer) => ({
  db: c.resolve(ScopedDb),
  clock: c.resolve(ClockToken),
  audit: c.resolve(AuditTrail),
  clients: c.resolve(ClientQueries),
  contacts: c.resolve(ContactQueries),
  msp: c.resolve(MspQueries),
  agreements: c.resolve(AgreementQueries),
  assets: c.resolve(AssetLifetimeQueries),
});

/** What the use cases need besides. */
const parts = (c: DependencyContainer) => ({
  ...readers(c),
  jobs: c.resolve(JobQueue),
  live: c.resolve(LiveHub),
  mailer: c.resolve(Mailer),
  store: c.resolve(InvoiceStore),
  settings: c.resolve(BillingSettings),
  products: c.resolve(ProductQueries),
  invoices: c.resolve(InvoiceQueries),
  print: c.resolve(PrintInvoice),
  time: c.resolve(BilledTime),
  blocks: c.resolve(BlockBalances),
});

export const billingModule = defineModule({
  name: 'billing',
  tables: ['product', 'billing', 'invoice'],
  permissions: billingPermissions,
  register(container) {
    provide(container, InvoiceStore, () => new InvoiceStore());
    provide(
      container,
      BilledTime,
      (c) => new BilledTime({ time: c.resolve(InvoicedTime), tickets: c.resolve(TicketForWork) }),
    );
    provide(container, ProductQueries, (c) => new ProductQueries(readers(c)));
    provide(container, ChangeCatalogue, (c) => new ChangeCatalogue(readers(c)));
    provide(container, BillingSettings, (c) => new BillingSettings(readers(c)));
    provide(container, InvoiceQueries, (c) => new InvoiceQueries(readers(c)));
    provide(container, DriftQueries, (c) => new DriftQueries(readers(c)));
    provide(
      container,
      PrintInvoice,
      (c) =>
        new PrintInvoice({
          ...readers(c),
          invoices: c.resolve(InvoiceQueries),
          settings: c.resolve(BillingSettings),
        }),
    );
    provide(container, DraftInvoice, (c) => new DraftInvoice(parts(c)));
    provide(container, EditDraft, (c) => new EditDraft(parts(c)));
    provide(container, ApproveInvoice, (c) => new ApproveInvoice(parts(c)));
    provide(container, SendInvoice, (c) => new SendInvoice(parts(c)));
    provide(container, SettleInvoice, (c) => new SettleInvoice(parts(c)));
  },
  operations: (c) =>
    billingOperations({
      products: c.resolve(ProductQueries),
      catalogue: c.resolve(ChangeCatalogue),
      settings: c.resolve(BillingSettings),
      invoices: c.resolve(InvoiceQueries),
      drift: c.resolve(DriftQueries),
      draft: c.resolve(DraftInvoice),
      edit: c.resolve(EditDraft),
      approve: c.resolve(ApproveInvoice),
      send: c.resolve(SendInvoice),
      settle: c.resolve(SettleInvoice),
      print: c.resolve(PrintInvoice),
    }),
});
