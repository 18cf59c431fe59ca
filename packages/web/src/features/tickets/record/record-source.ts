import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';

/** The tree of categories, retired ones too. */
export function createCategories() {
  return createRecordQuery({
    key: () => ['desk', 'list', 'categories'],
    fetch: async (signal) => (await api['desk-catalogue'].listCategories.query({}, { signal })).items,
  });
}

/** Custom fields in their order, retired ones too. */
export function createFields() {
  return createRecordQuery({
    key: () => ['desk', 'list', 'fields'],
    fetch: async (signal) => (await api['desk-fields'].listFields.query({}, { signal })).items,
  });
}

/** Teams with their members, by name. */
export function createTeams() {
  return createRecordQuery({
    key: () => ['desk', 'list', 'teams'],
    fetch: async (signal) => (await api.teams.listTeams.query({}, { signal })).items,
  });
}

/** Skills with the people who have them. */
export function createSkills() {
  return createRecordQuery({
    key: () => ['desk', 'list', 'skills'],
    fetch: async (signal) => (await api.teams.listSkills.query({}, { signal })).items,
  });
}

/** Which priority impact and urgency give. */
export function createMatrix() {
  return createRecordQuery({
    key: () => ['desk', 'list', 'matrix'],
    fetch: (signal) => api['desk-catalogue'].getMatrix.query({}, { signal }),
  });
}

type Loaded<Source extends (...args: never[]) => { value: () => unknown }> = NonNullable<
  ReturnType<ReturnType<Source>['value']>
>;
export type Category = Loaded<typeof createCategories>[number];
export type FieldDefinition = Loaded<typeof createFields>[number];

/** Whether something that is for some types of ticket, or for all where it names none, is for this one. */
export function isFor(thing: { ticketTypes: readonly string[] }, type: string): boolean {
  return thing.ticketTypes.length === 0 || thing.ticketTypes.includes(type);
}

/** The categories that a ticket of a type can be filed under, with the one that it has. */
export function usableCategories(all: readonly Category[], type: string, current: string | null): Category[] {
  const byId = new Map(all.map((category) => [category.id as string, category]));
  const isUsable = (category: Category): boolean => {
    const above = category.parentId === null ? undefined : byId.get(category.parentId);
    return category.isActive && isFor(category, type) && (above === undefined || isUsable(above));
  };
  return all.filter((category) => category.id === current || isUsable(category));
}
