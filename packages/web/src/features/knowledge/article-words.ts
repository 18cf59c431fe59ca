import type { api } from '#web/app/api/api.ts';

export type Article = Awaited<ReturnType<typeof api.knowledge.getArticle.query>>;

export const AUDIENCES = {
  internal: 'Colleagues',
  client: 'Some clients',
  public: 'All clients',
} as const;
export const STATES = {
  draft: { label: 'Draft', state: 'unknown' },
  published: { label: 'Published', state: 'ok' },
  archived: { label: 'Archived', state: 'paused' },
} as const;
export const LANGUAGES = {
  en: 'English',
  de: 'German',
  fr: 'French',
  es: 'Spanish',
  it: 'Italian',
  nl: 'Dutch',
  pt: 'Portuguese',
  xx: 'Another',
} as const;

/** A choice for each key of a record of words. */
export function choicesOf(words: Readonly<Record<string, string>>): { value: string; label: string }[] {
  return Object.entries(words).map(([value, label]) => ({ value, label }));
}
