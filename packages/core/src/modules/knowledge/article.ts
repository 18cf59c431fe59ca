import { z } from 'zod';
import { InvalidInputError } from '#kernel/errors';
import { clientIdSchema, idSchema } from '#kernel/id';
import { dateSchema, text } from '#kernel/text';
import { assertWritten, makeRichText, type RichText } from '#platform/rich-text/rich-text';

/** Who reads it: colleagues, the contacts of some clients, or every client's contacts. */
export const AUDIENCES = ['internal', 'client', 'public'] as const;
export type Audience = (typeof AUDIENCES)[number];
export const STATES = ['draft', 'published', 'archived'] as const;
export type State = (typeof STATES)[number];
/** By whose rules its words are searched; `xx` where none of them fits. */
export const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt', 'xx'] as const;
export type Language = (typeof LANGUAGES)[number];

const MAX_LETTERS = 200_000;

/** An article's own images are data, since no file of one client may show in another's article. */
const articleHtml = z
  .string()
  .max(900_000, { error: 'must have at most 900000 characters, images included' })
  .refine((value) => !value.includes('\0') && value.isWellFormed(), {
    error: 'must not contain a NUL character or an unpaired surrogate',
  });

export const articleInput = {
  title: text({ max: 200 }),
  html: articleHtml,
  audience: z.enum(AUDIENCES).default('internal'),
  /** Whose contacts read it; for the audience `client` only. */
  clientIds: z.array(clientIdSchema).max(200, { error: 'must be at most 200 clients' }).default([]),
  state: z.enum(STATES).default('draft'),
  language: z.enum(LANGUAGES).default('en'),
  categoryId: idSchema('knowledge-category').nullable().default(null),
  /** When somebody must look whether it still holds. */
  reviewOn: dateSchema.nullable().default(null),
};

/** What an article says, safe. Throws `knowledge.empty-article`, `knowledge.clients-needed`. */
export function articleWords(input: { html: string; audience: Audience; clientIds: readonly string[] }): RichText {
  if ((input.audience === 'client') !== input.clientIds.length > 0)
    throw new InvalidInputError(
      'knowledge.clients-needed',
      'An article for clients names them; any other names none.',
      {
        fields: [
          { path: ['clientIds'], message: input.audience === 'client' ? 'must name a client' : 'must be empty' },
        ],
      },
    );
  const rich = makeRichText(input.html);
  assertWritten(rich, 'knowledge.empty-article', MAX_LETTERS);
  return rich;
}
