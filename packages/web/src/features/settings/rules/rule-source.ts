import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { findClients } from '#web/app/scope/client-source.ts';
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
      const [queues, teams, categories, people, clients, groups, calendars, skills, macros, lists, fields, texts] =
        await Promise.all([
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
      return {
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

/** After a change of rules. */
export async function refreshRules(): Promise<void> {
  await invalidateTopic('desk-rule');
}
