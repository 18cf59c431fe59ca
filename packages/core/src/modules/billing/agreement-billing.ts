import { Decimal } from 'decimal.js';
import type { ClientId } from '#kernel/id';
import {
  formatRange,
  type AgreementId,
  type AgreementLineId,
  type AgreementQueries,
  type BillingPeriod,
  type DayRange,
} from '#modules/agreements';
import type { AssetLifetimeQueries } from '#modules/assets';
import type { SiteId } from '#modules/tenancy';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { EvidenceKind, InvoiceLineKind } from './invoice.ts';
import type { BilledEntry } from './billed-time.ts';

export type Agreement = Awaited<ReturnType<AgreementQueries['get']>>;
export type AgreementLine = Agreement['lines'][number];

/** One thing that was counted or logged. */
export interface Evidence {
  readonly kind: EvidenceKind;
  readonly subject_id: string;
  readonly label: string;
  readonly detail: string;
  readonly from_at: Temporal.Instant;
  readonly until_at: Temporal.Instant | null;
  readonly quantity: Decimal;
  readonly reason: string;
}

/** A line as reality made it, before tax. */
export interface MadeLine {
  readonly kind: InvoiceLineKind;
  readonly agreementLineId: AgreementLineId | null;
  readonly productCode: string;
  readonly description: string;
  readonly quantity: Decimal;
  readonly unit: string;
  readonly priceBase: number;
  readonly unitPriceMinor: number;
  readonly reason: string;
  readonly evidence: readonly Evidence[];
}

const UNITS: Readonly<Record<BillingPeriod, string>> = { monthly: 'month', quarterly: 'quarter', yearly: 'year' };

/** A fee for the period, as agreed. */
export function flatLine(agreement: Agreement, line: AgreementLine, period: DayRange): MadeLine {
  return {
    ...common(line),
    kind: 'flat',
    description: line.description,
    quantity: new Decimal(line.quantity),
    unit: UNITS[agreement.billingPeriod],
    priceBase: 1,
    reason: `Agreed in “${agreement.name}” for ${formatRange(period)}`,
    evidence: [],
  };
}

/** A price for each asset that was there in the period, with the list of them. Null where none was. */
export async function perDeviceLine(
  tx: AnyTransaction,
  assets: AssetLifetimeQueries,
  about: { agreement: Agreement; line: AgreementLine; period: DayRange; timeZone: string; now: Temporal.Instant },
): Promise<MadeLine | null> {
  const { agreement, line, period, timeZone, now } = about;
  const from = period.from.toZonedDateTime(timeZone).toInstant();
  const end = period.until.toZonedDateTime(timeZone).toInstant();
  const isOver = Temporal.Instant.compare(end, now) <= 0;
  const counted = await assets.activeIn(tx, {
    clientId: agreement.clientId as ClientId,
    siteId: agreement.siteId as SiteId | null,
    kinds: line.deviceKinds,
    from,
    until: isOver ? end : now,
  });
  if (counted.length === 0) return null;
  const which = line.deviceKinds.length === 0 ? 'Devices' : `Devices of the kinds ${line.deviceKinds.join(', ')}`;
  return {
    ...common(line),
    kind: 'per-device',
    description: line.description,
    quantity: new Decimal(counted.length),
    unit: 'device',
    priceBase: 1,
    reason: `${which} that were active on any day ${isOver ? `of ${formatRange(period)}` : 'of the period so far'}`,
    evidence: counted.map((asset) => ({
      kind: 'asset',
      subject_id: asset.id,
      label: asset.name,
      detail: asset.kind,
      from_at: later(asset.activeFrom, from),
      until_at:
        asset.activeUntil !== null && Temporal.Instant.compare(asset.activeUntil, end) < 0 ? asset.activeUntil : null,
      quantity: new Decimal(1),
      reason: asset.activeUntil === null ? 'active' : 'archived meanwhile',
    })),
  };
}

/** What lines of worked time are made from. */
export type TimePrice = Pick<AgreementLine, 'description' | 'productCode' | 'unitPriceMinor' | 'charge'> & {
  readonly id: string | null;
};

/**
 * Work as each entry was rated when it was logged: by the hour, one line for each multiplier of the price, in rising order; or once for each entry. A reversal counts as less. None
 * where nothing was logged.
 */
export function timeLines(line: TimePrice, entries: readonly BilledEntry[]): MadeLine[] {
  if (entries.length === 0) return [];
  if (line.charge === 'per-entry') {
    const charged = entries.map((entry) => ({ entry, quantity: entry.isReversal ? -1 : 1, reason: entry.reason }));
    return [timeLine(line, 100, charged, { unit: 'entry', priceBase: 1 })];
  }
  const pieces = entries.flatMap((entry) =>
    entry.parts.map((part) => ({
      entry,
      percent: part.percent,
      quantity: part.minutes,
      reason: part.reason === '' ? entry.reason : `${entry.reason}; ${part.reason}`,
    })),
  );
  const byPercent = [...Map.groupBy(pieces, ({ percent }) => percent)].toSorted(([a], [b]) => a - b);
  return byPercent.map(([percent, ofPercent]) => timeLine(line, percent, ofPercent, { unit: 'hour', priceBase: 60 }));
}

/** A price with a contract's multiplier, rounded half up to a minor unit: what an hour costs is what the invoice says it costs. */
export function priceAt(unitPriceMinor: number, percent: number): number {
  return new Decimal(unitPriceMinor).times(percent).dividedBy(100).toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber();
}

function timeLine(
  line: TimePrice,
  percent: number,
  charged: readonly { readonly entry: BilledEntry; readonly quantity: number; readonly reason: string }[],
  { unit, priceBase }: { readonly unit: string; readonly priceBase: number },
): MadeLine {
  return {
    kind: 'time-and-materials',
    agreementLineId: line.id as AgreementLineId | null,
    productCode: line.productCode,
    description: percent === 100 ? line.description : `${line.description}, outside hours ×${percent / 100}`,
    quantity: new Decimal(charged.reduce((total, { quantity }) => total + quantity, 0)),
    unit,
    priceBase,
    unitPriceMinor: priceAt(line.unitPriceMinor, percent),
    reason: charged.length === 1 ? 'One time entry' : `${charged.length} time entries, each rated on its own`,
    evidence: charged.map(({ entry, quantity, reason }) => ({
      kind: 'time-entry',
      subject_id: entry.id,
      label: entry.ticketLabel,
      detail: `${entry.workType}, ${entry.staffLabel}`,
      from_at: entry.startedAt,
      until_at: null,
      quantity: new Decimal(quantity),
      reason,
    })),
  };
}

function common(line: AgreementLine) {
  return {
    agreementLineId: line.id as AgreementLineId,
    productCode: line.productCode,
    unitPriceMinor: line.unitPriceMinor,
  };
}

function later(one: Temporal.Instant, other: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(one, other) >= 0 ? one : other;
}

/** The agreement's id as the tables know it. */
export function idOf(agreement: Agreement): AgreementId {
  return agreement.id as AgreementId;
}
