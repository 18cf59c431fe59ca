import type { SlaEvent } from './sla-event.ts';
import type { SlaPolicy, SlaRules } from './sla-policy.ts';

type RulesEvent =
  | Omit<Extract<SlaEvent, { type: 'policy' }>, 'at'>
  | Omit<Extract<SlaEvent, { type: 'calendar' }>, 'at'>;

/**
 * What a ticket is told when other rules hold for it: that its calendars were edited where nothing else differs, or else that it has another policy. `sameCalendar` says whether two ids
 * are versions of one calendar.
 */
export function rulesEvents(
  rules: SlaRules,
  sameCalendar: (one: string, other: string) => boolean,
  { from, to }: { from: string | null; to: string | null },
): RulesEvent[] {
  if (from === to) return [];
  const [before, after] = [policyOf(rules, from), policyOf(rules, to)];
  const edits = before === undefined || after === undefined ? null : calendarEdits(before, after, sameCalendar);
  return edits ?? [{ type: 'policy', value: to }];
}

function policyOf(rules: SlaRules, id: string | null): SlaPolicy | undefined {
  return id === null ? undefined : rules.policies.get(id);
}

/** Null where more differs than versions of the same calendars. */
function calendarEdits(
  before: SlaPolicy,
  after: SlaPolicy,
  sameCalendar: (one: string, other: string) => boolean,
): RulesEvent[] | null {
  if (JSON.stringify(withoutCalendars(before)) !== JSON.stringify(withoutCalendars(after))) return null;
  const edits = new Map<string, string>();
  for (const [index, { calendar: from }] of before.targets.entries()) {
    const to = after.targets[index]?.calendar ?? null;
    if (from === to) continue;
    if (from === null || to === null || !sameCalendar(from, to)) return null;
    edits.set(from, to);
  }
  return [...edits].map(([from, to]) => ({ type: 'calendar', value: { from, to } }));
}

function withoutCalendars({ pauseStatuses, targets }: SlaPolicy) {
  return { pauseStatuses, targets: targets.map((target) => ({ ...target, calendar: null })) };
}
