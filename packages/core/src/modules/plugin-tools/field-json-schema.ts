import type { Field, Shape, TextField } from '@bailiwick/sdk';

/** JSON Schema 2020-12, as far as fields need it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The object that fields describe. Nothing besides them is taken. */
export function shapeJsonSchema(shape: Shape): JsonSchema {
  const fields = Object.entries(shape);
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(([name, field]) => [name, fieldJsonSchema(field)])),
    required: fields.filter(([, field]) => isRequired(field)).map(([name]) => name),
    additionalProperties: false,
  };
}

function isRequired(field: Field): boolean {
  return field.optional !== true && !('default' in field && field.default !== undefined);
}

function fieldJsonSchema(field: Field): JsonSchema {
  return { ...withoutAbsent({ title: field.label, description: field.help }), ...kindOf(field) };
}

function kindOf(field: Field): JsonSchema {
  switch (field.kind) {
    case 'number':
    case 'integer':
      return withoutAbsent({ type: field.kind, minimum: field.min, maximum: field.max, default: field.default });
    case 'boolean':
      return withoutAbsent({ type: 'boolean', default: field.default });
    case 'choice':
      return withoutAbsent({ type: 'string', enum: field.values, default: field.default });
    case 'list':
      return { type: 'array', items: fieldJsonSchema(field.of), maxItems: field.max ?? 1000 };
    case 'object':
      return shapeJsonSchema(field.fields);
    case 'json':
      return {};
    case 'entity':
      return {
        type: 'string',
        description: [field.help, `The vendor's id of a ${field.entity}: the externalId of such a record.`]
          .filter((part) => part !== undefined)
          .join(' '),
      };
    default:
      return textOf(field);
  }
}

const FORMATS: Partial<Readonly<Record<TextField['kind'], string>>> = {
  url: 'uri',
  instant: 'date-time',
  date: 'date',
};

function textOf(field: TextField): JsonSchema {
  const decimal = field.kind === 'decimal' ? '^-?[0-9]+(\\.[0-9]+)?$' : undefined;
  return withoutAbsent({
    type: 'string',
    maxLength: field.max ?? 1000,
    format: FORMATS[field.kind],
    pattern: field.pattern === undefined ? decimal : `^(?:${field.pattern})$`,
    default: field.default,
    examples: field.example === undefined ? undefined : [field.example],
    writeOnly: field.kind === 'secret' ? true : undefined,
  });
}

function withoutAbsent(schema: Readonly<Record<string, unknown>>): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));
}
