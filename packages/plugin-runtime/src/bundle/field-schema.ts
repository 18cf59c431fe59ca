import type { Field, Json, Shape } from '@bailiwick/sdk';
import { z } from 'zod';
import { patternProblem } from '../rules/pattern.ts';

/** Any JSON value. */
export const jsonSchema: z.ZodType<Json> = z.json() as z.ZodType<Json>;
// Controls, and marks that turn the direction of what follows: a label must not rewrite the sentence around it.
const unfit = /[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;
/** Text that a person reads, of one line. */
export const labelSchema = lineSchema(120);
/** Text that a person reads, of a few sentences. */
export const helpSchema = z
  .string()
  .min(1)
  .max(2000)
  .refine((text) => !unfit.test(text.replaceAll('\n', ' ')), 'has control characters');
/** A text with places that the host fills in. */
export const templateSchema = z.string().min(1).max(2000);
/** A name that code uses: kebab case. */
export const kebabSchema = z
  .string()
  .max(60)
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'is a name in kebab case');

/** Text of one line, without control characters. */
export function lineSchema(max: number): z.ZodType<string> {
  return z
    .string()
    .min(1)
    .max(max)
    .refine((text) => text.trim() === text && !unfit.test(text), 'is one line of text without control characters');
}

const notes = {
  label: labelSchema.exactOptional(),
  help: helpSchema.exactOptional(),
  optional: z.literal(true).exactOptional(),
  private: z.literal(true).exactOptional(),
};

const textField = z.strictObject({
  kind: z.enum(['text', 'multiline', 'secret', 'url', 'decimal', 'instant', 'date']),
  ...notes,
  max: z.int().min(1).max(100_000).exactOptional(),
  pattern: z
    .string()
    .refine(
      (pattern) => patternProblem(pattern) === null,
      'is no regular expression that can be matched in bounded time',
    )
    .exactOptional(),
  example: z.string().max(500).exactOptional(),
  default: z.string().max(1000).exactOptional(),
  options: z.string().max(60).exactOptional(),
});

const numberField = z.strictObject({
  kind: z.enum(['number', 'integer']),
  ...notes,
  min: z.number().exactOptional(),
  max: z.number().exactOptional(),
  default: z.number().exactOptional(),
  unit: z.string().max(30).exactOptional(),
});

const choiceField = z
  .strictObject({
    kind: z.literal('choice'),
    ...notes,
    values: z.array(z.string().min(1).max(100)).min(1).max(500),
    default: z.string().exactOptional(),
  })
  .refine(({ values, default: chosen }) => chosen === undefined || values.includes(chosen), {
    path: ['default'],
    message: 'is none of the values',
  });

/** One field of a form or of a record. */
export const fieldSchema: z.ZodType<Field> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    textField,
    numberField,
    z.strictObject({ kind: z.literal('boolean'), ...notes, default: z.boolean().exactOptional() }),
    choiceField,
    z.strictObject({
      kind: z.literal('list'),
      ...notes,
      of: fieldSchema,
      max: z.int().min(1).max(100_000).exactOptional(),
    }),
    z.strictObject({ kind: z.literal('object'), ...notes, fields: shapeSchema }),
    z.strictObject({ kind: z.literal('json'), ...notes }),
    z.strictObject({ kind: z.literal('entity'), ...notes, entity: z.string().min(1).max(100) }),
  ]),
);

const fieldName = /^(?!(?:__proto__|constructor|prototype)$)[A-Za-z][A-Za-z0-9]{0,49}$/;

/** Named fields, at most 60. */
export const shapeSchema: z.ZodType<Shape> = z
  .record(z.string().regex(fieldName, 'is a name in camel case'), fieldSchema)
  .refine((shape) => Object.keys(shape).length <= 60, 'has more than 60 fields');
