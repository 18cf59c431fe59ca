import { NotFoundError } from '#kernel/errors';
import { assertComparisons, type FieldComparison } from '#modules/desk-fields';
import { assertPlaceholders } from '#modules/replies';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { Action } from '#modules/rule-actions';
import type { Condition } from '#modules/rule-conditions';
import type { RuleDefinition } from './rule-input.ts';

/** What a rule's conditions and actions may point at, and where it is kept. */
const KEPT_IN = {
  queue: 'ticket_queue',
  team: 'team',
  category: 'desk_category',
  staff: 'identity_staff',
  client: 'client',
  'client group': 'client_group',
  contact: 'contact',
  calendar: 'sla_calendar',
  skill: 'team_skill',
  macro: 'reply_macro',
  'checklist template': 'checklist_template',
} as const;
type Kind = keyof typeof KEPT_IN;

interface Reference {
  readonly kind: Kind;
  readonly id: string;
  readonly path: readonly (string | number)[];
}

type Named = { id: string; removed_at: Temporal.Instant | null };
type ReferredTables = Record<(typeof KEPT_IN)[Kind], Named>;

const CONDITION_KINDS: Readonly<Record<string, Kind>> = {
  queue: 'queue',
  team: 'team',
  category: 'category',
  assignee: 'staff',
  client: 'client',
  'client-group': 'client group',
  contact: 'contact',
  hours: 'calendar',
};

/**
 * Throws for what only the database knows to be wrong, naming the field: `desk-rules.reference-not-found` for whatever is not the MSP's, `desk-fields.comparison-refused` for a custom field
 * that is compared with what it cannot hold, `replies.unknown-placeholder`. One query for each kind of thing.
 */
export async function assertRuleReferences(tx: AnyTransaction, definition: RuleDefinition): Promise<void> {
  assertTexts(definition);
  await assertCustomFields(tx, definition);
  const references = referencesOf(definition);
  const { query } = tx.typed<ReferredTables>();
  for (const kind of Object.keys(KEPT_IN) as Kind[]) {
    const wanted = references.filter((reference) => reference.kind === kind);
    if (wanted.length === 0) continue;
    const ids = [...new Set(wanted.map(({ id }) => id))];
    const rows = query.selectFrom(KEPT_IN[kind]).select('id').where('id', 'in', ids);
    const found = await (kind === 'staff' ? rows.where('removed_at', 'is', null) : rows).execute();
    const known = new Set(found.map(({ id }) => id));
    const missing = wanted.find(({ id }) => !known.has(id));
    if (missing !== undefined)
      throw new NotFoundError(
        'desk-rules.reference-not-found',
        `${missing.path.join('.')} names a ${kind} that is not there.`,
        { fields: [{ path: ['definition', ...missing.path], message: `is not a ${kind} of this MSP` }] },
      );
  }
}

function assertTexts(definition: RuleDefinition): void {
  for (const [place, action] of definition.actions.entries())
    if ('text' in action) assertPlaceholders(action.text, ['definition', 'actions', place, 'text']);
}

async function assertCustomFields(tx: AnyTransaction, definition: RuleDefinition): Promise<void> {
  const asked: { comparison: FieldComparison; path: Reference['path'] }[] = [];
  for (const [group, { conditions }] of definition.if.groups.entries())
    for (const [place, condition] of conditions.entries())
      if (condition.field === 'custom')
        asked.push({ comparison: condition, path: ['definition', 'if', 'groups', group, 'conditions', place] });
  await assertComparisons(
    tx,
    asked.map(({ comparison }) => comparison),
    (index) => asked[index]?.path ?? [],
  );
}

function referencesOf(definition: RuleDefinition): Reference[] {
  return [
    ...definition.if.groups.flatMap(({ conditions }, group) =>
      conditions.flatMap((condition, place) =>
        conditionReferences(condition, ['if', 'groups', group, 'conditions', place]),
      ),
    ),
    ...definition.actions.flatMap((action, place) => actionReferences(action, ['actions', place])),
  ];
}

function conditionReferences(condition: Condition, path: Reference['path']): Reference[] {
  const kind = CONDITION_KINDS[condition.field];
  if (kind === undefined) return [];
  if (condition.field === 'hours') return [{ kind, id: condition.value, path: [...path, 'value'] }];
  if (!('values' in condition)) return [];
  return condition.values.map((id, index) => ({ kind, id: String(id), path: [...path, 'values', index] }));
}

/** What an action points at, by the name of its input. */
const ACTION_KINDS: Readonly<Record<string, Kind>> = {
  queueId: 'queue',
  teamId: 'team',
  categoryId: 'category',
  assigneeId: 'staff',
  skillId: 'skill',
  macroId: 'macro',
  templateId: 'checklist template',
  staffIds: 'staff',
  contactIds: 'contact',
};

function actionReferences(action: Action, path: Reference['path']): Reference[] {
  return Object.entries(action).flatMap(([key, value]): Reference[] => {
    const kind = ACTION_KINDS[key];
    if (kind === undefined) return [];
    if (typeof value === 'string') return [{ kind, id: value, path: [...path, key] }];
    return Array.isArray(value)
      ? value.map((id, index) => ({ kind, id: String(id), path: [...path, key, index] }))
      : [];
  });
}
