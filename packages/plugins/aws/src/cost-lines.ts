import { VendorBug, type RecordUpsert } from '@bailiwick/sdk';
import { line } from './api.ts';
import { parseDecimal, printDecimal, type Decimal } from './decimal.ts';

/** One row of the export, by the names of FOCUS's columns. */
export type FocusRow = Readonly<Record<string, string>>;

// What tells one line from another: rows that are alike in all of these are one line, and their amounts are added.
const identity = [
  'SubAccountId',
  'BillingPeriodStart',
  'ChargePeriodStart',
  'ChargePeriodEnd',
  'ChargeCategory',
  'ServiceName',
  'RegionId',
  'ResourceId',
  'SkuId',
  'ChargeDescription',
  'ConsumedUnit',
  'BillingCurrency',
  'Tags',
] as const;
const amounts = ['BilledCost', 'EffectiveCost', 'ListCost', 'ConsumedQuantity'] as const;
const categories = ['Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment'] as const;

interface Line {
  readonly row: FocusRow;
  readonly sums: Partial<Record<(typeof amounts)[number], Decimal>>;
}

/** Adds rows up to lines. AWS gives a row no id of its own, and writes a period anew each day: a line keeps its id then. */
export class CostLines {
  readonly #lines = new Map<string, Line>();

  add(row: FocusRow): void {
    const key = JSON.stringify(identity.map((column) => row[column] ?? ''));
    const known = this.#lines.get(key) ?? { row, sums: {} };
    for (const column of amounts) {
      const amount = parseDecimal(row[column] ?? '');
      if (amount !== undefined) known.sums[column] = (known.sums[column] ?? 0n) + amount;
    }
    this.#lines.set(key, known);
  }

  async *records(): AsyncGenerator<RecordUpsert<'cost'> & { readonly scope: string }> {
    for (const [key, { row, sums }] of this.#lines) {
      const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key));
      yield {
        id: new Uint8Array(digest).toHex().slice(0, 40),
        scope: required(row, 'SubAccountId'),
        data: toData(row, sums),
      };
    }
  }
}

function toData(row: FocusRow, sums: Line['sums']): RecordUpsert<'cost'>['data'] {
  const sum = (column: (typeof amounts)[number]) => {
    const value = sums[column];
    return value === undefined ? undefined : printDecimal(value);
  };
  return {
    billedCost: sum('BilledCost') ?? '0',
    effectiveCost: sum('EffectiveCost'),
    listCost: sum('ListCost'),
    billingCurrency: required(row, 'BillingCurrency'),
    billingPeriodStart: instantOf(row, 'BillingPeriodStart'),
    billingPeriodEnd: instantOf(row, 'BillingPeriodEnd'),
    chargePeriodStart: instantOf(row, 'ChargePeriodStart'),
    chargePeriodEnd: instantOf(row, 'ChargePeriodEnd'),
    chargeCategory: categories.find((category) => category === row['ChargeCategory']) ?? 'Adjustment',
    chargeDescription: line(row['ChargeDescription'], 1000),
    // Tax and credits often have no service.
    serviceName: line(row['ServiceName']) ?? line(row['x_ServiceCode']) ?? required(row, 'ChargeCategory'),
    serviceCategory: line(row['ServiceCategory'], 100),
    providerName: line(row['ProviderName'], 100) ?? 'AWS',
    regionId: line(row['RegionId'], 100),
    resourceId: line(row['ResourceId'], 1000),
    resourceName: line(row['ResourceName']),
    skuId: line(row['SkuId'], 100),
    consumedQuantity: sum('ConsumedQuantity'),
    consumedUnit: line(row['ConsumedUnit'], 50),
    subAccountId: required(row, 'SubAccountId'),
    tags: tagsOf(row['Tags'] ?? ''),
  };
}

function required(row: FocusRow, column: string): string {
  const value = line(row[column]);
  if (value === undefined) throw new VendorBug(`A row of the cost export has no ${column}.`);
  return value;
}

/** AWS writes `2026-10-01T00:00:00.000Z`, and in older exports `2026-10-01 00:00:00`. */
function instantOf(row: FocusRow, column: string): string {
  const text = required(row, column).replace(' ', 'T');
  try {
    return Temporal.Instant.from(/(?:Z|[+-]\d\d:?\d\d)$/u.test(text) ? text : `${text}Z`).toString();
  } catch {
    throw new VendorBug(`A row of the cost export has no time in ${column}.`);
  }
}

/** Tags are JSON in one column: an object, or a list of pairs. */
function tagsOf(text: string): Record<string, string> | undefined {
  if (text === '') return undefined;
  try {
    const tags: unknown = JSON.parse(text);
    if (typeof tags !== 'object' || tags === null) return undefined;
    const entries = Array.isArray(tags) ? tags.filter(Array.isArray) : Object.entries(tags);
    return Object.fromEntries(entries.map(([name, value]) => [String(name), String(value)]));
  } catch {
    return undefined;
  }
}
