import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Account, Bucket, Instance } from './world.ts';

/** Where an export of cost data is delivered. */
export interface CostExport {
  readonly bucket: string;
  readonly region: string;
  readonly prefix: string;
  readonly name: string;
}

/** The columns of the table `FOCUS_1_0_AWS` in their order: FOCUS 1.0 and five of AWS. */
export const focusColumns = [
  'AvailabilityZone',
  'BilledCost',
  'BillingAccountId',
  'BillingAccountName',
  'BillingCurrency',
  'BillingPeriodEnd',
  'BillingPeriodStart',
  'ChargeCategory',
  'ChargeClass',
  'ChargeDescription',
  'ChargeFrequency',
  'ChargePeriodEnd',
  'ChargePeriodStart',
  'CommitmentDiscountCategory',
  'CommitmentDiscountId',
  'CommitmentDiscountName',
  'CommitmentDiscountStatus',
  'CommitmentDiscountType',
  'ConsumedQuantity',
  'ConsumedUnit',
  'ContractedCost',
  'ContractedUnitPrice',
  'EffectiveCost',
  'InvoiceIssuerName',
  'ListCost',
  'ListUnitPrice',
  'PricingCategory',
  'PricingQuantity',
  'PricingUnit',
  'ProviderName',
  'PublisherName',
  'RegionId',
  'RegionName',
  'ResourceId',
  'ResourceName',
  'ResourceType',
  'ServiceCategory',
  'ServiceName',
  'SkuId',
  'SkuPriceId',
  'SubAccountId',
  'SubAccountName',
  'Tags',
  'x_CostCategories',
  'x_Discounts',
  'x_Operation',
  'x_ServiceCode',
  'x_UsageType',
] as const;

type Row = Partial<Record<(typeof focusColumns)[number], string>>;

const numbers = new Set<string>([
  'BilledCost',
  'ConsumedQuantity',
  'ContractedCost',
  'ContractedUnitPrice',
  'EffectiveCost',
  'ListCost',
  'ListUnitPrice',
  'PricingQuantity',
]);

function timestamp(day: Temporal.PlainDate): string {
  return `${day.toString()}T00:00:00.000Z`;
}

/** The same amount in each of FOCUS's four costs: on demand, without a discount. */
function amount(cost: string): Row {
  return { BilledCost: cost, ContractedCost: cost, EffectiveCost: cost, ListCost: cost };
}

function instanceUsage(instance: Instance): Row {
  return {
    ...amount('0.9216000000'),
    AvailabilityZone: `${instance.region}a`,
    ChargeCategory: 'Usage',
    ChargeDescription: `$0.0384 per On Demand Linux ${instance.type} Instance Hour`,
    ChargeFrequency: 'Usage-Based',
    ConsumedQuantity: '24.0000000000',
    ConsumedUnit: 'Hrs',
    ContractedUnitPrice: '0.0384000000',
    ListUnitPrice: '0.0384000000',
    PricingCategory: 'Standard',
    PricingQuantity: '24.0000000000',
    PricingUnit: 'Hrs',
    RegionId: instance.region,
    RegionName: instance.region,
    ResourceId: instance.id,
    ResourceName: instance.id,
    ResourceType: 'Instance',
    ServiceCategory: 'Compute',
    ServiceName: 'Amazon Elastic Compute Cloud',
    SkuId: '7FNRG4K9XYM2Q3ZB',
    SkuPriceId: '7FNRG4K9XYM2Q3ZB.JRTCKXETXF.6YS6EN2CT7',
    Tags: JSON.stringify(Object.fromEntries(instance.tags)),
    x_Operation: 'RunInstances',
    x_ServiceCode: 'AmazonEC2',
    x_UsageType: `BoxUsage:${instance.type}`,
  };
}

/** Tax stands for the whole month and has no resource; a credit is negative; a description may hold what CSV must quote. */
function monthly(): Row[] {
  return [
    {
      ...amount('13.7100000000'),
      ChargeCategory: 'Tax',
      ChargeDescription: 'Tax for product code AmazonEC2',
      ChargeFrequency: 'Recurring',
    },
    {
      ...amount('-12.3456780000'),
      ChargeCategory: 'Credit',
      ChargeDescription: 'Promotion "Migration", part 1',
      ChargeFrequency: 'One-Time',
    },
  ];
}

function rowsOf(account: Account, payer: Account, month: Temporal.PlainYearMonth): Row[] {
  const first = month.toPlainDate({ day: 1 });
  const end = first.add({ months: 1 });
  const common: Row = {
    BillingAccountId: payer.id,
    BillingAccountName: payer.name,
    BillingCurrency: 'USD',
    BillingPeriodStart: timestamp(first),
    BillingPeriodEnd: timestamp(end),
    InvoiceIssuerName: 'Amazon Web Services EMEA SARL',
    ProviderName: 'AWS',
    PublisherName: 'AWS',
    SubAccountId: account.id,
    SubAccountName: account.name,
    Tags: '{}',
    x_CostCategories: '{}',
    x_Discounts: '{}',
  };
  const daily = [first, first.add({ days: 1 })].flatMap((day) =>
    account.instances.map((instance): Row => ({
      ...common,
      ...instanceUsage(instance),
      ChargePeriodStart: timestamp(day),
      ChargePeriodEnd: timestamp(day.add({ days: 1 })),
    })),
  );
  const whole = { ChargePeriodStart: timestamp(first), ChargePeriodEnd: timestamp(end) };
  return [...daily, ...monthly().map((row) => ({ ...common, ...row, ...whole }))];
}

function csvField(value: string): string {
  return /[",\r\n]/u.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function csv(rows: readonly Row[]): string {
  const lines = rows.map((row) => focusColumns.map((column) => csvField(row[column] ?? '')).join(','));
  return `${[focusColumns.join(','), ...lines].join('\n')}\n`;
}

/** The manifest: where the data files of one billing period are, and what their columns hold. */
function manifest(place: CostExport, payer: Account, files: readonly string[]): unknown {
  return {
    executionId: randomUUID(),
    exportArn: `arn:aws:bcm-data-exports:us-east-1:${payer.id}:export/${place.name}-9b1c0f0e`,
    exportName: place.name,
    format: 'TEXT_OR_CSV',
    compression: 'GZIP',
    columns: focusColumns.map((name) => ({ name, type: numbers.has(name) ? 'double' : 'string' })),
    dataFiles: files.map((file) => `s3://${place.bucket}/${file}`),
  };
}

/** Delivers an export for one month into the bucket, as Data Exports does when it is set to overwrite: two gzip CSV chunks and the manifest. */
export function deliverCostExport(
  bucket: Bucket,
  place: CostExport,
  accounts: readonly Account[],
  month: Temporal.PlainYearMonth,
  deliveredAt: Temporal.Instant,
): void {
  const payer = accounts.find((account) => account.isManagement)!;
  const rows = accounts
    .filter((account) => account.status === 'ACTIVE')
    .flatMap((account) => rowsOf(account, payer, month));
  const middle = Math.ceil(rows.length / 2);
  const partition = `BILLING_PERIOD=${month.toString()}`;
  const root = `${place.prefix}/${place.name}`;
  const put = (key: string, body: Uint8Array, contentType: string): void => {
    bucket.objects.set(key, { body: new Uint8Array(body), contentType, modifiedAt: deliveredAt });
  };
  const files = [rows.slice(0, middle), rows.slice(middle)].map((chunk, index) => {
    const key = `${root}/data/${partition}/${place.name}-${String(index + 1).padStart(5, '0')}.csv.gz`;
    put(key, gzipSync(csv(chunk)), 'application/octet-stream');
    return key;
  });
  const text = JSON.stringify(manifest(place, payer, files), null, 2);
  put(`${root}/metadata/${partition}/${place.name}-Manifest.json`, new TextEncoder().encode(text), 'application/json');
}
