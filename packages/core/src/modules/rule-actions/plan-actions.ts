import type { TeamId } from '#modules/teams';
import { assertStatusChange, isOpen } from '#modules/tickets';
import type { ChangedField, TicketFacts } from '#modules/rule-conditions';
import type { Action } from './action-input.ts';

/** What an action would do to a ticket as it is: a field that gets another value, words that go out, nothing, or a refusal, each with why. */
export type Effect =
  | { readonly kind: 'set'; readonly field: ChangedField; readonly from: string | null; readonly to: string | null }
  /** Somebody of a team, whose turn it is only then. */
  | { readonly kind: 'choose'; readonly teamId: TeamId; readonly from: string | null }
  /** Something that is no field of the ticket: words, a list, a question. `what` says which, where that is not plain. */
  | { readonly kind: 'write'; readonly what?: string }
  | { readonly kind: 'snooze'; readonly what: string }
  | { readonly kind: 'nothing'; readonly why?: string }
  | { readonly kind: 'refused'; readonly why: string };

/** An action with what it would do. */
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
  return plan.some(({ effect }) => effect.kind === 'set' || effect.kind === 'choose');
}

/** Whether it would do anything at all. */
export function doesSomething(plan: readonly PlannedAction[]): boolean {
  return plan.some(({ effect }) => effect.kind !== 'nothing' && effect.kind !== 'refused');
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
    // Which person it finds is known only then.
    case 'assign-by':
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
  if (action.do === 'assign-by') return effectOfTurn(action, facts);
  if (action.do === 'snooze') return effectOfSnooze(action, facts);
  const setting = settingOf(action);
  if (setting === null) return writing(action);
  const from = textOf(setting.field, facts);
  if (from === setting.to) return { kind: 'nothing' };
  const why = action.do === 'set-status' ? whyNot(facts.status, action.status) : null;
  return why === null ? { kind: 'set', ...setting, from } : { kind: 'refused', why };
}

/** Who has it in the team keeps it: a rule that comes again must not hand it on and on. */
function effectOfTurn({ teamId }: Extract<Action, { do: 'assign-by' }>, facts: TicketFacts): Effect {
  if (!isOpen(facts.status)) return { kind: 'refused', why: 'The ticket is done.' };
  if (facts.teamId === teamId && facts.assigneeId !== null)
    return { kind: 'nothing', why: 'Somebody of the team has it already.' };
  return { kind: 'choose', teamId, from: facts.assigneeId };
}

function effectOfSnooze({ minutes, untilReply }: Extract<Action, { do: 'snooze' }>, facts: TicketFacts): Effect {
  if (!isOpen(facts.status)) return { kind: 'refused', why: 'The ticket is done, so there is nothing to snooze.' };
  if (facts.isSnoozed) return { kind: 'nothing', why: 'It is snoozed already.' };
  const parts = [...(minutes === null ? [] : [`for ${minutes} minutes`]), ...(untilReply ? ['until a reply'] : [])];
  return { kind: 'snooze', what: parts.join(' or ') };
}

function writing(action: Action): Effect {
  if (action.do === 'add-watcher') return { kind: 'write', what: action.address };
  return action.do === 'start-approval' ? { kind: 'write', what: action.subject } : { kind: 'write' };
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
  if (effect.kind === 'choose') return { ...facts, teamId: effect.teamId };
  if (effect.kind === 'snooze') return { ...facts, isSnoozed: true };
  if (effect.kind !== 'set') return facts;
  if (effect.field === 'priority') return { ...facts, priority: Number(effect.to) };
  return effect.field in FACT ? { ...facts, [FACT[effect.field as keyof typeof FACT]]: effect.to } : facts;
}
