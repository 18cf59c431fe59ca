import type { Definition, Rule } from './rule-source.ts';

/** A condition while it is edited: of all that conditions can hold, what the field needs counts. */
export interface ConditionDraft {
  field: string;
  op: string;
  values: string[];
  words: string;
  isYes: boolean;
  calendarId: string;
}

/** An action while it is edited. */
export interface ActionDraft {
  do: string;
  /** Of what it sets; empty for none. */
  value: string;
  text: string;
  staffIds: string[];
  assignee: boolean;
}

/** A rule while it is edited. */
export interface RuleDraft {
  name: string;
  stops: boolean;
  kind: string;
  sources: string[];
  field: string;
  from: string[];
  to: string[];
  by: string;
  visibility: string;
  since: string;
  amount: string;
  unit: string;
  at: string;
  days: string[];
  zone: string;
  match: 'all' | 'any';
  conditions: ConditionDraft[];
  actions: ActionDraft[];
}

export const emptyCondition = (): ConditionDraft => ({
  field: 'status',
  op: 'is',
  values: [],
  words: '',
  isYes: true,
  calendarId: '',
});
export const emptyAction = (): ActionDraft => ({
  do: 'set-priority',
  value: '',
  text: '',
  staffIds: [],
  assignee: false,
});

const UNITS = { minutes: 1, hours: 60, days: 1440 } as const;

/** The draft of a rule, or of a new one. */
export function draftOf(rule: Rule | undefined, zone: string): RuleDraft {
  const when = (rule?.definition.when ?? { kind: 'opened' }) as Record<string, unknown>;
  const list = (key: string): string[] => (Array.isArray(when[key]) ? (when[key] as string[]).map(String) : []);
  const text = (key: string, otherwise: string): string => (typeof when[key] === 'string' ? when[key] : otherwise);
  const minutes = typeof when['minutes'] === 'number' ? when['minutes'] : 1440;
  const unit = minutes > 0 && minutes % 1440 === 0 ? 'days' : minutes > 0 && minutes % 60 === 0 ? 'hours' : 'minutes';
  const groups = rule?.definition.if?.groups ?? [];
  return {
    name: rule?.name ?? '',
    stops: rule?.stops ?? false,
    kind: text('kind', 'opened'),
    sources: list('sources'),
    field: text('field', 'status'),
    from: list('from'),
    to: list('to'),
    by: text('by', 'client'),
    visibility: text('visibility', 'any'),
    since: text('since', 'staff-reply'),
    amount: String(minutes / UNITS[unit]),
    unit,
    at: text('at', '09:00'),
    days: when['kind'] === 'schedule' ? list('days') : ['mon', 'tue', 'wed', 'thu', 'fri'],
    zone: text('zone', zone),
    match: groups[0]?.match ?? 'all',
    conditions: groups.flatMap((group) =>
      group.conditions.map((one) => conditionDraft(one as Record<string, unknown>)),
    ),
    actions: (rule?.definition.actions ?? []).map((one) => actionDraft(one as Record<string, unknown>)),
  };
}

/** True for a rule of several groups, which the builder does not show as it is. */
export function hasGroups(rule: Rule | undefined): boolean {
  return (rule?.definition.if?.groups ?? []).length > 1;
}

function conditionDraft(one: Record<string, unknown>): ConditionDraft {
  const values = Array.isArray(one['values']) ? one['values'].map(String) : [];
  return {
    field: String(one['field']),
    op: String(one['op']),
    values,
    words: values.join(', '),
    isYes: one['value'] === true,
    calendarId: typeof one['value'] === 'string' ? one['value'] : '',
  };
}

function actionDraft(one: Record<string, unknown>): ActionDraft {
  const value = one['status'] ?? one['priority'] ?? one['type'] ?? one['queueId'] ?? one['teamId'] ?? one['categoryId'];
  return {
    do: String(one['do']),
    value: String(value ?? one['assigneeId'] ?? ''),
    text: String(one['text'] ?? ''),
    staffIds: Array.isArray(one['staffIds']) ? one['staffIds'].map(String) : [],
    assignee: one['assignee'] === true,
  };
}

/** What the server is sent; it says what is wrong with it. */
export function definitionOf(draft: RuleDraft): Definition {
  const conditions = draft.conditions.map(conditionOf);
  const definition = {
    when: triggerOf(draft),
    if: { match: 'all', groups: conditions.length === 0 ? [] : [{ match: draft.match, conditions }] },
    actions: draft.actions.map(actionOf),
  };
  return definition as unknown as Definition;
}

function triggerOf(draft: RuleDraft): object {
  switch (draft.kind) {
    case 'changed': {
      const isTold = draft.field === 'status' || draft.field === 'priority' || draft.field === 'type';
      return { kind: 'changed', field: draft.field, ...(isTold ? { from: draft.from, to: draft.to } : {}) };
    }
    case 'commented':
      return { kind: 'commented', by: draft.by, visibility: draft.visibility };
    case 'time': {
      const minutes = Math.round(Number(draft.amount.replace(',', '.')) * UNITS[draft.unit as keyof typeof UNITS]);
      return { kind: 'time', since: draft.since, minutes: Number.isFinite(minutes) ? minutes : -1 };
    }
    case 'schedule':
      return { kind: 'schedule', at: draft.at, days: draft.days, zone: draft.zone };
    default:
      return { kind: 'opened', sources: draft.sources };
  }
}

function conditionOf({ field, op, values, words, isYes, calendarId }: ConditionDraft): object {
  switch (field) {
    case 'vip':
    case 'reply-awaited':
      return { field, op: 'is', value: isYes };
    case 'hours':
      return { field, op, value: calendarId };
    case 'subject':
    case 'body':
    case 'subject-or-body': {
      const list = words.split(',').map((one) => one.trim());
      return { field, op, values: list.filter((one) => one !== '') };
    }
    default: {
      const chosen = op === 'is-empty' || op === 'is-set' ? [] : values;
      return { field, op, values: field === 'priority' ? chosen.map(Number) : chosen };
    }
  }
}

function actionOf({ do: kind, value, text, staffIds, assignee }: ActionDraft): object {
  const id = value === '' ? null : value;
  switch (kind) {
    case 'set-status':
      return { do: kind, status: value };
    case 'set-priority':
      return { do: kind, priority: Number(value) };
    case 'set-type':
      return { do: kind, type: value };
    case 'set-queue':
      return { do: kind, queueId: id };
    case 'set-team':
      return { do: kind, teamId: id };
    case 'set-category':
      return { do: kind, categoryId: id };
    case 'assign':
      return { do: kind, assigneeId: id };
    case 'notify':
      return { do: kind, staffIds, assignee, text };
    default:
      return { do: kind, text };
  }
}
