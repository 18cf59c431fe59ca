import { A } from '@solidjs/router';
import { For, Show, createEffect, untrack } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { AUDIENCES, type Article } from './article-words.ts';

/** Articles that may help with what is said; nothing at all where there is none. */
export function ArticleSuggestions(props: {
  text: string;
  clientId?: string | undefined;
  /** Puts an article’s words into what is being written. */
  onInsert?: ((article: Article) => void) | undefined;
  /** It is known whether there are any: what stands beneath may be shown without being moved. */
  onSettled?: () => void;
}): JSX.Element {
  const { can } = useSession();
  const scoped = useScopedHref();
  const isAsked = (): boolean => can('knowledge.read-articles') && props.text.trim().length > 2;
  const found = createRecordQuery({
    key: () => ['knowledge-article', 'list', 'suggested', props.text, props.clientId],
    fetch: (signal) =>
      api.knowledge.suggestArticles.query(
        {
          text: props.text.slice(0, 2000),
          ...(props.clientId === undefined ? {} : { clientId: props.clientId as never }),
        },
        { signal },
      ),
    isEnabled: isAsked,
  });
  createEffect(() => {
    if (!isAsked() || found.value() !== undefined || found.problem() !== undefined) untrack(() => props.onSettled?.());
  });
  const insert = async (articleId: Article['id']): Promise<void> =>
    props.onInsert?.(await api.knowledge.getArticle.query({ articleId }));
  return (
    <Show when={(found.value()?.items.length ?? 0) > 0}>
      <section class="mt-6" aria-label="Suggested articles">
        <h2 class="font-semibold">Suggested articles</h2>
        <ul class="mt-2 flex flex-col gap-2">
          <For each={found.value()?.items ?? []}>
            {(article) => (
              <li>
                <div class="flex items-baseline gap-2">
                  <A class="min-w-0 flex-1 truncate-line hover:underline" href={scoped(`/knowledge/${article.id}`)}>
                    {article.title}
                  </A>
                  <span class="shrink-0 text-[0.9375em] text-muted">{AUDIENCES[article.audience]}</span>
                  <Show when={props.onInsert !== undefined && article.audience !== 'internal'}>
                    <Button size="small" kind="quiet" onClick={() => void insert(article.id)}>
                      Insert
                    </Button>
                  </Show>
                </div>
                <p class="truncate-line text-[0.9375em] text-muted">{article.summary}</p>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  );
}
