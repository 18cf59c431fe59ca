import { readFileSync } from 'node:fs';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invoiceTotals, lineNetMinor } from './invoice-totals.ts';
import { servicePeriods } from '#modules/agreements';

const vectors = <Vector>(name: string): Vector[] =>
  JSON.parse(readFileSync(new URL(`vectors/${name}.json`, import.meta.url), 'utf8')) as Vector[];

describe('lineNetMinor', () => {
  it.each(
    vectors<{ why: string; quantity: string; priceBase: number; unitPriceMinor: number; net: number }>('line-nets'),
  )('$why', ({ quantity, net, ...line }) =>
    expect(lineNetMinor({ ...line, quantity: new Decimal(quantity) })).toBe(net),
  );

  it('refuses what a number cannot hold exactly', () => {
    expect(() =>
      lineNetMinor({ quantity: new Decimal('9999999'), priceBase: 1, unitPriceMinor: 100_000_000_000 }),
    ).toThrow(expect.objectContaining({ code: 'billing.too-much' }));
  });
});

const line = fc.record({
  quantity: fc
    .tuple(fc.integer({ min: -100_000, max: 100_000 }), fc.integer({ min: 0, max: 999 }))
    .map(([whole, part]) => new Decimal(`${whole}.${String(part).padStart(3, '0')}`)),
  priceBase: fc.constantFrom(1, 60),
  unitPriceMinor: fc.integer({ min: 0, max: 1_000_000 }),
  taxRate: fc.constantFrom('0', '5', '20', '19', '7.7', '8.875').map((rate) => new Decimal(rate)),
});

describe('invoiceTotals', () => {
  it('is the sum of its lines and taxes, in whole minor units, in whatever order the lines are', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
        const totals = invoiceTotals(lines);
        const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
        expect(totals.netMinor).toBe(sum(totals.lineNetsMinor));
        expect(totals.netMinor).toBe(sum(totals.taxes.map((tax) => tax.netMinor)));
        expect(totals.taxMinor).toBe(sum(totals.taxes.map((tax) => tax.taxMinor)));
        expect(totals.totalMinor).toBe(totals.netMinor + totals.taxMinor);
        for (const amount of [totals.totalMinor, ...totals.lineNetsMinor])
          expect(Number.isSafeInteger(amount)).toBe(true);
        const reversed = invoiceTotals(lines.toReversed());
        expect([reversed.netMinor, reversed.taxMinor]).toEqual([totals.netMinor, totals.taxMinor]);
      }),
    );
  });

  it('is taken back to zero by the same lines with the other sign', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const back = invoiceTotals(lines.map((one) => ({ ...one, quantity: one.quantity.negated() })));
        expect(back.totalMinor + invoiceTotals(lines).totalMinor).toBe(0);
      }),
    );
  });

  it('taxes the sum of a rate, not each line', () => {
    // Three lines of 0.03 at 20 %: 0.006 each would round to 0.01 three times; together it is 0.02.
    const three = { quantity: new Decimal(1), priceBase: 1, unitPriceMinor: 3, taxRate: new Decimal(20) };
    expect(invoiceTotals([three, three, three]).taxMinor).toBe(2);
  });
});

describe('servicePeriods', () => {
  it.each(
    vectors<{
      why: string;
      startsOn: string;
      endsOn: string | null;
      billingPeriod: 'monthly' | 'quarterly' | 'yearly';
      before: string;
      periods: string[];
    }>('service-periods'),
  )('$why', ({ startsOn, endsOn, billingPeriod, before, periods }) => {
    const found = servicePeriods(
      {
        startsOn: Temporal.PlainDate.from(startsOn),
        endsOn: endsOn === null ? null : Temporal.PlainDate.from(endsOn),
        billingPeriod,
      },
      Temporal.PlainDate.from(before),
    );
    expect(found.map(({ from, until }) => `${from.toString()}/${until.toString()}`)).toEqual(periods);
  });

  it('leaves no gap and no overlap, whatever the start', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3000 }),
        fc.constantFrom('monthly' as const, 'quarterly' as const, 'yearly' as const),
        (day, billingPeriod) => {
          const startsOn = Temporal.PlainDate.from('2024-01-01').add({ days: day });
          const periods = servicePeriods({ startsOn, endsOn: null, billingPeriod }, startsOn.add({ years: 3 }));
          for (const [index, period] of periods.entries()) {
            expect(Temporal.PlainDate.compare(period.from, period.until)).toBe(-1);
            expect(periods[index + 1]?.from.toString() ?? period.until.toString()).toBe(period.until.toString());
          }
        },
      ),
    );
  });
});
