import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockLedger, type BlockBalance } from './block-ledger.ts';
import vectors from './block-ledger.vectors.json' with { type: 'json' };

const periods = fc.array(fc.record({ bought: fc.nat(100_000), used: fc.nat(200_000) }), {
  minLength: 1,
  maxLength: 40,
});
const rollover = fc.integer({ min: 0, max: 36 });
const total = (balances: readonly BlockBalance[], of: keyof Omit<BlockBalance, 'lots'>): number =>
  balances.reduce((sum, balance) => sum + balance[of], 0);

describe('blockLedger', () => {
  it.each(vectors)('$what', ({ periods: given, rollover: months, expected }) => {
    const ledger = blockLedger(
      given.map(([bought = 0, used = 0]) => ({ bought, used })),
      months,
    );
    expect(ledger).toMatchObject(expected);
  });

  it('loses no hour and makes none: drawn, lapsed and left are what was bought; drawn and beyond are what was used', () => {
    fc.assert(
      fc.property(periods, rollover, (given, months) => {
        const ledger = blockLedger(given, months);
        const last = ledger.at(-1);
        const open = (last?.left ?? 0) - (last?.expired ?? 0);
        expect(total(ledger, 'drawn') + total(ledger, 'expired') + open).toBe(total(ledger, 'bought'));
        expect(total(ledger, 'drawn') + total(ledger, 'overage')).toBe(total(ledger, 'used'));
        for (const [index, balance] of ledger.entries()) {
          const { lots, ...amounts } = balance;
          expect(Math.min(...Object.values(amounts))).toBeGreaterThanOrEqual(0);
          expect(balance.carried + balance.bought).toBe(balance.drawn + balance.left);
          expect(balance.overage === 0 || balance.left === 0).toBe(true);
          expect(lots.every(({ period, left }) => left > 0 && period + months >= index)).toBe(true);
          expect(lots.map(({ period }) => period)).toEqual(lots.map(({ period }) => period).toSorted((a, b) => a - b));
        }
      }),
    );
  });

  it('says of a period the same whatever comes after it', () => {
    fc.assert(
      fc.property(periods, rollover, fc.nat(40), (given, months, cut) => {
        expect(blockLedger(given.slice(0, cut), months)).toEqual(blockLedger(given, months).slice(0, cut));
      }),
    );
  });

  it('never bills more because hours may be carried for longer', () => {
    fc.assert(
      fc.property(periods, rollover, (given, months) => {
        expect(total(blockLedger(given, months + 1), 'overage')).toBeLessThanOrEqual(
          total(blockLedger(given, months), 'overage'),
        );
      }),
    );
  });
});
