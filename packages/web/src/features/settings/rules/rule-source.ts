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
}

const named = (items: readonly { id: string; name: string }[]): SelectOption[] =>
  items.map(({ id, name }) => ({ value: id, label: name }));

/** Everything that a rule can point at. */
export function createRuleNames() {
  return createRecordQuery({
    key: () => ['desk-rule', 'list', 'names'],
    fetch: async (signal): Promise<RuleNames> => {
      const [queues, teams, categories, people, clients, groups, calendars] = await Promise.all([
        api.tickets.listQueues.query({}, { signal }),
        api.teams.listTeams.query({}, { signal }),
        api['desk-catalogue'].listCategories.query({}, { signal }),
        api.tickets.listAssignees.query({}, { signal }),
        findClients(''),
        api.tenancy.listGroups.query({}, { signal }),
        api.sla.listCalendars.query({}, { signal }),
      ]);
      return {
        queue: named(queues.items),
        team: named(teams.items),
        category: named(categories.items),
        assignee: named(people.items),
        client: named(clients),
        'client-group': named(groups),
        hours: named(calendars.items),
      };
    },
  });
}

/** After a change of rules. */
export async function refreshRules(): Promise<void> {
  await invalidateTopic('desk-rule');
}
