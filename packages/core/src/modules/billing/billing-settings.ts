import { Decimal } from 'decimal.js';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import { ConflictError } from '#kernel/errors';
import { clientIdSchema, type ClientId } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ClientQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { isAddress } from '#platform/mail/mail';
import type { BillingTables } from './billing-table.ts';

/** A tax rate in percent, as text so that no float touches it. */
export const taxRateSchema = z
  .string()
  .regex(/^\d{1,2}(\.\d{1,3})?$|^100$/, { error: 'must be a percentage from 0 to 100 such as 20 or 7.7' });

const prefix = z.string().regex(/^[A-Z0-9/-]{0,12}$/, { error: 'must be at most 12 capital letters, digits, - or /' });

/** What an MSP writes on its invoices. */
export const billingSettingsView = z.object({
  address: text({ min: 0, max: 500 }),
  taxNumber: text({ min: 0, max: 60 }),
  bankDetails: text({ min: 0, max: 500 }),
  footer: text({ min: 0, max: 500 }),
  taxName: text({ max: 20 }),
  defaultTaxRate: taxRateSchema,
  paymentDays: z.int().min(0).max(365),
  numberPrefix: prefix,
  creditPrefix: prefix,
  /** For work that no line of an agreement names, in the agreement's currency. */
  hourlyRateMinor: z.int().min(0).max(100_000_000),
  version: z.int(),
});
export type BillingSettingsView = z.output<typeof billingSettingsView>;

/** What an invoice says of a client. */
export const billingClientView = z.object({
  clientId: clientIdSchema,
  address: text({ min: 0, max: 500 }),
  taxNumber: text({ min: 0, max: 60 }),
  emails: z.array(z.string().toLowerCase().refine(isAddress, { error: 'must be one e-mail address' })).max(10),
  isTaxExempt: z.boolean(),
  purchaseOrder: text({ min: 0, max: 60 }),
  paymentDays: z.int().min(0).max(365).nullable(),
  version: z.int(),
});
export type BillingClientView = z.output<typeof billingClientView>;

const DEFAULTS: BillingSettingsView = {
  address: '',
  taxNumber: '',
  bankDetails: '',
  footer: '',
  taxName: 'VAT',
  defaultTaxRate: '20',
  paymentDays: 14,
  numberPrefix: 'INV-',
  creditPrefix: 'CN-',
  hourlyRateMinor: 0,
  version: 0,
};

interface Deps {
  readonly db: ScopedDb;
  readonly clients: ClientQueries;
  readonly audit: AuditTrail;
}

/** Reads and changes how an MSP bills, and what its invoices say of each client. Version 0 means: never changed. */
export class BillingSettings {
  readonly #db: ScopedDb<BillingTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<BillingTables>();
    this.#deps = deps;
  }

  async get(scope: TenantScope, within?: AnyTransaction): Promise<BillingSettingsView> {
    return this.#db.transaction(
      scope,
      async (tx) => {
        const row = await tx.query.selectFrom('billing_settings').selectAll().executeTakeFirst();
        return row === undefined ? DEFAULTS : toSettings(row);
      },
      within,
    );
  }

  /** Throws `billing.settings-changed` on a stale version. */
  async update(scope: TenantScope, input: BillingSettingsView): Promise<{ version: number }> {
    return this.#db.transaction(scope, async (tx) => {
      const before = await tx.query.selectFrom('billing_settings').selectAll().forUpdate().executeTakeFirst();
      if ((before?.version ?? 0) !== input.version) throw changed();
      const row = {
        address: input.address,
        tax_number: input.taxNumber,
        bank_details: input.bankDetails,
        footer: input.footer,
        tax_name: input.taxName,
        default_tax_rate: new Decimal(input.defaultTaxRate),
        payment_days: input.paymentDays,
        number_prefix: input.numberPrefix,
        credit_prefix: input.creditPrefix,
        hourly_rate_minor: input.hourlyRateMinor,
        version: input.version + 1,
      };
      await tx.query
        .insertInto('billing_settings')
        .values({ msp_id: scope.mspId, ...row })
        .onConflict((conflict) => conflict.column('msp_id').doUpdateSet(row))
        .execute();
      await this.#deps.audit.record(tx, {
        action: 'billing.update-settings',
        subject: { kind: 'billing-settings', id: scope.mspId, clientId: null },
        summary: 'Changed how invoices are written',
        ...(before === undefined ? {} : { before: toSettings(before) }),
        after: input,
      });
      return { version: input.version + 1 };
    });
  }

  /** Throws `tenancy.client-not-found`, also for another tenant's. */
  async ofClient(scope: TenantScope, clientId: ClientId, within?: AnyTransaction): Promise<BillingClientView> {
    // Inside a transaction its caller has read the client; asking here would take a second connection while holding the first.
    if (within === undefined) await this.#deps.clients.get(scope, clientId);
    return this.#db.transaction(
      scope,
      async (tx) => {
        const row = await tx.query
          .selectFrom('billing_client')
          .selectAll()
          .where('client_id', '=', clientId)
          .executeTakeFirst();
        return {
          clientId,
          address: row?.address ?? '',
          taxNumber: row?.tax_number ?? '',
          emails: row?.emails ?? [],
          isTaxExempt: row?.is_tax_exempt ?? false,
          purchaseOrder: row?.purchase_order ?? '',
          paymentDays: row?.payment_days ?? null,
          version: row?.version ?? 0,
        };
      },
      within,
    );
  }

  /** The tax numbers of clients in reach that have one, as people wrote them. */
  async taxNumbers(tx: AnyTransaction): Promise<{ clientId: ClientId; taxNumber: string }[]> {
    const rows = await tx
      .typed<BillingTables>()
      .query.selectFrom('billing_client')
      .select(['client_id', 'tax_number'])
      .where('tax_number', '<>', '')
      .execute();
    return rows.map((row) => ({ clientId: row.client_id, taxNumber: row.tax_number }));
  }

  /** Throws `billing.settings-changed` on a stale version, `tenancy.client-not-found`. */
  async updateClient(scope: TenantScope, input: BillingClientView): Promise<{ version: number }> {
    const { clientId } = input;
    const before = await this.ofClient(scope, clientId);
    return this.#db.transaction(scope, async (tx) => {
      const row = {
        address: input.address,
        tax_number: input.taxNumber,
        emails: input.emails,
        is_tax_exempt: input.isTaxExempt,
        purchase_order: input.purchaseOrder,
        payment_days: input.paymentDays,
        version: input.version + 1,
      };
      const result = await tx.query
        .insertInto('billing_client')
        .values({ msp_id: scope.mspId, client_id: clientId, ...row })
        .onConflict((conflict) =>
          conflict
            .columns(['msp_id', 'client_id'])
            .doUpdateSet(row)
            .where('billing_client.version', '=', input.version),
        )
        .executeTakeFirst();
      if (result.numInsertedOrUpdatedRows === 0n || before.version !== input.version) throw changed();
      await this.#deps.audit.record(tx, {
        action: 'billing.update-client',
        subject: { kind: 'client', id: clientId, clientId },
        summary: 'Changed what invoices say of the client',
        before,
        after: input,
      });
      return { version: input.version + 1 };
    });
  }
}

function toSettings(row: Selectable<BillingTables['billing_settings']>): BillingSettingsView {
  return {
    address: row.address,
    taxNumber: row.tax_number,
    bankDetails: row.bank_details,
    footer: row.footer,
    taxName: row.tax_name,
    defaultTaxRate: row.default_tax_rate.toFixed(),
    paymentDays: row.payment_days,
    numberPrefix: row.number_prefix,
    creditPrefix: row.credit_prefix,
    hourlyRateMinor: row.hourly_rate_minor,
    version: row.version,
  };
}

function changed(): ConflictError {
  return new ConflictError(
    'billing.settings-changed',
    'Somebody else changed this meanwhile. Look at it again, then repeat your change.',
  );
}
