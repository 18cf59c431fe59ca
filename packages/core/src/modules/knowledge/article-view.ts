import { z } from 'zod';
import type { Selectable } from 'kysely';
import { clientIdSchema, idSchema } from '#kernel/id';
import { AUDIENCES, LANGUAGES, STATES } from './article.ts';
import type { KnowledgeTables } from './knowledge-table.ts';

/** An article in a list. */
export const articleView = z.object({
  id: idSchema('knowledge-article'),
  title: z.string(),
  /** The first words. */
  summary: z.string(),
  audience: z.enum(AUDIENCES),
  state: z.enum(STATES),
  language: z.enum(LANGUAGES),
  categoryId: idSchema('knowledge-category').nullable(),
  authorName: z.string(),
  reviewOn: z.iso.date().nullable(),
  updatedAt: z.iso.datetime(),
  version: z.int(),
});

/** A file of an article: what it is, not what it holds. */
export const articleFileView = z.object({
  id: idSchema('knowledge-file'),
  fileName: z.string(),
  contentType: z.string(),
  sizeBytes: z.int(),
});

/** An article whole, as staff read it. */
export const articleDetailView = articleView.extend({
  html: z.string(),
  files: z.array(articleFileView),
  /** Those of its clients that the reader reaches. */
  clientIds: z.array(clientIdSchema),
  helpful: z.int(),
  unhelpful: z.int(),
});

/** An article as contacts read it: nothing of who wrote it and when it is looked at again. */
export const portalArticleView = articleView.pick({
  id: true,
  title: true,
  summary: true,
  updatedAt: true,
  categoryId: true,
});
export const portalArticleDetailView = portalArticleView.extend({
  html: z.string(),
  files: z.array(articleFileView),
  /** What the reader said of it; null where nothing yet. */
  isHelpful: z.boolean().nullable(),
});

export const versionView = z.object({
  number: z.int(),
  title: z.string(),
  html: z.string(),
  byName: z.string(),
  at: z.iso.datetime(),
});

/** The columns that a list needs; of the body only its beginning. */
export const LIST_COLUMNS = [
  'id',
  'title',
  'audience',
  'state',
  'language',
  'category_id',
  'author_label',
  'review_on',
  'updated_at',
  'version',
] as const;

type Row = Pick<Selectable<KnowledgeTables['knowledge_article']>, (typeof LIST_COLUMNS)[number]> & { summary: string };

export function toArticleView(row: Row): z.input<typeof articleView> {
  return {
    id: row.id,
    title: row.title,
    summary: row.summary,
    audience: row.audience,
    state: row.state,
    language: row.language,
    categoryId: row.category_id,
    authorName: row.author_label,
    reviewOn: row.review_on?.toString() ?? null,
    updatedAt: row.updated_at.toString(),
    version: row.version,
  };
}
