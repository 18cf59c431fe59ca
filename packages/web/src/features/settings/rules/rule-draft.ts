import type { Definition, Rule } from './rule-source.ts';

/** A condition while it is edited: of all that conditions can hold, what the field needs counts. */
export interface ConditionDraft {
  field: string;
  /** Which custom field, for the field `custom`. */
  fieldId: string;
  op: string;
  values: string[];
  words: string;
  isYes: boolean;
  calendarId: string;
}

/** Conditions that go together while they are edited. */
export interface GroupDraft {
  match: 'all' | 'any';
  conditions: ConditionDraft[];
}

/** An action while it is edited. */
export interface ActionDraft {
  do: string;
  /** Of what it sets; empty for none. */
  value: string;
  text: string;
  staffIds: string[];
  contactIds: string[];
  /** Whether an approval asks the ticket's contact, and who approves for the client. */
  asksContact: boolean;
  asksApprovers: boolean;
  assignee: boolean;
  method: string;
  skillId: string;
  amount: string;
  unit: string;
  untilReply: boolean;
  subject: string;
  mode: string;
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
  /** How the groups go together. */
  match: 'all' | 'any';
  groups: GroupDraft[];
  actions: ActionDraft[];
}

export const emptyCondition = (): ConditionDraft => ({
  field: 'status',
  fieldId: '',
  op: 'is',
  values: [],
  words: '',
  isYes: true,
  calendarId: '',
});
export const emptyGroup = (match: 'all' | 'any'): GroupDraft => ({ match, conditions: [emptyCondition()] });
export const emptyAction = (): ActionDraft => ({
  do: 'set-priority',
  value: '',
  text: '',
  staffIds: [],
  contactIds: [],
  asksContact: false,
  asksApprovers: false,
  assignee: false,
  method: 'round-robin',
  skillId: '',
  amount: '1',
  unit: 'hours',
  untilReply: true,
  subject: '',
  mode: 'one',
});

const UNITS = { minutes: 1, hours: 60, days: 1440 } as const;

/** The draft of a rule, or of a new one. */
export function draftOf(rule: Rule | undefined, zone: string): RuleDraft {
  const when = (rule?.definition.when ?? { kind: 'opened' }) as Record<string, unknown>;
  const list = (key: string): string[] => (Array.isArray(when[key]) ? (when[key] as string[]).map(String) : []);
  const text = (key: string, otherwise: string): string => (typeof when[key] === 'string' ? when[key] : otherwise);
  const minutes = typeof when['minutes'] === 'number' ? when['minutes'] : 1440;
  const unit = unitOf(minutes);
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
    match: rule?.definition.if?.match ?? 'all',
    groups: groups.map((group) => ({
      match: group.match,
      conditions: group.conditions.map((one) => conditionDraft(one as Record<string, unknown>)),
    })),
    actions: (rule?.definition.actions ?? []).map((one) => actionDraft(one as Record<string, unknown>)),
  };
}

function unitOf(minutes: number): keyof typeof UNITS {
  return minutes > 0 && minutes % 1440 === 0 ? 'days' : minutes > 0 && minutes % 60 === 0 ? 'hours' : 'minutes';
}

/** Minutes of an amount and its unit; -1 for what is no number, which the server refuses. */
function minutesOf(amount: string, unit: string): number {
  const minutes = Math.round(Number(amount.replace(',', '.')) * UNITS[unit as keyof typeof UNITS]);
  return Number.isFinite(minutes) ? minutes : -1;
}

function conditionDraft(one: Record<string, unknown>): ConditionDraft {
  const values = Array.isArray(one['values']) ? one['values'].map(String) : [];
  return {
    field: String(one['field']),
    fieldId: String(one['fieldId'] ?? ''),
    op: String(one['op']),
    values,
    words: values.join(', '),
    isYes: one['value'] === true || values[0] === 'true',
    calendarId: typeof one['value'] === 'string' ? one['value'] : '',
  };
}

function actionDraft(one: Record<string, unknown>): ActionDraft {
  const value = VALUE_KEYS.map((key) => one[key]).find((found) => found !== undefined && found !== null);
  const minutes = typeof one['minutes'] === 'number' ? one['minutes'] : null;
  const unit = unitOf(minutes ?? 60);
  const kind = String(one['do']);
  return {
    ...emptyAction(),
    do: kind,
    value: String(value ?? ''),
    text: String((kind === 'start-approval' ? one['body'] : one['text']) ?? ''),
    staffIds: Array.isArray(one['staffIds']) ? one['staffIds'].map(String) : [],
    contactIds: Array.isArray(one['contactIds']) ? one['contactIds'].map(String) : [],
    asksContact: one['asksContact'] === true,
    asksApprovers: one['asksApprovers'] === true,
    assignee: one['assignee'] === true,
    method: String(one['method'] ?? 'round-robin'),
    skillId: String(one['skillId'] ?? ''),
    amount:
      kind === 'start-approval' ? String(one['dueDays'] ?? '') : minutes === null ? '' : String(minutes / UNITS[unit]),
    unit,
    untilReply: one['untilReply'] !== false,
    subject: String(one['subject'] ?? ''),
    mode: String(one['mode'] ?? 'one'),
  };
}

/** Under which names actions hold the one thing that they set or take. */
const VALUE_KEYS = [
  'status',
  'priority',
  'type',
  'queueId',
  'teamId',
  'categoryId',
  'assigneeId',
  'address',
  'macroId',
  'templateId',
];

/** What the server is sent; it says what is wrong with it. */
export function definitionOf(draft: RuleDraft): Definition {
  const groups = draft.groups.filter(({ conditions }) => conditions.length > 0);
  const definition = {
    when: triggerOf(draft),
    if: {
      match: draft.match,
      groups: groups.map(({ match, conditions }) => ({ match, conditions: conditions.map(conditionOf) })),
    },
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
    case 'time':
      return { kind: 'time', since: draft.since, minutes: minutesOf(draft.amount, draft.unit) };
    case 'schedule':
      return { kind: 'schedule', at: draft.at, days: draft.days, zone: draft.zone };
    default:
      return { kind: 'opened', sources: draft.sources };
  }
}

function conditionOf({ field, fieldId, op, values, words, isYes, calendarId }: ConditionDraft): object {
  switch (field) {
    case 'custom':
      return { field, fieldId, op, values: op === 'is-empty' || op === 'is-set' ? [] : values };
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

function actionOf(draft: ActionDraft): object {
  const { do: kind, value, text, staffIds, assignee } = draft;
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
    case 'assign-by': {
      const skillId = draft.method === 'skill' && draft.skillId !== '' ? draft.skillId : null;
      return { do: kind, teamId: value, method: draft.method, skillId };
    }
    case 'snooze': {
      const minutes = draft.amount.trim() === '' ? null : minutesOf(draft.amount, draft.unit);
      return { do: kind, minutes, untilReply: draft.untilReply };
    }
    case 'add-watcher':
      return { do: kind, address: value };
    case 'run-macro':
      return { do: kind, macroId: value };
    case 'add-checklist':
      return { do: kind, templateId: value };
    case 'start-approval': {
      const dueDays = draft.amount.trim() === '' ? null : Number(draft.amount);
      return {
        do: kind,
        subject: draft.subject,
        body: text,
        mode: draft.mode,
        staffIds,
        contactIds: draft.contactIds,
        asksContact: draft.asksContact,
        asksApprovers: draft.asksApprovers,
        dueDays,
      };
    }
    case 'notify':
      return { do: kind, staffIds, assignee, text };
    default:
      return { do: kind, text };
  }
}
