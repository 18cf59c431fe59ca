import type { Field } from '@bailiwick/sdk';

/** One field of a form, as a screen draws it. */
export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly field: Field;
  readonly isSecret: boolean;
  readonly isRequired: boolean;
  readonly choices?: readonly string[] | undefined;
  readonly example?: string | undefined;
}

/** A field with what only some kinds of it have. */
export function formField(given: {
  name: string;
  label: string;
  field: Field;
  isSecret: boolean;
  isRequired: boolean;
}): FormField {
  const { field } = given;
  return {
    ...given,
    choices: field.kind === 'choice' ? field.values : undefined,
    example: 'example' in field ? field.example : undefined,
  };
}

/** What a field says at first: its default, or nothing. */
export function startText(field: Field): string {
  if (!('default' in field) || field.default === undefined) return '';
  return String(field.default);
}

/** A stored value as text in its field. */
export function toText(field: Field, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (field.kind === 'list' && Array.isArray(value)) return value.map(String).join('\n');
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
}

/** What was typed, as the value that the field wants. Undefined is left out; what does not fit stays text, and the server says what is wrong with it. */
export function toValue(field: Field, typed: string): unknown {
  if (field.kind === 'boolean') return typed === 'true';
  if (typed.trim() === '') return undefined;
  if (field.kind === 'integer' || field.kind === 'number') return Number.isNaN(Number(typed)) ? typed : Number(typed);
  if (field.kind === 'list')
    return typed
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .map((line) => toValue(field.of, line));
  if (field.kind === 'json' || field.kind === 'object') {
    try {
      return JSON.parse(typed) as unknown;
    } catch {
      return typed;
    }
  }
  return typed;
}
