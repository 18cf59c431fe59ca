import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';

export const TYPES = [
  ['incident', 'Incidents'],
  ['request', 'Requests'],
  ['problem', 'Problems'],
  ['task', 'Tasks'],
] as const;

/** `Incidents, Tasks`. */
export function typesText(types: readonly string[]): string {
  const names = TYPES.filter(([type]) => types.includes(type)).map(([, label]) => label);
  return names.length === 0 ? 'Every type' : names.join(', ');
}

export function createMatrix() {
  return createRecordQuery({
    key: () => ['desk', 'list', 'matrix'],
    fetch: (signal) => api['desk-catalogue'].getMatrix.query({}, { signal }),
  });
}

export function createCategories() {
  return createRecordQuery({
    key: () => ['desk', 'list', 'categories'],
    fetch: async (signal) => (await api['desk-catalogue'].listCategories.query({}, { signal })).items,
  });
}

export function createFields() {
  return createRecordQuery({
    key: () => ['desk', 'list', 'fields'],
    fetch: async (signal) => (await api['desk-fields'].listFields.query({}, { signal })).items,
  });
}

/** All of a team’s things, which are shown together. */
export function createTeamSettings() {
  return createRecordQuery({
    key: () => ['desk', 'list', 'team-settings'],
    fetch: async (signal) => {
      const [teams, skills, absences, staff] = await Promise.all([
        api.teams.listTeams.query({}, { signal }),
        api.teams.listSkills.query({}, { signal }),
        api.teams.listAbsences.query({}, { signal }),
        api.tickets.listAssignees.query({}, { signal }),
      ]);
      return { teams: teams.items, skills: skills.items, absences: absences.items, staff: staff.items };
    },
  });
}

/** The rules with the names of what they speak of. */
export function createRules() {
  return createRecordQuery({
    key: () => ['desk', 'list', 'rules'],
    fetch: async (signal) => {
      const [rules, queues] = await Promise.all([
        api['ticket-assignment'].listRules.query({}, { signal }),
        api.tickets.listQueues.query({}, { signal }),
      ]);
      return { rules: rules.items, queues: queues.items };
    },
  });
}

type Loaded<Source extends () => { value: () => unknown }> = NonNullable<ReturnType<ReturnType<Source>['value']>>;
export type Matrix = Loaded<typeof createMatrix>;
export type Category = Loaded<typeof createCategories>[number];
export type FieldDefinition = Loaded<typeof createFields>[number];
export type TeamThings = Loaded<typeof createTeamSettings>;
export type Team = TeamThings['teams'][number];
export type Rules = Loaded<typeof createRules>;
export type Rule = Rules['rules'][number];
