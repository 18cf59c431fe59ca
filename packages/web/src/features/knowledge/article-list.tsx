import { A } from '@solidjs/router';
import BookOpen from 'lucide-solid/icons/book-open';
import Plus from 'lucide-solid/icons/plus';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { choiceField, createUrlState, textField } from '#web/app/routing/url-state.ts';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button, buttonClass } from '#web/ui/button/button.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { ScreenHead } from '#web/ui/screen-head/screen-head.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { Tabs } from '#web/ui/tabs/tabs.tsx';
import { AUDIENCES, STATES } from './article-words.ts';
import { createCategories } from './category-choice.tsx';

const TABS = ['all', 'published', 'draft', 'archived'] as const;

/** The knowledge base: what is written down, found by its words. */
export function ArticleList(): JSX.Element {
  const { can } = useSession();
  const scoped = useScopedHref();
  const [state, setState] = createUrlState({
    tab: choiceField(TABS, 'all'),
    search: textField(''),
    category: textField(''),
  });
  const categories = createCategories();
  const articles = createListQuery({
    key: () => ['knowledge-article', 'list', state.tab, state.search, state.category],
    fetchPage: (cursor, signal) =>
      api.knowledge.listArticles.query(
        {
          limit: 50,
          ...(cursor === undefined ? {} : { cursor }),
          ...(state.search.trim() === '' ? {} : { search: state.search }),
          ...(state.category === '' ? {} : { categoryId: state.category as never }),
          ...(state.tab === 'all' ? {} : { state: state.tab }),
        },
        { signal },
      ),
  });
  const write = (): JSX.Element => (
    <Show when={can('knowledge.write-articles')}>
      <A href={scoped('/knowledge/new')} class={buttonClass({ kind: 'primary' })}>
        <Plus size={14} /> New article
      </A>
    </Show>
  );
  return (
    <>
      <ScreenHead title="Knowledge">
        <Tabs
          label="State"
          value={state.tab}
          onChange={(tab) => setState({ tab: tab as (typeof TABS)[number] })}
          items={[
            { value: 'all', label: 'All' },
            { value: 'published', label: 'Published' },
            { value: 'draft', label: 'Drafts' },
            { value: 'archived', label: 'Archived' },
          ]}
        />
      </ScreenHead>
      <div class="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2">
        <div class="w-72 max-w-full">
          <Input
            type="search"
            aria-label="Search the articles"
            placeholder="Words of the article…"
            value={state.search}
            onInput={(event) => setState({ search: event.currentTarget.value })}
          />
        </div>
        <Select
          class="w-48 max-w-full"
          aria-label="Category"
          value={state.category}
          onChange={(category) => setState({ category })}
          options={[
            { value: '', label: 'All categories' },
            ...(categories.value() ?? []).map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <span class="ml-auto">{write()}</span>
      </div>
      <div class="min-h-0 flex-1 overflow-y-auto px-4">
        <Show when={articles.problem()}>
          {(problem) => (
            <ErrorState title="The articles could not be loaded" problem={problem()} onRetry={articles.retry} />
          )}
        </Show>
        <Show when={!articles.isLoading()} fallback={<SkeletonText lines={8} />}>
          <Show
            when={articles.items().length > 0}
            fallback={
              <Show when={articles.problem() === undefined}>
                <EmptyState
                  icon={BookOpen}
                  title={state.search === '' ? 'Nothing is written down here yet' : 'No article has these words'}
                >
                  What one of you finds out helps the others, and clients who look before they ask. A ticket’s page can
                  make an article of what solved it.
                </EmptyState>
              </Show>
            }
          >
            <ul class="divide-y divide-line" aria-label="Articles">
              <For each={articles.items()}>
                {(article) => (
                  <li class="py-2.5">
                    <div class="flex flex-wrap items-center gap-2">
                      <A class="min-w-0 font-medium hover:underline" href={scoped(`/knowledge/${article.id}`)}>
                        {article.title}
                      </A>
                      <StatusPill state={STATES[article.state].state}>{STATES[article.state].label}</StatusPill>
                      <span class="text-muted">for {AUDIENCES[article.audience].toLowerCase()}</span>
                      <span class="ml-auto text-muted">
                        {article.authorName}, <RelativeTime iso={article.updatedAt} />
                      </span>
                    </div>
                    <p class="truncate-line text-muted">{article.summary}</p>
                  </li>
                )}
              </For>
            </ul>
            <Show when={articles.hasMore()}>
              <Button isBusy={articles.isLoadingMore()} onClick={() => articles.loadMore()}>
                Show more
              </Button>
            </Show>
          </Show>
        </Show>
      </div>
    </>
  );
}
