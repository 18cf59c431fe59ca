import type { Field, Json, ListField, NumberField, ObjectField, Shape, TextField } from '@bailiwick/sdk';
import { checkPattern } from './pattern.ts';
import { isTextOfKind, textKindInWords } from './text-kind.ts';
import { asJson } from './json-value.ts';
import { isStorable, storable } from './storable.ts';

/** What is wrong with one value. `path` is dotted, with indexes in brackets: `hosts[2].name`; empty for the whole. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** The value as it may be kept, or everything that is wrong with it (at most 20). */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

const MAX_ERRORS = 20;
const MAX_TEXT = 1000;
const MAX_MEMBERS = 1000;
/** Of a `json` field, in UTF-8. */
const MAX_JSON_BYTES = 65_536;

/**
 * Checks a value against the fields of the SDK: a configuration, an action's input, a record's data. Fields that are not described are refused;
 * defaults are filled in; optional fields that are undefined are left out. The answer shares nothing with `value`.
 */
export function checkValue(shape: Shape, value: unknown, path?: string): Checked<Readonly<Record<string, Json>>>;
export function checkValue(field: Field, value: unknown, path?: string): Checked<Json>;
export function checkValue(described: Field | Shape, value: unknown, path = ''): Checked<Json> {
  const errors: FieldError[] = [];
  const checked = isField(described)
    ? fieldValue(described, value, path, errors)
    : shapeValue(described, value, path, errors);
  if (checked === undefined || errors.length > 0) return { ok: false, errors: errors.slice(0, MAX_ERRORS) };
  return { ok: true, value: checked };
}

/** A field says its kind as a text; in a shape, `kind` could only be the name of a field. */
function isField(described: Field | Shape): described is Field {
  return typeof described['kind'] === 'string';
}

function shapeValue(shape: Shape, value: unknown, path: string, errors: FieldError[]): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse(errors, path, 'must be an object');
  const given = new Map<string, unknown>(Object.entries(value));
  const checked: [string, Json][] = [];
  for (const [name, field] of Object.entries(shape)) {
    const at = path === '' ? name : `${path}.${name}`;
    const member = memberOf(given, name, field);
    given.delete(name);
    if (member === undefined) {
      if (field.optional !== true) refuse(errors, at, 'is missing');
      continue;
    }
    const kept = fieldValue(field, member, at, errors);
    if (kept !== undefined) checked.push([name, kept]);
    if (errors.length >= MAX_ERRORS) return undefined;
  }
  for (const [name, member] of given)
    if (member !== undefined) refuse(errors, shown(path, name), 'is not a known field');
  // Made from entries: `__proto__` stays an ordinary key.
  return Object.fromEntries(checked);
}

/** Null is an absent value, except where it is JSON itself; an absent value is the default. */
function memberOf(given: ReadonlyMap<string, unknown>, name: string, field: Field): unknown {
  const member = given.get(name);
  if (member !== undefined && (member !== null || field.kind === 'json')) return member;
  return 'default' in field ? field.default : undefined;
}

function shown(path: string, name: string): string {
  const short = storable(name.slice(0, 60));
  return path === '' ? short : `${path}.${short}`;
}

function fieldValue(field: Field, value: unknown, path: string, errors: FieldError[]): Json | undefined {
  switch (field.kind) {
    case 'number':
    case 'integer':
      return numberValue(field, value, path, errors);
    case 'boolean':
      return typeof value === 'boolean' ? value : refuse(errors, path, 'must be true or false');
    case 'choice':
      if (typeof value === 'string' && field.values.includes(value)) return value;
      return refuse(errors, path, `must be one of ${field.values.join(', ').slice(0, 300)}`);
    case 'list':
      return listValue(field, value, path, errors);
    case 'object':
      return shapeValue((field satisfies ObjectField).fields, value, path, errors);
    case 'json':
      return jsonValue(value, path, errors);
    case 'entity':
      if (typeof value === 'string' && value !== '' && value.length <= MAX_TEXT && isStorable(value)) return value;
      return refuse(errors, path, 'must be the id of a record');
    case 'text':
    case 'multiline':
    case 'secret':
    case 'url':
    case 'decimal':
    case 'instant':
    case 'date':
      return textValue(field, value, path, errors);
    default:
      return refuse(errors, path, 'is of a kind that is not known');
  }
}

function textValue(field: TextField, value: unknown, path: string, errors: FieldError[]): Json | undefined {
  if (typeof value !== 'string') return refuse(errors, path, 'must be a text');
  const max = field.max ?? MAX_TEXT;
  if (value.length > max) return refuse(errors, path, `must have at most ${max} characters`);
  if (!isStorable(value)) return refuse(errors, path, 'must be text without broken or null characters');
  if (!isTextOfKind(field.kind, value)) return refuse(errors, path, textKindInWords[field.kind]);
  if (field.pattern !== undefined) {
    const problem = checkPattern(field.pattern, value);
    // A person learns more from an example than from a regular expression.
    if (problem !== null)
      return refuse(errors, path, field.example === undefined ? problem : `must be like ${field.example}`);
  }
  return value;
}

function numberValue(field: NumberField, value: unknown, path: string, errors: FieldError[]): Json | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return refuse(errors, path, 'must be a number');
  if (field.kind === 'integer' && !Number.isSafeInteger(value)) return refuse(errors, path, 'must be a whole number');
  if (field.min !== undefined && value < field.min) return refuse(errors, path, `must be at least ${field.min}`);
  if (field.max !== undefined && value > field.max) return refuse(errors, path, `must be at most ${field.max}`);
  return Object.is(value, -0) ? 0 : value;
}

function listValue(field: ListField, value: unknown, path: string, errors: FieldError[]): Json | undefined {
  if (!Array.isArray(value)) return refuse(errors, path, 'must be a list');
  const max = field.max ?? MAX_MEMBERS;
  if (value.length > max) return refuse(errors, path, `must have at most ${max} members`);
  const members: Json[] = [];
  for (const [index, member] of value.entries()) {
    const kept = fieldValue(field.of, member, `${path}[${index}]`, errors);
    if (kept !== undefined) members.push(kept);
    if (errors.length >= MAX_ERRORS) return undefined;
  }
  return members;
}

function jsonValue(value: unknown, path: string, errors: FieldError[]): Json | undefined {
  const json = asJson(value);
  if (json === undefined) return refuse(errors, path, 'must be JSON, at most 32 levels deep');
  if (Buffer.byteLength(JSON.stringify(json)) > MAX_JSON_BYTES)
    return refuse(errors, path, 'must have at most 64 KiB as JSON');
  return json;
}

function refuse(errors: FieldError[], path: string, message: string): undefined {
  errors.push({ path, message });
}
