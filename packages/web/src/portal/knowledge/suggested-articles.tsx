import { A } from '@solidjs/router';
import { For, Show, createEffect, createSignal, onCleanup } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useSession } from '#web/app/session/session.tsx';
import { t } from '#web/language/language.ts';

/** A pause in typing after which a look is worth a request. */
const PAUSE_MS = 500;
const MIN_LETTERS = 4;
const MAX_LETTERS = 2000;

/** Articles that may already say what helps, while a request is written. Each opens beside it, so that nothing that was written is lost. */
export function SuggestedArticles(props: { text: string }): JSX.Element {
  const { can } = useSession();
  const [asked, setAsked] = createSignal('');
  createEffect(() => {
    const words = props.text.trim().slice(0, MAX_LETTERS).toWellFormed();
    const timer = setTimeout(() => setAsked(words.length < MIN_LETTERS ? '' : words), PAUSE_MS);
    onCleanup(() => clearTimeout(timer));
  });
  const found = createRecordQuery({
    key: () => ['knowledge-article', 'list', 'portal-suggested', asked()],
    fetch: async (signal) => (await api.knowledge.suggestPortalArticles.query({ text: asked() }, { signal })).items,
    isEnabled: () => asked() !== '' && can('knowledge.read-in-portal'),
  });
  return (
    <Show when={asked() !== '' && (found.value()?.length ?? 0) > 0}>
      <section class="rounded-card border border-line bg-surface p-5" aria-label={t('knowledge.mayHelp')}>
        <h2 class="font-semibold">{t('knowledge.mayHelp')}</h2>
        <ul class="divide-y divide-line">
          <For each={found.value()}>
            {(article) => (
              <li class="py-2 last:pb-0">
                <A class="text-accent-text hover:underline" href={`/knowledge/${article.id}`} target="_blank">
                  {article.title}
                </A>
                <p class="line-clamp-2 text-small break-words text-muted">{article.summary}</p>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  );
}
