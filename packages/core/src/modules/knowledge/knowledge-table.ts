import type { Generated, GeneratedAlways } from 'kysely';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { FileKey } from '#platform/files/file-store';
import type { Audience, Language, State } from './article.ts';

export type KnowledgeArticleId = Id<'knowledge-article'>;
export type KnowledgeFileId = Id<'knowledge-file'>;
export type KnowledgeCategoryId = Id<'knowledge-category'>;

export interface KnowledgeTables {
  knowledge_category: { msp_id: MspId; id: KnowledgeCategoryId; name: string; created_at: Temporal.Instant };
  knowledge_article: {
    msp_id: MspId;
    id: KnowledgeArticleId;
    title: string;
    audience: Audience;
    state: State;
    language: Language;
    category_id: KnowledgeCategoryId | null;
    html: string;
    /** The plain text of `html`. */
    body: string;
    author_label: string;
    review_on: Temporal.PlainDate | null;
    version: Generated<number>;
    created_at: Temporal.Instant;
    updated_at: Temporal.Instant;
    published_at: Temporal.Instant | null;
    search: GeneratedAlways<string>;
  };
  knowledge_article_client: { msp_id: MspId; client_id: ClientId; article_id: KnowledgeArticleId };
  knowledge_version: {
    msp_id: MspId;
    article_id: KnowledgeArticleId;
    number: number;
    title: string;
    html: string;
    by_label: string;
    at: Temporal.Instant;
  };
  knowledge_file: {
    msp_id: MspId;
    id: KnowledgeFileId;
    article_id: KnowledgeArticleId;
    /** As a download offers it: harmless to show and to save. */
    name: string;
    content_type: string;
    size_bytes: number;
    sha256: string;
    storage_key: FileKey;
    by_label: string;
    created_at: Temporal.Instant;
  };
  knowledge_vote: {
    msp_id: MspId;
    article_id: KnowledgeArticleId;
    actor_id: string;
    is_helpful: boolean;
    at: Temporal.Instant;
  };
}
