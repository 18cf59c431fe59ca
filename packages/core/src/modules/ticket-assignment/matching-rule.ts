/** As much of a rule as decides whether it is a ticket’s; an empty list is any. */
interface Conditions {
  readonly client_ids: readonly string[];
  readonly category_ids: readonly string[];
  readonly queue_ids: readonly string[];
  readonly ticket_types: readonly string[];
}

/** As much of a ticket as rules look at. */
export interface Arriving {
  readonly clientId: string;
  /** Its category and all above it. */
  readonly categoryIds: readonly string[];
  readonly queueId: string | null;
  readonly type: string;
}

/** The first rule, in the order given, all of whose conditions hold. */
export function matchingRule<Rule extends Conditions>(rules: readonly Rule[], ticket: Arriving): Rule | null {
  const isAny = (wanted: readonly string[], has: readonly (string | null)[]): boolean =>
    wanted.length === 0 || has.some((one) => one !== null && wanted.includes(one));
  return (
    rules.find(
      (rule) =>
        isAny(rule.client_ids, [ticket.clientId]) &&
        isAny(rule.category_ids, ticket.categoryIds) &&
        isAny(rule.queue_ids, [ticket.queueId]) &&
        isAny(rule.ticket_types, [ticket.type]),
    ) ?? null
  );
}
