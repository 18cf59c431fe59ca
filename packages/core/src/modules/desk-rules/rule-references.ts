import { NotFoundError } from '#kernel/errors';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
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

/** Throws `desk-rules.reference-not-found`, which names the field, for whatever is not the MSP's. One query for each kind of thing. */
export async function assertRuleReferences(tx: AnyTransaction, definition: RuleDefinition): Promise<void> {
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

function referencesOf(definition: RuleDefinition): Reference[] {
  const references: Reference[] = [];
  for (const [group, { conditions }] of definition.if.groups.entries())
    for (const [place, condition] of conditions.entries()) {
      const kind = CONDITION_KINDS[condition.field];
      const path = ['if', 'groups', group, 'conditions', place];
      if (kind === undefined) continue;
      if (condition.field === 'hours') references.push({ kind, id: condition.value, path: [...path, 'value'] });
      else if ('values' in condition)
        for (const [index, id] of condition.values.entries())
          references.push({ kind, id: String(id), path: [...path, 'values', index] });
    }
  for (const [place, action] of definition.actions.entries()) {
    const path = ['actions', place];
    if (action.do === 'set-queue' && action.queueId !== null)
      references.push({ kind: 'queue', id: action.queueId, path: [...path, 'queueId'] });
    if (action.do === 'set-team' && action.teamId !== null)
      references.push({ kind: 'team', id: action.teamId, path: [...path, 'teamId'] });
    if (action.do === 'set-category' && action.categoryId !== null)
      references.push({ kind: 'category', id: action.categoryId, path: [...path, 'categoryId'] });
    if (action.do === 'assign' && action.assigneeId !== null)
      references.push({ kind: 'staff', id: action.assigneeId, path: [...path, 'assigneeId'] });
    if (action.do === 'notify')
      for (const [index, id] of action.staffIds.entries())
        references.push({ kind: 'staff', id, path: [...path, 'staffIds', index] });
  }
  return references;
}
