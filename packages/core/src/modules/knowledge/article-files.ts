import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, InvalidInputError, NotFoundError } from '#kernel/errors';
import { idSchema, newId } from '#kernel/id';
import type { Download, Upload } from '#kernel/operation';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import { contentTypeOf, downloadName } from '#modules/files';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { FileKey, FileStore, StoredFile } from '#platform/files/file-store';
import type { LiveHub } from '#platform/live';
import { articleNotFound } from './article-queries.ts';
import type { articleFileView } from './article-view.ts';
import type { KnowledgeArticleId, KnowledgeFileId, KnowledgeTables } from './knowledge-table.ts';

export const addArticleFileInput = z.object({ articleId: idSchema('knowledge-article') });
export const articleFileInput = z.object({
  articleId: idSchema('knowledge-article'),
  fileId: idSchema('knowledge-file'),
});
type FileView = z.output<typeof articleFileView>;
type Tx = ScopedTransaction<KnowledgeTables>;

const MAX_FILE_BYTES = 25 * 1024 * 1024;
const MAX_FILES = 20;

interface Deps {
  readonly db: ScopedDb;
  readonly files: FileStore;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Files that go with articles. A file of the files module is one client's; these are whoever's may read the article, which the database says. */
export class ArticleFiles {
  readonly #db: ScopedDb<KnowledgeTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<KnowledgeTables>();
    this.#deps = deps;
  }

  /** The files of an article that the scope may read, the oldest first. */
  async list(scope: TenantScope, articleId: KnowledgeArticleId): Promise<FileView[]> {
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('knowledge_file')
        .select(['id', 'name', 'content_type', 'size_bytes'])
        .where('article_id', '=', articleId)
        .orderBy('id')
        .limit(MAX_FILES),
    );
    return rows.map(toView);
  }

  /**
   * Resolves once the bytes are safe. Throws `knowledge.article-not-found`, `knowledge.too-many-files`, `files.too-large`, `knowledge.empty-file`, and
   * `scope.needs-all-clients` for an article that is not for clients alone; a refused or broken-off upload leaves nothing.
   */
  async add(scope: TenantScope, articleId: KnowledgeArticleId, upload: Upload): Promise<FileView> {
    const { files } = this.#deps;
    await this.#db.transaction(scope, (tx) => roomFor(tx, articleId));
    const key = files.newKey();
    try {
      const stored = await files.write(key, upload.body, { maxBytes: MAX_FILE_BYTES });
      if (stored.sizeBytes === 0)
        throw new InvalidInputError('knowledge.empty-file', 'The file is empty.', {
          fields: [{ path: ['body'], message: 'must not be empty' }],
        });
      return await this.#db.transaction(scope, (tx) => this.#keep(tx, articleId, upload.fileName, { key, stored }));
    } catch (error) {
      await files.remove(key);
      throw error;
    }
  }

  /** Throws `knowledge.file-not-found`, `scope.needs-all-clients`. */
  async remove(scope: TenantScope, { articleId, fileId }: z.output<typeof articleFileInput>): Promise<void> {
    await this.#db.transaction(scope, async (tx) => {
      await articleForChange(tx, articleId);
      const row = await tx.query
        .deleteFrom('knowledge_file')
        .where('id', '=', fileId)
        .where('article_id', '=', articleId)
        .returning(['name', 'storage_key'])
        .executeTakeFirst();
      if (row === undefined) throw fileNotFound();
      await this.#deps.audit.record(tx, {
        action: 'knowledge.remove-file',
        subject: { kind: 'knowledge-article', id: articleId, clientId: null },
        summary: `Took the file ${row.name} off an article`,
        before: { name: row.name },
      });
      this.#deps.live.touch(tx, { clientId: null, topic: 'knowledge-article', id: articleId, version: 0 });
      // A file that is left over costs its room only; a row without its file would be a link that leads nowhere.
      tx.onCommit(() => void this.#deps.files.remove(row.storage_key).catch(() => {}));
    });
  }

  /** The file on its way out, to be saved and never shown by the browser itself. Throws `knowledge.file-not-found`, also where the reader may not see the article. */
  async open(scope: TenantScope, { articleId, fileId }: z.output<typeof articleFileInput>): Promise<Download> {
    const row = await this.#db.readFirst(scope, (query) =>
      query
        .selectFrom('knowledge_file')
        .select(['name', 'content_type', 'storage_key'])
        .where('id', '=', fileId)
        .where('article_id', '=', articleId),
    );
    if (row === undefined) throw fileNotFound();
    return {
      fileName: row.name,
      contentType: row.content_type,
      body: await this.#deps.files.read(row.storage_key),
      disposition: 'attachment',
    };
  }

  async #keep(
    tx: Tx,
    articleId: KnowledgeArticleId,
    fileName: string,
    { key, stored }: { key: FileKey; stored: StoredFile },
  ): Promise<FileView> {
    await roomFor(tx, articleId);
    const { audit, live, clock } = this.#deps;
    const id: KnowledgeFileId = newId();
    const name = downloadName(fileName);
    const row = {
      id,
      name,
      content_type: contentTypeOf(stored.head, name),
      size_bytes: stored.sizeBytes,
      sha256: stored.sha256,
      storage_key: key,
    };
    await tx.query
      .insertInto('knowledge_file')
      .values({
        msp_id: tx.scope.mspId,
        article_id: articleId,
        ...row,
        by_label: tx.scope.actor.label,
        created_at: clock.now(),
      })
      .execute();
    await audit.record(tx, {
      action: 'knowledge.add-file',
      subject: { kind: 'knowledge-article', id: articleId, clientId: null },
      summary: `Added the file ${name} to an article`,
      after: { name, sizeBytes: stored.sizeBytes, sha256: stored.sha256 },
    });
    live.touch(tx, { clientId: null, topic: 'knowledge-article', id: articleId, version: 0 });
    return toView(row);
  }
}

async function articleForChange(tx: Tx, articleId: KnowledgeArticleId): Promise<void> {
  const article = await tx.query
    .selectFrom('knowledge_article')
    .select('audience')
    .where('id', '=', articleId)
    .forUpdate()
    .executeTakeFirst();
  if (article === undefined) throw articleNotFound();
  if (article.audience !== 'client') requireWholeMsp(tx.scope);
}

async function roomFor(tx: Tx, articleId: KnowledgeArticleId): Promise<void> {
  await articleForChange(tx, articleId);
  const { count } = await tx.query
    .selectFrom('knowledge_file')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('article_id', '=', articleId)
    .executeTakeFirstOrThrow();
  if (count >= MAX_FILES)
    throw new ConflictError('knowledge.too-many-files', `An article has at most ${MAX_FILES} files.`);
}

function toView(row: { id: KnowledgeFileId; name: string; content_type: string; size_bytes: number }): FileView {
  return { id: row.id, fileName: row.name, contentType: row.content_type, sizeBytes: row.size_bytes };
}

function fileNotFound(): NotFoundError {
  return new NotFoundError('knowledge.file-not-found', 'There is no such file.');
}
