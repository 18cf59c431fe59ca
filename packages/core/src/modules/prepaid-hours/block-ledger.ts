/** A period of a block: how much was bought for it and how much was drawn in it, in hundredths of a minute, which hold any multiplier in whole percent exactly. */
export interface BlockPeriod {
  readonly bought: number;
  readonly used: number;
}

/** How a period of a block went, in hundredths of a minute, none of it ever negative. `carried + bought = drawn + left`, `used = drawn + overage`. */
export interface BlockBalance {
  /** What could still be drawn from periods before. */
  readonly carried: number;
  readonly bought: number;
  readonly used: number;
  /** What of the use the block paid for. */
  readonly drawn: number;
  /** What of the use went beyond the block. */
  readonly overage: number;
  /** What can still be drawn in the period. */
  readonly left: number;
  /** What of it lapses as the period ends; the rest is carried. */
  readonly expired: number;
  /** Where what is left is from, the oldest first: the place of its period, and how much. */
  readonly lots: readonly BlockLot[];
}

export interface BlockLot {
  readonly period: number;
  readonly left: number;
}

/**
 * The periods of a block one after the other. Use takes the oldest hours first, so that as little as possible lapses; what a period leaves can be drawn in as many further periods as
 * `rolloverPeriods` says. It is computed anew from all that is known, so that it says the same however often it is asked.
 */
export function blockLedger(periods: readonly BlockPeriod[], rolloverPeriods: number): BlockBalance[] {
  const balances: BlockBalance[] = [];
  let lots: BlockLot[] = [];
  for (const [index, { bought, used: net }] of periods.entries()) {
    const carried = sumOf(lots);
    // More can be taken back than was used only where somebody billed otherwise meanwhile; hours that were never bought are not made of it.
    const used = Math.max(0, net);
    lots = [...lots, ...(bought > 0 ? [{ period: index, left: bought }] : [])];
    const drawn = Math.min(used, sumOf(lots));
    lots = drawFrom(lots, drawn);
    const next = lots.filter(({ period }) => period + rolloverPeriods > index);
    const left = sumOf(lots);
    balances.push({
      carried,
      bought,
      used,
      drawn,
      overage: used - drawn,
      left,
      expired: left - sumOf(next),
      lots,
    });
    lots = next;
  }
  return balances;
}

function drawFrom(lots: readonly BlockLot[], amount: number): BlockLot[] {
  let open = amount;
  return lots.flatMap((lot) => {
    const taken = Math.min(lot.left, open);
    open -= taken;
    return taken === lot.left ? [] : [{ ...lot, left: lot.left - taken }];
  });
}

function sumOf(lots: readonly BlockLot[]): number {
  return lots.reduce((sum, { left }) => sum + left, 0);
}
