import type { SelectOption } from '#web/ui/select/select.tsx';
import { SOURCES, STATUSES, TYPES } from '../../tickets/ticket-words.ts';
import type { Action, Condition, RuleNames, Trigger } from './rule-source.ts';

const options = (words: Readonly<Record<string, string>>): SelectOption[] =>
  Object.entries(words).map(([value, label]) => ({ value, label }));

export const STATUS_OPTIONS = options(
  Object.fromEntries(Object.entries(STATUSES).map(([status, { label }]) => [status, label])),
);
export const PRIORITY_OPTIONS = ['1', '2', '3', '4'].map((value) => ({ value, label: `P${value}` }));
export const TYPE_OPTIONS = options(TYPES);
export const SOURCE_OPTIONS = options(SOURCES);

/** Triggers as the builder offers them. */
export const TRIGGER_OPTIONS = options({
  opened: 'a ticket is opened',
  changed: 'a ticket changes',
  commented: 'somebody writes on a ticket',
  time: 'time has passed',
  schedule: 'by a schedule',
});
export const FIELD_OPTIONS = options({
  status: 'status',
  priority: 'priority',
  type: 'type',
  queue: 'queue',
  team: 'team',
  assignee: 'assignee',
  category: 'category',
  subject: 'subject',
  contact: 'contact',
  client: 'client',
});
export const BASIS_OPTIONS = options({
  opened: 'since it was opened',
  status: 'since its status changed',
  'client-reply': 'since the client wrote and nobody answered',
  'staff-reply': 'since staff wrote and the client was silent',
  due: 'before its next promise is due',
});
export const DAY_OPTIONS = options({
  mon: 'Mon',
  tue: 'Tue',
  wed: 'Wed',
  thu: 'Thu',
  fri: 'Fri',
  sat: 'Sat',
  sun: 'Sun',
});

/** Conditions as the builder offers them. */
export const CONDITION_OPTIONS = options({
  status: 'Status',
  priority: 'Priority',
  type: 'Type',
  source: 'Came by',
  queue: 'Queue',
  team: 'Team',
  category: 'Category',
  assignee: 'Assignee',
  client: 'Client',
  'client-group': 'Group of clients',
  contact: 'Contact',
  vip: 'VIP',
  'reply-awaited': 'Client waits for an answer',
  sla: 'SLA',
  subject: 'Words of the subject',
  body: 'Words of the text',
  'subject-or-body': 'Words of subject or text',
  hours: 'Working hours',
});

const PRESENCE = options({ is: 'is one of', 'is-not': 'is none of', 'is-empty': 'is empty', 'is-set': 'is set' });
const CHOICE = PRESENCE.slice(0, 2);
const WORDS = options({ 'has-any': 'have one of', 'has-all': 'have all of', 'has-none': 'have none of' });

const CUSTOM: Readonly<Record<string, readonly SelectOption[]>> = {
  number: options({
    'at-least': 'is at least',
    'at-most': 'is at most',
    is: 'is one of',
    'is-not': 'is none of',
    'is-empty': 'is empty',
    'is-set': 'is set',
  }),
  date: options({
    before: 'is before',
    after: 'is after',
    is: 'is one of',
    'is-not': 'is none of',
    'is-empty': 'is empty',
    'is-set': 'is set',
  }),
};

/** The operators that fit a custom field of a type. */
export function customOperatorsOf(type: string): readonly SelectOption[] {
  if (type === 'text' || type === 'long-text')
    return [
      ...options({ 'has-any': 'has one of', 'has-all': 'has all of', 'has-none': 'has none of' }),
      ...PRESENCE.slice(2),
    ];
  return CUSTOM[type] ?? PRESENCE;
}

/** The operators that fit a field. */
export function operatorsOf(field: string): readonly SelectOption[] {
  if (field === 'category')
    return [...options({ under: 'is, or is under', 'not-under': 'is not, nor under' }), ...PRESENCE];
  if (field === 'hours') return options({ inside: 'are on by', outside: 'are over by' });
  if (isYesNo(field)) return [{ value: 'is', label: 'is' }];
  if (isWords(field)) return WORDS;
  return isReference(field) ? PRESENCE : CHOICE;
}

export function isYesNo(field: string): boolean {
  return field === 'vip' || field === 'reply-awaited';
}

export function isWords(field: string): boolean {
  return field === 'subject' || field === 'body' || field === 'subject-or-body';
}

function isReference(field: string): boolean {
  return ['queue', 'team', 'category', 'assignee', 'client', 'client-group', 'contact'].includes(field);
}

/** What a condition's field can be compared with. */
export function valuesOf(field: string, names: RuleNames): readonly SelectOption[] {
  switch (field) {
    case 'status':
      return STATUS_OPTIONS;
    case 'priority':
      return PRIORITY_OPTIONS;
    case 'type':
      return TYPE_OPTIONS;
    case 'source':
      return SOURCE_OPTIONS;
    case 'sla':
      return options({ none: 'nothing promised', running: 'running', breached: 'broken' });
    default:
      return names[field as Exclude<keyof RuleNames, 'fields'>] ?? [];
  }
}

/** Actions as the builder offers them. */
export const ACTION_OPTIONS = options({
  'set-status': 'Set the status',
  'set-priority': 'Set the priority',
  'set-type': 'Set the type',
  'set-queue': 'Move to a queue',
  'set-team': 'Give to a team',
  'set-category': 'File under a category',
  assign: 'Assign',
  'assign-by': 'Assign in a team',
  snooze: 'Snooze',
  'add-watcher': 'Let read along',
  'run-macro': 'Run a macro',
  'add-checklist': 'Add a checklist',
  'start-approval': 'Ask for approval',
  'add-note': 'Add an internal note',
  reply: 'Answer the client',
  notify: 'Mail staff',
});

const labelIn = (list: readonly SelectOption[], value: unknown): string =>
  list.find((one) => one.value === String(value))?.label ?? String(value);

/** `a ticket changes: status to Resolved`. */
export function triggerText(when: Trigger): string {
  switch (when.kind) {
    case 'opened':
      return (when.sources ?? []).length === 0
        ? 'a ticket is opened'
        : `a ticket is opened ${(when.sources ?? []).map((one) => labelIn(SOURCE_OPTIONS, one)).join(' or ')}`;
    case 'changed': {
      const known =
        { status: STATUS_OPTIONS, priority: PRIORITY_OPTIONS, type: TYPE_OPTIONS }[when.field as 'status'] ?? [];
      const side = (word: string, values: readonly string[] | undefined) =>
        values === undefined || values.length === 0
          ? ''
          : ` ${word} ${values.map((one) => labelIn(known, one)).join(' or ')}`;
      return `the ${when.field} changes${side('from', when.from)}${side('to', when.to)}`;
    }
    case 'commented':
      return `${when.by === 'client' ? 'the client' : when.by === 'staff' ? 'staff' : 'somebody'} writes${when.visibility === 'internal' ? ' an internal note' : when.visibility === 'public' ? ' publicly' : ''}`;
    case 'time':
      return `${durationText(when.minutes)} ${labelIn(BASIS_OPTIONS, when.since)}`;
    case 'schedule':
      return `${when.at} on ${when.days.map((day) => labelIn(DAY_OPTIONS, day)).join(', ')} (${when.zone})`;
  }
}

export function durationText(minutes: number): string {
  if (minutes > 0 && minutes % 1440 === 0) return minutes === 1440 ? '1 day' : `${minutes / 1440} days`;
  if (minutes > 0 && minutes % 60 === 0) return minutes === 60 ? '1 hour' : `${minutes / 60} hours`;
  return `${minutes} minutes`;
}

export const METHOD_OPTIONS = options({
  'round-robin': 'in turn',
  'least-load': 'to whom has least',
  skill: 'to whom knows most',
});
export const MODE_OPTIONS = options({ one: 'one of them', all: 'all of them', sequence: 'one after the other' });

/** One condition in words. */
export function conditionText(condition: Condition, names: RuleNames): string {
  if (condition.field === 'custom') {
    const field = names.fields.find(({ id }) => id === condition.fieldId);
    const of = field?.type === 'contact' || field?.type === 'asset' ? names[field.type] : (field?.choices ?? []);
    const values = (condition.values ?? []).map((one) => labelIn(of, one));
    const operator = labelIn(customOperatorsOf(field?.type ?? ''), condition.op);
    return `${field?.name ?? 'A custom field'} ${operator} ${values.join(', ')}`.trim();
  }
  const field = labelIn(CONDITION_OPTIONS, condition.field);
  const operator = labelIn(operatorsOf(condition.field), condition.op);
  if ('values' in condition) {
    const values = (condition.values ?? []).map((one) => labelIn(valuesOf(condition.field, names), one));
    return `${field} ${operator} ${values.join(', ')}`.trim();
  }
  if ('value' in condition && typeof condition.value === 'boolean')
    return `${field}: ${condition.value ? 'yes' : 'no'}`;
  return `${field} ${operator} ${labelIn(names.hours, condition.value)}`;
}

/** One action in words. */
export function actionText(action: Action | Record<string, unknown>, names: RuleNames): string {
  const one = action as Record<string, unknown>;
  const kind = labelIn(ACTION_OPTIONS, one['do']);
  const [list, value] = settingOf(one, names);
  const more = moreOf(one, names);
  if (list !== undefined) return `${kind}: ${value === null ? 'none' : labelIn(list, value)}${more}`;
  return `${kind}: ${more}${String(one['text'] ?? '').slice(0, 60)}`;
}

/** Whom an approval asks. */
function askedOf(one: Record<string, unknown>, names: RuleNames): string[] {
  const people = (key: string, list: readonly SelectOption[]): string[] =>
    Array.isArray(one[key]) ? one[key].map((id) => labelIn(list, id)) : [];
  return [
    ...(one['asksContact'] === true ? ['the ticket’s contact'] : []),
    ...(one['asksApprovers'] === true ? ['who approves for the client'] : []),
    ...people('contactIds', names.contact),
    ...people('staffIds', names.assignee),
  ];
}

/** What an action has beside the one thing that it sets. */
function moreOf(one: Record<string, unknown>, names: RuleNames): string {
  switch (one['do']) {
    case 'assign-by': {
      const skill =
        one['skillId'] === null || one['skillId'] === undefined ? '' : `, ${labelIn(names.skill, one['skillId'])}`;
      return `, ${labelIn(METHOD_OPTIONS, one['method'])}${skill}`;
    }
    case 'snooze': {
      const long = typeof one['minutes'] === 'number' ? [`for ${durationText(one['minutes'])}`] : [];
      return [...long, ...(one['untilReply'] === false ? [] : ['until the client replies'])].join(' or ');
    }
    case 'add-watcher':
      return String(one['address']);
    case 'start-approval':
      return `‘${String(one['subject'])}’, ${[...askedOf(one, names), labelIn(MODE_OPTIONS, one['mode'])].join(', ')}`;
    default:
      return '';
  }
}

/** The options and the value of an action that sets a field; nothing for one that writes. */
export function settingOf(
  action: Record<string, unknown>,
  names: RuleNames,
): [list: readonly SelectOption[] | undefined, value: unknown, key: string] {
  switch (action['do']) {
    case 'set-status':
      return [STATUS_OPTIONS, action['status'], 'status'];
    case 'set-priority':
      return [PRIORITY_OPTIONS, action['priority'], 'priority'];
    case 'set-type':
      return [TYPE_OPTIONS, action['type'], 'type'];
    case 'set-queue':
      return [names.queue, action['queueId'], 'queueId'];
    case 'run-macro':
      return [names.macro, action['macroId'], 'macroId'];
    case 'add-checklist':
      return [names.checklist, action['templateId'], 'templateId'];
    case 'assign-by':
    case 'set-team':
      return [names.team, action['teamId'], 'teamId'];
    case 'set-category':
      return [names.category, action['categoryId'], 'categoryId'];
    case 'assign':
      return [names.assignee, action['assigneeId'], 'assigneeId'];
    default:
      return [undefined, undefined, 'text'];
  }
}
