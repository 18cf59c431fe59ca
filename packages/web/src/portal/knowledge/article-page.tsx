import { A, useParams } from '@solidjs/router';
import Paperclip from 'lucide-solid/icons/paperclip';
import { For, Match, Show, Switch, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { createTitle } from '#web/app/routing/titled-screen.tsx';
import { locale, t } from '#web/language/language.ts';
import { Words } from '#web/language/words.tsx';
import { Button, buttonClass } from '#web/ui/button/button.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { RichText } from '#web/ui/rich-text/rich-text.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';

type Article = Awaited<ReturnType<typeof api.knowledge.getPortalArticle.query>>;

/** One article, and whether it helped. */
export function ArticlePage(): JSX.Element {
  const params = useParams<{ articleId: string }>();
  const article = createRecordQuery({
    key: () => ['knowledge-article', 'one', 'portal', params.articleId],
    fetch: (signal) => api.knowledge.getPortalArticle.query({ articleId: params.articleId as never }, { signal }),
  });
  createTitle(() => article.value()?.title);
  return (
    <div class="mx-auto flex w-full max-w-190 flex-col gap-5">
      <A class="text-accent-text hover:underline" href="/knowledge">
        {t('knowledge.all')}
      </A>
      <Switch>
        <Match when={article.problem()}>
          {(problem) => <ErrorState problem={problem()} title={t('knowledge.oneNotLoaded')} onRetry={article.retry} />}
        </Match>
        <Match when={article.isLoading()}>
          <SkeletonText lines={8} />
        </Match>
        <Match when={article.value()}>{(value) => <Whole article={value()} />}</Match>
      </Switch>
    </div>
  );
}

function Whole(props: { article: Article }): JSX.Element {
  return (
    <>
      <article class="rounded-card border border-line bg-surface p-5 md:p-7">
        <h1 class="text-display leading-9 font-semibold tracking-tight break-words">{props.article.title}</h1>
        <p class="pt-1 text-small text-muted">
          <Words of="knowledge.changed" with={{ when: <RelativeTime iso={props.article.updatedAt} /> }} />
        </p>
        <RichText class="mt-4 leading-relaxed" html={props.article.html} />
        <Files article={props.article} />
      </article>
      <Vote article={props.article} />
    </>
  );
}

function Files(props: { article: Article }): JSX.Element {
  const size = (bytes: number): string =>
    new Intl.NumberFormat(locale(), { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 }).format(
      Math.max(1, Math.round(bytes / 1000)),
    );
  return (
    <Show when={props.article.files.length > 0}>
      <ul class="flex flex-wrap gap-2 pt-5" aria-label={t('files.files')}>
        <For each={props.article.files}>
          {(file) => (
            <li class="max-w-full">
              <a
                class="flex min-h-10 items-center gap-2 rounded-control border border-line-strong bg-raised px-3 hover:bg-hover"
                href={`/api/v1/portal/articles/${props.article.id}/files/${file.id}`}
              >
                <Paperclip size={15} class="shrink-0 text-muted" />
                <span class="break-all">{file.fileName}</span>
                <span class="shrink-0 text-small text-muted">{size(file.sizeBytes)}</span>
              </a>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}

function Vote(props: { article: Article }): JSX.Element {
  const [said, setSaid] = createSignal(props.article.isHelpful);
  const [given, setGiven] = createSignal(true);
  const submit = createSubmit(async () => {
    await api.knowledge.votePortalArticle.mutate({ articleId: props.article.id, isHelpful: given() });
    setSaid(given());
  });
  const vote = (isHelpful: boolean): void => {
    setGiven(isHelpful);
    submit.run();
  };
  return (
    <section class="rounded-card border border-line bg-surface p-5 md:p-6">
      <h2 class="font-semibold">{t('knowledge.helpful')}</h2>
      <div class="flex flex-wrap gap-3 pt-3">
        <Button
          size="large"
          class="aria-pressed:border-accent aria-pressed:bg-accent-soft"
          aria-pressed={said() === true}
          isBusy={submit.isBusy()}
          onClick={() => vote(true)}
        >
          {t('knowledge.yes')}
        </Button>
        <Button
          size="large"
          class="aria-pressed:border-accent aria-pressed:bg-accent-soft"
          aria-pressed={said() === false}
          isBusy={submit.isBusy()}
          onClick={() => vote(false)}
        >
          {t('knowledge.no')}
        </Button>
      </div>
      <FormProblem problem={submit.problem()} />
      <p class="min-h-7 pt-3 text-muted" role="status">
        <Show when={said() !== null}>{t(said() === true ? 'knowledge.thanks' : 'knowledge.sorry')}</Show>
      </p>
      <Show when={said() === false}>
        <A href="/requests/new" class={`${buttonClass({ kind: 'primary' })} mt-2`}>
          {t('newRequest.title')}
        </A>
      </Show>
    </section>
  );
}
