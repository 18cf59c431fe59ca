import type { Field, Json, Shape } from '@bailiwick/sdk';
import { checkValue } from '@bailiwick/plugin-runtime';
import { InvalidInputError } from '#kernel/errors';
import type { ActionInput } from './actions-table.ts';

const HIDDEN = '[hidden]';

/** The input in the shape of the action. Throws `plugin-actions.input-refused`, naming the fields. */
export function checkInput(shape: Shape, input: unknown): ActionInput {
  const checked = checkValue(shape, input, '');
  if (checked.ok) return checked.value;
  throw new InvalidInputError('plugin-actions.input-refused', 'The action does not take this.', {
    fields: checked.errors.map(({ path, message }) => ({ path: ['input', ...path.split('.')], message })),
  });
}

/** A copy in which every secret field is hidden, for people and for the audit trail. */
export function withoutSecretFields(shape: Shape, input: ActionInput): ActionInput {
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, hidden(shape[name], value)]));
}

function hidden(field: Field | undefined, value: Json): Json {
  if (field === undefined || field.kind === 'secret') return HIDDEN;
  if (field.kind === 'list' && Array.isArray(value)) return value.map((item: Json) => hidden(field.of, item));
  if (field.kind === 'object' && typeof value === 'object' && value !== null && !Array.isArray(value))
    return withoutSecretFields(field.fields, value as ActionInput);
  return value;
}

/** Every record that the input names, wherever it stands. */
export function recordsIn(shape: Shape, input: ActionInput): { entity: string; id: string; path: string }[] {
  return Object.entries(shape).flatMap(([name, field]) => named(field, input[name], name));
}

function named(field: Field, value: Json | undefined, path: string): { entity: string; id: string; path: string }[] {
  if (value === undefined || value === null) return [];
  if (field.kind === 'entity') return [{ entity: field.entity, id: String(value), path }];
  if (field.kind === 'list' && Array.isArray(value))
    return value.flatMap((item: Json, index) => named(field.of, item, `${path}.${index}`));
  if (field.kind === 'object' && typeof value === 'object' && !Array.isArray(value))
    return Object.entries(field.fields).flatMap(([name, inner]) =>
      named(inner, (value as ActionInput)[name], `${path}.${name}`),
    );
  return [];
}
