import { compareField, wordsOf } from '#modules/desk-fields';
import type { Condition } from './condition-input.ts';
import type { Conditions, RuleCriteria, Trigger } from './criteria-input.ts';
import type { Circumstances, RuleEvent, TicketFacts } from './ticket-facts.ts';

/** A condition as it was judged: with what the ticket had at that moment. */
export interface Check {
  readonly field: Condition['field'];
  /** Which custom field. */
  readonly fieldId?: string;
  readonly op: string;
  readonly wanted: readonly (string | number | boolean)[];
  readonly value: string | number | boolean | null;
  readonly isMet: boolean;
}

/** Whether a ticket is one that a rule is about, and how that was judged. */
export interface Verdict {
  readonly matches: boolean;
  /** Every condition that was looked at, in its order. */
  readonly checks: readonly Check[];
}

/** How much of a text the log keeps. */
const SHOWN = 120;

/** Whether a rule waits for what happened. Time and schedule are matched by whoever raises them. */
export function waitsFor(trigger: Trigger, event: RuleEvent, facts: Pick<TicketFacts, 'source'>): boolean {
  switch (trigger.kind) {
    case 'opened':
      return event.kind === 'opened' && (trigger.sources.length === 0 || trigger.sources.includes(facts.source));
    case 'changed':
      return (
        event.kind === 'changed' &&
        event.changes.some(
          ({ field, from, to }) =>
            field === trigger.field && isOneOf(trigger.from, from) && isOneOf(trigger.to, to) && from !== to,
        )
      );
    case 'commented':
      return (
        event.kind === 'commented' &&
        (trigger.by === 'anyone' || trigger.by === event.by) &&
        (trigger.visibility === 'any' || trigger.visibility === event.visibility)
      );
    case 'time':
      return event.kind === 'time' && event.since === trigger.since;
    case 'schedule':
      return event.kind === 'schedule';
  }
}

/** Whether a ticket is one that a rule is about. Without groups every ticket is. */
export function judge(conditions: Conditions, facts: TicketFacts, around: Circumstances): Verdict {
  const checks: Check[] = [];
  const groups = conditions.groups.map((group) => {
    const met = group.conditions.map((condition) => {
      const check = checkOf(condition, facts, around);
      checks.push(check);
      return check.isMet;
    });
    return group.match === 'all' ? met.every(Boolean) : met.some(Boolean);
  });
  const matches = groups.length === 0 || (conditions.match === 'all' ? groups.every(Boolean) : groups.some(Boolean));
  return { matches, checks };
}

/** Trigger and conditions together; null where the rule does not wait for the event at all. */
export function evaluateRule(
  definition: RuleCriteria,
  event: RuleEvent,
  facts: TicketFacts,
  around: Circumstances,
): Verdict | null {
  return waitsFor(definition.when, event, facts) ? judge(definition.if, facts, around) : null;
}

function isOneOf(wanted: readonly string[], value: string | null): boolean {
  return wanted.length === 0 || (value !== null && wanted.includes(value));
}

function checkOf(condition: Condition, facts: TicketFacts, around: Circumstances): Check {
  const { field, op } = condition;
  switch (field) {
    case 'hours': {
      const isInside = around.isInHours(condition.value);
      const isMet = (op === 'inside') === isInside;
      return { field, op, wanted: [condition.value], value: isInside ? 'inside' : 'outside', isMet };
    }
    case 'vip':
    case 'reply-awaited': {
      const value = field === 'vip' ? facts.isVip : facts.isReplyAwaited;
      return { field, op, wanted: [condition.value], value, isMet: value === condition.value };
    }
    case 'subject':
    case 'body':
    case 'subject-or-body': {
      const isMet = hasWords(condition.op, condition.values, wordsIn(field, facts));
      const shown = shownOf(field === 'body' ? facts.body : facts.subject);
      return { field, op, wanted: condition.values, value: shown, isMet };
    }
    case 'custom': {
      const stored = facts.fields[condition.fieldId] ?? [];
      const value = stored.length === 0 ? null : shownOf(stored.join(' '));
      return {
        field,
        fieldId: condition.fieldId,
        op,
        wanted: condition.values,
        value,
        isMet: compareField(condition, stored),
      };
    }
    case 'category': {
      const value = facts.categoryId;
      const isIn = value !== null && condition.values.includes(value);
      const isUnder = value !== null && around.categoriesAbove(value).some((id) => condition.values.includes(id));
      const isMet = {
        is: isIn,
        'is-not': !isIn,
        under: isUnder,
        'not-under': !isUnder,
        'is-empty': value === null,
        'is-set': value !== null,
      }[condition.op];
      return { field, op, wanted: condition.values, value, isMet };
    }
    case 'client-group': {
      const ids: readonly string[] = facts.clientGroupIds;
      const isIn = condition.values.some((id) => ids.includes(id));
      const isMet = { is: isIn, 'is-not': !isIn, 'is-empty': ids.length === 0, 'is-set': ids.length > 0 }[condition.op];
      return { field, op, wanted: condition.values, value: ids.length === 0 ? null : ids.join(' '), isMet };
    }
    default: {
      const value = valueOf(field, facts, around.now);
      const isIn = (condition.values as readonly (string | number | null)[]).includes(value);
      const isMet = { is: isIn, 'is-not': !isIn, 'is-empty': value === null, 'is-set': value !== null }[condition.op];
      return { field, op, wanted: condition.values, value, isMet };
    }
  }
}

function shownOf(text: string): string {
  return text.slice(0, SHOWN).toWellFormed();
}

/** A thousand rules may ask for the words of one text: they are cut once. */
const cut = new WeakMap<TicketFacts, { subject: string; body: string }>();

function wordsIn(field: 'subject' | 'body' | 'subject-or-body', facts: TicketFacts): string {
  let words = cut.get(facts);
  if (words === undefined) {
    words = { subject: ` ${wordsOf(facts.subject)} `, body: ` ${wordsOf(facts.body)} ` };
    cut.set(facts, words);
  }
  return field === 'subject-or-body' ? `${words.subject}/${words.body}` : words[field];
}

function valueOf(
  field: 'queue' | 'team' | 'assignee' | 'client' | 'contact' | 'status' | 'priority' | 'type' | 'source' | 'sla',
  facts: TicketFacts,
  now: Temporal.Instant,
): string | number | null {
  switch (field) {
    case 'queue':
      return facts.queueId;
    case 'team':
      return facts.teamId;
    case 'assignee':
      return facts.assigneeId;
    case 'client':
      return facts.clientId;
    case 'contact':
      return facts.contactId;
    case 'sla':
      if (facts.nextBreachAt === null) return 'none';
      return Temporal.Instant.compare(facts.nextBreachAt, now) < 0 ? 'breached' : 'running';
    default:
      return facts[field];
  }
}

function hasWords(op: 'has-any' | 'has-all' | 'has-none', wanted: readonly string[], words: string): boolean {
  const isIn = (one: string): boolean => words.includes(` ${wordsOf(one)} `);
  if (op === 'has-all') return wanted.every(isIn);
  return wanted.some(isIn) === (op === 'has-any');
}
