import Paperclip from 'lucide-solid/icons/paperclip';
import X from 'lucide-solid/icons/x';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { sendFile } from '#web/app/api/send-file.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { IconButton } from '#web/ui/icon-button/icon-button.tsx';
import type { Article } from './article-words.ts';

/** The files that go with an article. Whoever may read it may save them. */
export function ArticleFiles(props: { article: Article }): JSX.Element {
  const { can } = useSession();
  const mayWrite = (): boolean => can('knowledge.write-articles');
  let picked: readonly File[] = [];
  const add = createSubmit(async () => {
    for (const file of picked) await sendFile(`/api/v1/articles/${props.article.id}/files`, file);
    await invalidateTopic('knowledge-article');
  });
  const remove = async (fileId: Article['files'][number]['id']): Promise<void> => {
    await api.knowledge.removeArticleFile.mutate({ articleId: props.article.id, fileId });
    await invalidateTopic('knowledge-article');
  };
  return (
    <Show when={mayWrite() || props.article.files.length > 0}>
      <section class="mt-6" aria-label="Files">
        <ul class="flex flex-wrap gap-2">
          <For each={props.article.files}>
            {(file) => (
              <li class="flex max-w-full items-center rounded-control border border-line bg-surface">
                <a
                  class="flex min-h-8 min-w-0 items-center gap-2 px-2.5 hover:underline"
                  href={`/api/v1/articles/${props.article.id}/files/${file.id}`}
                >
                  <Paperclip size={14} class="shrink-0 text-muted" />
                  <span class="break-all">{file.fileName}</span>
                </a>
                <Show when={mayWrite()}>
                  <IconButton icon={X} label={`Take ${file.fileName} off`} onClick={() => void remove(file.id)} />
                </Show>
              </li>
            )}
          </For>
        </ul>
        <Show when={mayWrite()}>
          <label class="mt-2 inline-flex h-(--control) cursor-pointer items-center gap-2 rounded-control border border-line-control px-3 focus-within:outline-2 focus-within:outline-focus hover:bg-hover">
            <Paperclip size={14} />
            {add.isBusy() ? 'Adding…' : 'Add a file'}
            <input
              type="file"
              multiple
              class="sr-only"
              disabled={add.isBusy()}
              onChange={(event) => {
                picked = [...(event.currentTarget.files ?? [])];
                event.currentTarget.value = '';
                if (picked.length > 0) add.run();
              }}
            />
          </label>
          <FormProblem problem={add.problem()} />
        </Show>
      </section>
    </Show>
  );
}
