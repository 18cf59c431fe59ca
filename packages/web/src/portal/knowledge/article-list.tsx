import { A } from '@solidjs/router';
import { For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { createUrlState, textField } from '#web/app/routing/url-state.ts';
import { t } from '#web/language/language.ts';
import { Button, buttonClass } from '#web/ui/button/button.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';

/** What the MSP wrote down for the company: found by its words or by what it is about. */
export function ArticleList(): JSX.Element {
  const [state, setState] = createUrlState({ search: textField(''), about: textField('') });
  const articles = createListQuery({
    key: () => ['knowledge-article', 'list', 'portal', state.search.trim(), state.about],
    fetchPage: (cursor, signal) =>
      api.knowledge.listPortalArticles.query(
        {
          limit: 30,
          ...(cursor === undefined ? {} : { cursor }),
          ...(state.search.trim() === '' ? {} : { search: state.search.trim().slice(0, 200) }),
          ...(state.about === '' ? {} : { categoryId: state.about as never }),
        },
        { signal },
      ),
  });
  const categories = createRecordQuery({
    key: () => ['knowledge-article', 'list', 'portal-categories'],
    fetch: async (signal) => (await api.knowledge.listPortalCategories.query({}, { signal })).items,
  });
  const isFiltered = () => state.search.trim() !== '' || state.about !== '';
  return (
    <div class="mx-auto flex w-full max-w-190 flex-col gap-5">
      <h1 class="text-display font-semibold tracking-tight">{t('knowledge.title')}</h1>
      <div class="grid gap-3 sm:grid-cols-[minmax(0,1.6fr)_minmax(0,1fr)]">
        <Input
          type="search"
          maxlength={200}
          aria-label={t('knowledge.find')}
          placeholder={t('knowledge.findBy')}
          value={state.search}
          onInput={(event) => setState({ search: event.currentTarget.value })}
        />
        <Select
          aria-label={t('knowledge.about')}
          value={state.about}
          onChange={(about) => setState({ about })}
          options={[
            { value: '', label: t('knowledge.everything') },
            ...(categories.value() ?? []).map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      </div>
      <Switch>
        <Match when={articles.problem()}>
          {(problem) => <ErrorState problem={problem()} title={t('knowledge.notLoaded')} onRetry={articles.retry} />}
        </Match>
        <Match when={articles.isLoading()}>
          <div class="rounded-card border border-line bg-surface p-6">
            <SkeletonText lines={4} />
          </div>
        </Match>
        <Match when={articles.items().length === 0}>
          <EmptyState
            title={isFiltered() ? t('knowledge.noneFits') : t('knowledge.none')}
            action={
              <A href="/requests/new" class={buttonClass({ kind: 'primary' })}>
                {t('newRequest.title')}
              </A>
            }
          >
            {isFiltered() ? t('knowledge.noneFitsMore') : t('knowledge.noneMore')}
          </EmptyState>
        </Match>
        <Match when={articles.items().length > 0}>
          <ul class="divide-y divide-line rounded-card border border-line bg-surface" aria-label={t('knowledge.title')}>
            <For each={articles.items()}>
              {(article) => (
                <li>
                  <A
                    href={`/knowledge/${article.id}`}
                    class="transition-quick block px-5 py-4 break-words hover:bg-hover md:px-6"
                  >
                    <span class="block font-semibold">{article.title}</span>
                    <span class="line-clamp-2 text-small text-muted">{article.summary}</span>
                  </A>
                </li>
              )}
            </For>
          </ul>
          <Show when={articles.hasMore()}>
            <Button class="self-center" isBusy={articles.isLoadingMore()} onClick={articles.loadMore}>
              {t('knowledge.more')}
            </Button>
          </Show>
        </Match>
      </Switch>
    </div>
  );
}
