import { useNavigate, useSearchParams } from '@solidjs/router';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { RichEditor } from '#web/ui/rich-editor/rich-editor.tsx';
import type { RichEditorApi } from '#web/ui/rich-editor/editor-api.ts';
import { Select } from '#web/ui/select/select.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { showDone, showProblem } from '#web/ui/toast/toast-store.ts';
import { AUDIENCES, choicesOf, LANGUAGES, type Article } from './article-words.ts';
import { CategoryChoice } from './category-choice.tsx';
import { smallImage } from './small-image.ts';

/** Writes a new article; given `ticket`, from what solved that one. */
export function NewArticle(): JSX.Element {
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const scoped = useScopedHref();
  const number = Number(search['ticket'] ?? '');
  const ticket = createRecordQuery({
    key: () => ['ticket', 'list', 'by-number', number],
    fetch: (signal) => api.tickets.getTicketByNumber.query({ number }, { signal }),
    isEnabled: () => number > 0,
  });
  const begun = () => {
    const value = ticket.value();
    if (value === undefined) return undefined;
    const answers = value.comments.filter(
      (comment) => comment.authorKind === 'staff' && comment.visibility === 'public',
    );
    const part = (heading: string, html: string) => `<h2>${heading}</h2>${html}`;
    const first = value.comments.find((comment) => comment.visibility === 'public');
    return {
      title: value.subject,
      html: part('What happens', htmlOf(first)) + part('What helps', htmlOf(answers.at(-1))),
    };
  };
  return (
    <div class="min-h-0 flex-1 overflow-y-auto">
      <div class="mx-auto w-full max-w-190 px-6 py-5">
        <h1 class="mb-4 text-large font-semibold tracking-tight">New article</h1>
        <Show
          when={!(number > 0) || begun() !== undefined || ticket.problem() !== undefined}
          fallback={<SkeletonText lines={6} />}
        >
          <ArticleForm
            begun={begun()}
            onDone={(articleId) => navigate(scoped(articleId === undefined ? '/knowledge' : `/knowledge/${articleId}`))}
          />
        </Show>
      </div>
    </div>
  );
}

/** Files belong to one client and articles to many readers: so a ticket’s own images stay with it. */
function htmlOf(comment: { html: string | null; body: string } | undefined): string {
  if (comment === undefined) return '<p></p>';
  if (comment.html !== null) return comment.html.replaceAll(/<img src="attachment:[^>]*>/g, '');
  const line = document.createElement('p');
  line.textContent = comment.body;
  return line.outerHTML;
}

/** An article’s words and who reads them. */
export function ArticleForm(props: {
  article?: Article;
  begun?: { title: string; html: string } | undefined;
  onDone: (articleId?: string) => void;
}): JSX.Element {
  const start = props.article ?? props.begun;
  const [title, setTitle] = createSignal(start?.title ?? '');
  const [html, setHtml] = createSignal(start?.html ?? '');
  const [audience, setAudience] = createSignal<Article['audience']>(props.article?.audience ?? 'internal');
  const [clientIds, setClientIds] = createSignal<readonly string[]>(props.article?.clientIds ?? []);
  const [language, setLanguage] = createSignal<Article['language']>(props.article?.language ?? 'en');
  const [categoryId, setCategoryId] = createSignal<string | null>(props.article?.categoryId ?? null);
  const [reviewOn, setReviewOn] = createSignal(props.article?.reviewOn ?? '');
  let editor: RichEditorApi | undefined;
  const save = async (state: Article['state']): Promise<void> => {
    const given = {
      title: title(),
      html: html(),
      audience: audience(),
      clientIds: (audience() === 'client' ? clientIds() : []) as never,
      language: language(),
      state,
      categoryId: categoryId() as never,
      reviewOn: reviewOn() === '' ? null : reviewOn(),
    };
    const articleId =
      props.article === undefined ? (await api.knowledge.createArticle.mutate(given)).articleId : props.article.id;
    if (props.article !== undefined)
      await api.knowledge.updateArticle.mutate({
        ...given,
        articleId: props.article.id,
        version: props.article.version,
      });
    await invalidateTopic('knowledge-article');
    showDone(
      state === 'published'
        ? 'The article is published'
        : state === 'archived'
          ? 'The article is archived'
          : 'The draft is kept',
    );
    props.onDone(articleId);
  };
  const keep = createSubmit(() => save(props.article?.state === 'published' ? 'published' : 'draft'));
  const publish = createSubmit(() => save('published'));
  const archive = createSubmit(() => save('archived'));
  const problem = () => keep.problem() ?? publish.problem() ?? archive.problem();
  const wrong = (field: string) => problem()?.fields[field];
  return (
    <form class="flex flex-col gap-4" onSubmit={keep.onSubmit}>
      <Field label="Title" isRequired error={wrong('title')}>
        {(control) => (
          <Input
            {...control}
            maxlength={200}
            value={title()}
            onInput={(event) => setTitle(event.currentTarget.value)}
          />
        )}
      </Field>
      <div>
        <RichEditor
          isTall
          label="Words of the article"
          placeholder="What happens, and what helps…"
          html={html()}
          onChange={setHtml}
          onSubmit={() => keep.run()}
          api={(given) => {
            editor = given;
          }}
          onFiles={(files) => {
            for (const file of files)
              smallImage(file).then(
                (source) => editor?.insert({ kind: 'html', html: `<img src="${source}" alt="">` }),
                () => showProblem(`${file.name} is no picture that could be put in`),
              );
          }}
        />
        <Show when={wrong('html')}>{(error) => <p class="mt-1 text-critical-text">{error()}</p>}</Show>
      </div>
      <div class="grid gap-4 sm:grid-cols-2">
        <Field label="Who reads it" error={wrong('clientIds')}>
          {(control) => (
            <Select
              {...control}
              value={audience()}
              onChange={(value) => setAudience(value as Article['audience'])}
              options={choicesOf(AUDIENCES)}
            />
          )}
        </Field>
        <Field label="Language">
          {(control) => (
            <Select
              {...control}
              value={language()}
              onChange={(value) => setLanguage(value as Article['language'])}
              options={choicesOf(LANGUAGES)}
            />
          )}
        </Field>
        <CategoryChoice value={categoryId()} onChange={setCategoryId} error={wrong('categoryId')} />
        <Field label="Look at it again on" error={wrong('reviewOn')}>
          {(control) => (
            <Input
              {...control}
              type="date"
              value={reviewOn()}
              onInput={(event) => setReviewOn(event.currentTarget.value)}
            />
          )}
        </Field>
      </div>
      <Show when={audience() === 'client'}>
        <ClientChoices clientIds={clientIds()} onChange={setClientIds} />
      </Show>
      <FormProblem problem={problem()} />
      <div class="flex flex-wrap justify-end gap-2">
        <Button onClick={() => props.onDone()}>Cancel</Button>
        <Show when={props.article?.state === 'published'}>
          <Button isBusy={archive.isBusy()} onClick={() => archive.run()}>
            Archive
          </Button>
        </Show>
        <Button isBusy={keep.isBusy()} onClick={() => keep.run()}>
          {props.article?.state === 'published' ? 'Save' : 'Keep as a draft'}
        </Button>
        <Show when={props.article?.state !== 'published'}>
          <Button kind="primary" isBusy={publish.isBusy()} onClick={() => publish.run()}>
            Publish
          </Button>
        </Show>
      </div>
    </form>
  );
}

function ClientChoices(props: {
  clientIds: readonly string[];
  onChange: (clientIds: readonly string[]) => void;
}): JSX.Element {
  const clients = createRecordQuery({
    key: () => ['client', 'list', 'for-article'],
    fetch: (signal) => api.tenancy.listClients.query({ limit: 200 }, { signal }),
  });
  return (
    <fieldset>
      <legend class="font-medium">Clients</legend>
      <div class="mt-1 grid max-h-48 gap-1 overflow-y-auto sm:grid-cols-2">
        <For each={clients.value()?.items ?? []}>
          {(client) => (
            <Checkbox
              label={client.name}
              isChecked={props.clientIds.includes(client.id)}
              onChange={(isOn) =>
                props.onChange(
                  isOn ? [...props.clientIds, client.id] : props.clientIds.filter((id) => id !== client.id),
                )
              }
            />
          )}
        </For>
      </div>
    </fieldset>
  );
}
