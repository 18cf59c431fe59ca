import { assertStatusChange } from '#modules/tickets';
import type { Action } from './action-input.ts';
import type { ChangedField } from './rule-input.ts';
import type { TicketFacts } from './ticket-facts.ts';

/** What an action would do to a ticket as it is: a field that gets another value, words that go out, nothing, or a refusal. */
export type Effect =
  | { readonly kind: 'set'; readonly field: ChangedField; readonly from: string | null; readonly to: string | null }
  | { readonly kind: 'write' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refused'; readonly why: string };

export interface PlannedAction {
  readonly action: Action;
  readonly effect: Effect;
}

/** What a rule's actions would do, each seeing what those before it did. Changes nothing. */
export function planActions(actions: readonly Action[], facts: TicketFacts): PlannedAction[] {
  let seen = facts;
  return actions.map((action) => {
    const effect = effectOf(action, seen);
    seen = withEffect(seen, effect);
    return { action, effect };
  });
}

/** Whether any of it would change the ticket's fields. */
export function changesFields(plan: readonly PlannedAction[]): boolean {
  return plan.some(({ effect }) => effect.kind === 'set');
}

/** Whether it would do anything at all. */
export function doesSomething(plan: readonly PlannedAction[]): boolean {
  return plan.some(({ effect }) => effect.kind === 'set' || effect.kind === 'write');
}

/** The ticket as it is after the actions. */
export function factsAfter(facts: TicketFacts, plan: readonly PlannedAction[]): TicketFacts {
  return plan.reduce((seen, { effect }) => withEffect(seen, effect), facts);
}

/** The field that an action sets and to what; null for what sets none. */
export function settingOf(action: Action): { field: ChangedField; to: string | null } | null {
  switch (action.do) {
    case 'set-queue':
      return { field: 'queue', to: action.queueId };
    case 'set-team':
      return { field: 'team', to: action.teamId };
    case 'set-category':
      return { field: 'category', to: action.categoryId };
    case 'assign':
      return { field: 'assignee', to: action.assigneeId };
    case 'set-status':
      return { field: 'status', to: action.status };
    case 'set-priority':
      return { field: 'priority', to: String(action.priority) };
    case 'set-type':
      return { field: 'type', to: action.type };
    default:
      return null;
  }
}

function effectOf(action: Action, facts: TicketFacts): Effect {
  const setting = settingOf(action);
  if (setting === null) return { kind: 'write' };
  const from = textOf(setting.field, facts);
  if (from === setting.to) return { kind: 'nothing' };
  const why = action.do === 'set-status' ? whyNot(facts.status, action.status) : null;
  return why === null ? { kind: 'set', ...setting, from } : { kind: 'refused', why };
}

function whyNot(...[from, to]: Parameters<typeof assertStatusChange>): string | null {
  try {
    assertStatusChange(from, to);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const FACT = {
  team: 'teamId',
  category: 'categoryId',
  queue: 'queueId',
  assignee: 'assigneeId',
  status: 'status',
  type: 'type',
} as const;

function textOf(field: ChangedField, facts: TicketFacts): string | null {
  if (field === 'priority') return String(facts.priority);
  return field in FACT ? facts[FACT[field as keyof typeof FACT]] : null;
}

function withEffect(facts: TicketFacts, effect: Effect): TicketFacts {
  if (effect.kind !== 'set') return facts;
  if (effect.field === 'priority') return { ...facts, priority: Number(effect.to) };
  return effect.field in FACT ? { ...facts, [FACT[effect.field as keyof typeof FACT]]: effect.to } : facts;
}
