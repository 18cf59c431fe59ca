import { A, useParams } from '@solidjs/router';
import ArrowLeft from 'lucide-solid/icons/arrow-left';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { createTitle } from '#web/app/routing/titled-screen.tsx';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { RichText } from '#web/ui/rich-text/rich-text.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { ArticleFiles } from './article-files.tsx';
import { AUDIENCES, STATES, type Article } from './article-words.ts';
import { ArticleForm } from './edit-article.tsx';

/** One article, read or written. */
export function ArticlePage(): JSX.Element {
  const params = useParams();
  const scoped = useScopedHref();
  const { can } = useSession();
  const [isEditing, setEditing] = createSignal(false);
  const id = () => (params['articleId'] ?? '') as never;
  const article = createRecordQuery({
    key: () => ['knowledge-article', 'one', id()],
    fetch: (signal) => api.knowledge.getArticle.query({ articleId: id() }, { signal }),
  });
  createTitle(() => article.value()?.title);
  return (
    <div class="flex min-h-0 flex-1 flex-col">
      <div class="flex min-h-10 shrink-0 items-center gap-2 border-b border-line px-4 text-muted">
        <A href={scoped('/knowledge')} class="inline-flex items-center gap-1.5 rounded-tag px-1 hover:text-text">
          <ArrowLeft size={14} /> Knowledge
        </A>
        <Show when={article.value() !== undefined && can('knowledge.write-articles') && !isEditing()}>
          <span class="ml-auto">
            <Button size="small" onClick={() => setEditing(true)}>
              Change
            </Button>
          </span>
        </Show>
      </div>
      <div class="min-h-0 flex-1 overflow-y-auto">
        <div class="mx-auto w-full max-w-190 px-6 py-5">
          <Show when={article.problem()}>
            {(problem) => (
              <ErrorState title="The article could not be loaded" problem={problem()} onRetry={article.retry} />
            )}
          </Show>
          <Show
            when={article.value()}
            fallback={
              <Show when={article.problem() === undefined}>
                <SkeletonText lines={8} />
              </Show>
            }
          >
            {(value) => (
              <Show when={isEditing()} fallback={<Reading article={value()} />}>
                <ArticleForm article={value()} onDone={() => setEditing(false)} />
              </Show>
            )}
          </Show>
        </div>
      </div>
    </div>
  );
}

function Reading(props: { article: Article }): JSX.Element {
  const isDue = (): boolean =>
    props.article.reviewOn !== null &&
    Temporal.PlainDate.compare(props.article.reviewOn, Temporal.Now.plainDateISO()) <= 0;
  return (
    <article>
      <h1 class="text-large font-semibold tracking-tight">{props.article.title}</h1>
      <p class="mt-1 flex flex-wrap items-center gap-2 text-muted">
        <StatusPill state={STATES[props.article.state].state}>{STATES[props.article.state].label}</StatusPill>
        for {AUDIENCES[props.article.audience].toLowerCase()}, by {props.article.authorName}, changed{' '}
        <RelativeTime iso={props.article.updatedAt} />
        <Show when={props.article.helpful + props.article.unhelpful > 0}>
          <span>
            {props.article.helpful} of {props.article.helpful + props.article.unhelpful} found it helpful
          </span>
        </Show>
      </p>
      <Show when={isDue()}>
        <p class="mt-3 rounded-control bg-warning-soft px-3 py-2 text-warning-text">
          Somebody should look whether this still holds: that was due on {props.article.reviewOn}.
        </p>
      </Show>
      <RichText class="mt-4" html={props.article.html} />
      <ArticleFiles article={props.article} />
      <Versions articleId={props.article.id} />
    </article>
  );
}

function Versions(props: { articleId: Article['id'] }): JSX.Element {
  const [isOpen, setOpen] = createSignal(false);
  const versions = createRecordQuery({
    key: () => ['knowledge-article', 'list', 'versions', props.articleId],
    fetch: (signal) => api.knowledge.listVersions.query({ articleId: props.articleId }, { signal }),
    isEnabled: isOpen,
  });
  return (
    <section class="mt-8 border-t border-line pt-3">
      <Button size="small" kind="quiet" onClick={() => setOpen(!isOpen())}>
        {isOpen() ? 'Hide earlier versions' : 'Earlier versions'}
      </Button>
      <Show when={isOpen()}>
        <ol class="mt-2 flex flex-col gap-2" aria-label="Versions">
          <For each={versions.value()?.items ?? []}>
            {(version) => (
              <li>
                <details>
                  <summary class="cursor-pointer">
                    Version {version.number}, {version.byName}, <RelativeTime iso={version.at} />
                  </summary>
                  <div class="mt-1 border-l-2 border-line pl-3">
                    <p class="font-semibold">{version.title}</p>
                    <RichText html={version.html} />
                  </div>
                </details>
              </li>
            )}
          </For>
        </ol>
      </Show>
    </section>
  );
}
