export const APPROVAL_MODES = ['one', 'all', 'sequence'] as const;
/** Whose answer counts: the first of any, all at once, or one after the other. */
export type ApprovalMode = (typeof APPROVAL_MODES)[number];

export const APPROVAL_STATES = ['pending', 'approved', 'refused', 'expired', 'withdrawn'] as const;
export type ApprovalState = (typeof APPROVAL_STATES)[number];

export const ANSWERS = ['approved', 'refused'] as const;
export type Answer = (typeof ANSWERS)[number];

/**
 * Whether somebody's limit is enough for an amount, each in minor units of its currency: no limit is enough for all, and no amount needs none. Amounts of two currencies are not
 * compared: then it is not.
 */
export function isWithinLimit(
  limit: { readonly amountMinor: number; readonly currency: string } | null,
  amount: { readonly amountMinor: number; readonly currency: string } | null,
): boolean {
  if (limit === null || amount === null) return true;
  return limit.currency === amount.currency && amount.amountMinor <= limit.amountMinor;
}

/** How an approval stands by the answers given so far, in the order in which they were given. `turn` is the place that is asked next. */
export function outcomeOf(
  mode: ApprovalMode,
  places: number,
  answers: readonly { readonly place: number; readonly answer: Answer }[],
): { readonly state: 'pending' | Answer; readonly turn: number } {
  const [first] = answers;
  if (mode === 'one') return { state: first?.answer ?? 'pending', turn: 1 };
  if (answers.some(({ answer }) => answer === 'refused')) return { state: 'refused', turn: answers.length };
  return { state: answers.length >= places ? 'approved' : 'pending', turn: answers.length + 1 };
}
