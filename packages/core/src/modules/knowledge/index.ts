/**
 * The knowledge base: articles for colleagues, for some clients or for everybody, found by their words and suggested where they may help.
 * Owns: all tables whose names begin with `knowledge_`.
 */
export { knowledgeModule } from './knowledge-module.ts';
export { ArticleQueries } from './article-queries.ts';
