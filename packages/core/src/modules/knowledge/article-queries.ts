import { sql, type Kysely } from 'kysely';
import { z } from 'zod';
import { NotFoundError } from '#kernel/errors';
import { clientIdSchema, idSchema } from '#kernel/id';
import { decodeCursor, pageInput, toPage, type Page } from '#kernel/page';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import { AUDIENCES, STATES } from './article.ts';
import type { ArticleFiles } from './article-files.ts';
import {
  LIST_COLUMNS,
  toArticleView,
  type articleDetailView,
  type articleView,
  type portalArticleDetailView,
  type portalArticleView,
  type versionView,
} from './article-view.ts';
import type { KnowledgeArticleId, KnowledgeTables } from './knowledge-table.ts';

export const articleIdInput = z.object({ articleId: idSchema('knowledge-article') });
export const listArticlesInput = z.object({
  ...pageInput,
  /** Words; the best matches come first then, on one page. */
  search: text({ max: 200 }).optional(),
  state: z.enum(STATES).optional(),
  audience: z.enum(AUDIENCES).optional(),
  categoryId: idSchema('knowledge-category').optional(),
});
export const suggestInput = z.object({
  /** What the matter is: a subject and some words of the client. */
  text: text({ max: 2000 }),
  /** For whom: of articles for clients, only this one's. */
  clientId: clientIdSchema.optional(),
});
export const portalListInput = z.object({
  ...pageInput,
  search: text({ max: 200 }).optional(),
  categoryId: idSchema('knowledge-category').optional(),
});
export const portalSuggestInput = z.object({ text: text({ max: 2000 }) });

type ArticleView = z.input<typeof articleView>;
type Filters = Partial<Pick<z.output<typeof listArticlesInput>, 'state' | 'audience' | 'categoryId'>>;

/** The best of a search; whoever has more than these must say more words. */
const MAX_FOUND = 100;
const MAX_SUGGESTED = 5;
/** Of a long text the first words say what it is about, and each word costs a look-up. */
const MAX_WORDS = 24;

/** Reads articles, as far as the reader's audience and reach go: the database's policies say how far. */
export class ArticleQueries {
  readonly #db: ScopedDb<KnowledgeTables>;

  readonly #files: ArticleFiles;

  constructor(deps: { db: ScopedDb; files: ArticleFiles }) {
    this.#db = deps.db.typed<KnowledgeTables>();
    this.#files = deps.files;
  }

  /** The newest change first; with words, the best match first. */
  async list(scope: TenantScope, input: z.output<typeof listArticlesInput>): Promise<Page<ArticleView>> {
    if (input.search !== undefined)
      return {
        items: await this.#found(scope, { words: wordsIn(input.search), isAny: false, limit: MAX_FOUND }, input),
        nextCursor: null,
      };
    const cursor = input.cursor === undefined ? null : decodeCursor(input.cursor, 2);
    const rows = await this.#db.read(scope, (query) => {
      const list = summaries(query)
        .where(within(input))
        .orderBy('updated_at', 'desc')
        .orderBy('id', 'desc')
        .limit(input.limit + 1);
      return cursor === null
        ? list
        : list.where(sql<boolean>`(updated_at, id) < (${cursor[0]}::timestamptz, ${cursor[1]}::uuid)`);
    });
    return toPage(rows, input.limit, toArticleView, (row) => [row.updated_at.toString(), row.id]);
  }

  /** What may help, of what is published: at most five, the best first. */
  async suggest(scope: TenantScope, input: z.output<typeof suggestInput>): Promise<ArticleView[]> {
    const words = wordsIn(input.text);
    const found = await this.#found(scope, { words, isAny: true, limit: 20 }, { state: 'published' });
    const { clientId } = input;
    if (clientId === undefined || found.every((article) => article.audience !== 'client'))
      return found.slice(0, MAX_SUGGESTED);
    const theirs = await this.#db.read(scope, (query) =>
      query
        .selectFrom('knowledge_article_client')
        .select('article_id')
        .where('client_id', '=', clientId)
        .where('article_id', '=', sql<never>`any(${found.map((article) => article.id)}::uuid[])`),
    );
    const ids = new Set<string>(theirs.map((row) => row.article_id));
    return found.filter((article) => article.audience !== 'client' || ids.has(article.id)).slice(0, MAX_SUGGESTED);
  }

  /** One article whole. Throws `knowledge.article-not-found`, also for one that the reader may not see. */
  async get(scope: TenantScope, articleId: KnowledgeArticleId): Promise<z.input<typeof articleDetailView>> {
    const row = await this.#db.readFirst(scope, (query) =>
      summaries(query).select(['html']).where('id', '=', articleId),
    );
    if (row === undefined) throw articleNotFound();
    const [clients, votes, files] = await Promise.all([
      this.#db.read(scope, (query) =>
        query.selectFrom('knowledge_article_client').select('client_id').where('article_id', '=', articleId),
      ),
      this.#db.readFirst(scope, (query) =>
        query
          .selectFrom('knowledge_vote')
          .select([
            sql<number>`count(*) filter (where is_helpful)`.as('helpful'),
            sql<number>`count(*) filter (where not is_helpful)`.as('unhelpful'),
          ])
          .where('article_id', '=', articleId),
      ),
      this.#files.list(scope, articleId),
    ]);
    return {
      ...toArticleView(row),
      html: row.html,
      files,
      clientIds: clients.map((client) => client.client_id),
      helpful: votes?.helpful ?? 0,
      unhelpful: votes?.unhelpful ?? 0,
    };
  }

  /** The versions of an article, the newest first. Throws `knowledge.article-not-found`. */
  async versions(scope: TenantScope, articleId: KnowledgeArticleId): Promise<z.input<typeof versionView>[]> {
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('knowledge_version')
        .select(['number', 'title', 'html', 'by_label', 'at'])
        .where('article_id', '=', articleId)
        .orderBy('number', 'desc')
        .limit(50),
    );
    if (rows.length === 0) throw articleNotFound();
    return rows.map((row) => ({
      number: row.number,
      title: row.title,
      html: row.html,
      byName: row.by_label,
      at: row.at.toString(),
    }));
  }

  /** Published articles for the contact's company, by words or the newest. */
  async listForContact(
    scope: TenantScope,
    input: z.output<typeof portalListInput>,
  ): Promise<Page<z.input<typeof portalArticleView>>> {
    const page = await this.list(scope, { ...input, state: 'published' });
    return { items: page.items.map(forContact), nextCursor: page.nextCursor };
  }

  /** Throws `knowledge.article-not-found`. */
  async getForContact(
    scope: TenantScope,
    articleId: KnowledgeArticleId,
  ): Promise<z.input<typeof portalArticleDetailView>> {
    const article = await this.get(scope, articleId);
    const vote = await this.#db.readFirst(scope, (query) =>
      query
        .selectFrom('knowledge_vote')
        .select('is_helpful')
        .where('article_id', '=', articleId)
        .where('actor_id', '=', scope.actor.id),
    );
    return { ...forContact(article), html: article.html, files: article.files, isHelpful: vote?.is_helpful ?? null };
  }

  async #found(
    scope: TenantScope,
    search: { words: string; isAny: boolean; limit: number },
    filters: Filters,
  ): Promise<ArticleView[]> {
    if (search.words === '') return [];
    const rows = await this.#db.read(scope, (query) =>
      summaries(query)
        .innerJoin(
          sql<{
            found_id: KnowledgeArticleId;
            place: number;
          }>`knowledge_find(${search.words}, ${search.isAny}, ${search.limit})`.as<'found'>(
            sql`found(found_id, place)`,
          ),
          'found.found_id',
          'knowledge_article.id',
        )
        .where(within(filters))
        .orderBy('found.place'),
    );
    return rows.map(toArticleView);
  }
}

/** Said the same of what is absent and of what the reader may not see. */
export function articleNotFound(): NotFoundError {
  return new NotFoundError('knowledge.article-not-found', 'There is no such article.');
}

/** The beginning of the words, with lists as sentences: their marks are a text’s, not a line’s. */
function summaries(query: Kysely<KnowledgeTables>) {
  return query
    .selectFrom('knowledge_article')
    .select(LIST_COLUMNS)
    .select(
      sql<string>`left(regexp_replace(regexp_replace(left(body, 400), '(^|\\n)\\s*- ', '\\1', 'g'), '\\s+', ' ', 'g'), 200)`.as(
        'summary',
      ),
    );
}

function within({ state, audience, categoryId }: Filters) {
  const holds = (column: 'state' | 'audience' | 'category_id', value: string | undefined) =>
    value === undefined ? sql<boolean>`true` : sql<boolean>`${sql.ref(`knowledge_article.${column}`)} = ${value}`;
  return sql<boolean>`${holds('state', state)} and ${holds('audience', audience)} and ${holds('category_id', categoryId)}`;
}

/** An article as contacts may know it. */
export function forContact({
  id,
  title,
  summary,
  updatedAt,
  categoryId,
}: ArticleView): z.input<typeof portalArticleView> {
  return { id, title, summary, updatedAt, categoryId };
}

/** Words alone: the signs of a query language, in the wrong places, are errors to PostgreSQL. */
function wordsIn(source: string): string {
  return (source.toLowerCase().match(/[\p{L}\p{N}]{2,40}/gu) ?? []).slice(0, MAX_WORDS).join(' ');
}
