import { z } from 'zod';

type JsonSchema = {
  type?: string;
  entity?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  format?: string;
  minimum?: number;
  exclusiveMinimum?: number;
  minLength?: number;
  minItems?: number;
  propertyNames?: JsonSchema;
};

/** Texts that the product's own formats accept: tried in turn where a schema refuses the plain one. */
const TEXTS = [
  'sample',
  'GBP',
  'Europe/London',
  'ZZ9',
  'sample-9',
  'FREQ=DAILY',
  'sample@example.test',
  '2026-11-20',
  '2026-11-20T09:00:00Z',
  'example.test',
  '1.5',
  'P1D',
  '12:30',
  'GB',
  'tenancy.read-clients',
  'cpu.usage_percent',
  '0'.repeat(64),
  'https://example.test/',
  '00000000-0000-7000-8000-00000000000f',
];

/** Every entity whose id an input can carry, wherever it stands. */
export function entitiesIn(schema: z.ZodType): Set<string> {
  const entities = new Set<string>();
  visit(jsonSchemaOf(schema), (part) => {
    if (part.entity !== undefined) entities.add(part.entity);
  });
  return entities;
}

/** A valid input with a chosen id in every place that takes one. Throws where none can be made, so that no operation goes untested. */
export function sampleInput(schema: z.ZodType, idOf: (entity: string) => string): Record<string, unknown> {
  const json = jsonSchemaOf(schema);
  const overrides = new Map<string, number>();
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const input = sample(json, idOf, overrides, []) as Record<string, unknown>;
    const result = schema.safeParse(input);
    if (result.success) return input;
    for (const issue of result.error.issues) {
      const path = issue.path.join('.');
      overrides.set(path, (overrides.get(path) ?? 0) + 1);
      if ((overrides.get(path) ?? 0) > TEXTS.length)
        throw new Error(`no sample for ${path}: ${issue.message} (${JSON.stringify(input)})`);
    }
  }
  throw new Error('no sample input found');
}

function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
}

function visit(schema: JsonSchema, look: (part: JsonSchema) => void): void {
  look(schema);
  const inner = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.items === undefined ? [] : [schema.items]),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...(schema.allOf ?? []),
  ];
  for (const part of inner) visit(part, look);
}

function sample(
  schema: JsonSchema,
  idOf: (entity: string) => string,
  overrides: ReadonlyMap<string, number>,
  path: readonly string[],
): unknown {
  const recurse = (inner: JsonSchema, step?: string): unknown =>
    sample(inner, idOf, overrides, step === undefined ? path : [...path, step]);
  if (schema.entity !== undefined) return idOf(schema.entity);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[(overrides.get(path.join('.')) ?? 0) % schema.enum.length];
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined)
    return recurse(alternatives.find((part) => part.type !== 'null') ?? alternatives[0] ?? {});
  switch (schema.type) {
    case 'object':
      return sampleObject(schema, recurse, overrides, path);
    case 'array':
      return Array.from({ length: schema.minItems ?? (mentionsId(schema.items ?? {}) ? 1 : 0) }, (_, index) =>
        recurse(schema.items ?? {}, String(index)),
      );
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 0, (schema.exclusiveMinimum ?? 0) + 1, 1);
    case 'boolean':
      return false;
    case 'string':
      if (path.includes('permissions')) return 'tenancy.read-clients';
      // A range must end after it begins.
      if (schema.format === 'date-time' && (path.at(-1) === 'to' || path.at(-1) === 'until'))
        return '2026-11-20T10:00:00Z';
      return sampleText(schema, overrides.get(path.join('.')) ?? 0);
    default:
      return null;
  }
}

function sampleObject(
  schema: JsonSchema,
  recurse: (inner: JsonSchema, step?: string) => unknown,
  overrides: ReadonlyMap<string, number>,
  path: readonly string[],
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const isNeeded =
      schema.required?.includes(name) === true || mentionsId(property) || overrides.has([...path, name].join('.'));
    if (isNeeded) result[name] = recurse(property, name);
  }
  return result;
}

function mentionsId(schema: JsonSchema): boolean {
  let found = false;
  visit(schema, (part) => {
    found ||= part.entity !== undefined;
  });
  return found;
}

function sampleText(schema: JsonSchema, attempt: number): string {
  const text =
    schema.format === 'date-time'
      ? '2026-11-20T09:00:00Z'
      : schema.format === 'date'
        ? '2026-11-20'
        : (TEXTS[attempt % TEXTS.length] ?? 'sample');
  return text.padEnd(schema.minLength ?? 0, 'x');
}
