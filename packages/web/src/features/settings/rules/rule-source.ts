import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { findClients } from '#web/app/scope/client-source.ts';
import type { Choice } from '#web/ui/combobox/combobox.tsx';
import type { SelectOption } from '#web/ui/select/select.tsx';

/** The rules in their order. */
export function createRules() {
  return createRecordQuery({
    key: () => ['desk-rule', 'list'],
    fetch: async (signal) => (await api['desk-rules'].listRules.query({}, { signal })).items,
  });
}

export type Rule = NonNullable<ReturnType<ReturnType<typeof createRules>['value']>>[number];
export type Definition = Rule['definition'];
export type Trigger = Definition['when'];
export type Condition = Definition['if']['groups'][number]['conditions'][number];
export type Action = Definition['actions'][number];

/** What conditions and actions can name, each as options by name. */
export interface RuleNames {
  readonly queue: readonly SelectOption[];
  readonly team: readonly SelectOption[];
  readonly category: readonly SelectOption[];
  readonly assignee: readonly SelectOption[];
  readonly client: readonly SelectOption[];
  readonly 'client-group': readonly SelectOption[];
  /** Those that rules name already; others are found by typing. */
  readonly contact: readonly SelectOption[];
  readonly asset: readonly SelectOption[];
  readonly hours: readonly SelectOption[];
  readonly skill: readonly SelectOption[];
  readonly macro: readonly SelectOption[];
  readonly checklist: readonly SelectOption[];
  /** Custom fields, with what each can be compared with where that is a list. */
  readonly fields: readonly RuleField[];
  /** What texts may hold in double braces. */
  readonly placeholders: readonly SelectOption[];
}

/** A custom field as conditions ask for it. */
export interface RuleField {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly choices: readonly SelectOption[];
}

const named = (items: readonly { id: string; name: string }[]): SelectOption[] =>
  items.map(({ id, name }) => ({ value: id, label: name }));

/** Everything that a rule can point at. */
export function createRuleNames() {
  return createRecordQuery({
    key: () => ['desk-rule', 'list', 'names'],
    fetch: async (signal): Promise<RuleNames> => {
      const [
        rules,
        queues,
        teams,
        categories,
        people,
        clients,
        groups,
        calendars,
        skills,
        macros,
        lists,
        fields,
        texts,
      ] = await Promise.all([
        api['desk-rules'].listRules.query({}, { signal }),
        api.tickets.listQueues.query({}, { signal }),
        api.teams.listTeams.query({}, { signal }),
        api['desk-catalogue'].listCategories.query({}, { signal }),
        api.tickets.listAssignees.query({}, { signal }),
        findClients(''),
        api.tenancy.listGroups.query({}, { signal }),
        api.sla.listCalendars.query({}, { signal }),
        api.teams.listSkills.query({}, { signal }),
        api.replies.listMacros.query({}, { signal }),
        api['ticket-checklists'].listTemplates.query({}, { signal }),
        api['desk-fields'].listFields.query({}, { signal }),
        api.replies.listTemplates.query({}, { signal }),
      ]);
      const used = usedIn(
        rules.items.map(({ definition }) => definition),
        new Map(fields.items.map(({ id, type }) => [id as string, type])),
      );
      const [contact, asset] = await Promise.all([namesOf('contact', used.contact), namesOf('asset', used.asset)]);
      return {
        contact,
        asset,
        queue: named(queues.items),
        team: named(teams.items),
        category: categories.items.map(({ id, path }) => ({ value: id, label: path })),
        assignee: named(people.items),
        client: named(clients),
        'client-group': named(groups),
        hours: named(calendars.items),
        skill: named(skills.items),
        // A rule is nobody: it has no macros of its own.
        macro: named(macros.items.filter((one) => one.isShared)),
        checklist: named(lists.items.filter((one) => one.isActive)),
        fields: fields.items.map(({ id, name, type, choices }) => ({
          id,
          name,
          type,
          choices: choices.map((choice) => ({ value: choice.id, label: choice.label })),
        })),
        placeholders: texts.placeholders.map(({ name, title }) => ({ value: name, label: title })),
      };
    },
  });
}

/** Whom and which machines rules name, by their ids. */
function usedIn(
  definitions: readonly Definition[],
  types: ReadonlyMap<string, string>,
): Record<FoundKind, readonly string[]> {
  const used = { contact: new Set<string>(), asset: new Set<string>() };
  for (const { if: conditions, actions } of definitions) {
    for (const { conditions: of } of conditions?.groups ?? [])
      for (const one of of) {
        const kind = one.field === 'custom' ? types.get(one.fieldId) : one.field;
        if ((kind === 'contact' || kind === 'asset') && 'values' in one)
          for (const value of one.values ?? []) used[kind].add(String(value));
      }
    for (const one of actions)
      if (one.do === 'start-approval') for (const id of one.contactIds ?? []) used.contact.add(id);
  }
  return { contact: [...used.contact], asset: [...used.asset] };
}

/** More than anybody reads in a list of rules; beyond it an id stands in the place of a name. */
const MOST_NAMED = 40;

/** Who or what is gone keeps its id as its name. */
async function namesOf(kind: FoundKind, ids: readonly string[]): Promise<SelectOption[]> {
  const nameOf = async (id: string): Promise<string> =>
    kind === 'contact'
      ? (await api.tenancy.getContact.query({ contactId: id })).name
      : (await api.assets.getAsset.query({ assetId: id as never })).name;
  return Promise.all(
    ids.slice(0, MOST_NAMED).map(async (id) => ({ value: id, label: await nameOf(id).catch(() => id) })),
  );
}

/** What of clients conditions and actions name: too many for a list. */
export type FoundKind = 'contact' | 'asset';

/** Contacts or assets of all clients by a part of their name. */
export async function findOfClients(kind: FoundKind, text: string): Promise<readonly Choice[]> {
  const asked = { limit: 12, ...(text === '' ? {} : { search: text }) };
  if (kind === 'contact') {
    const { items } = await api.tenancy.listContacts.query({ ...asked, isActive: true });
    return items.map(({ id, name, email }) => ({ id, label: name, detail: email ?? '' }));
  }
  const { items } = await api.assets.listAssets.query(asked);
  return items.map(({ id, name, kind: of }) => ({ id, label: name, detail: of }));
}

/** After a change of rules. */
export async function refreshRules(): Promise<void> {
  await invalidateTopic('desk-rule');
}
