import Ellipsis from 'lucide-solid/icons/ellipsis';
import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { t } from '#web/language/language.ts';
import { RichText } from './rich-text.tsx';

/** What somebody wrote, formatted where it is; quotes and signature behind a button. */
export function CommentWords(props: {
  comment: { body: string; html: string | null; foldedHtml: string | null; foldedText: string | null };
  fileHref?: (fileId: string) => string;
}): JSX.Element {
  const [isUnfolded, setUnfolded] = createSignal(false);
  const words = (html: string | null, text: string | null): JSX.Element => (
    <Show when={html} fallback={<p class="mt-0.5 leading-normal break-words whitespace-pre-wrap">{text}</p>}>
      {(safe) => (
        <RichText
          class="mt-0.5"
          html={safe()}
          {...(props.fileHref === undefined ? {} : { fileHref: props.fileHref })}
        />
      )}
    </Show>
  );
  return (
    <>
      {words(props.comment.html, props.comment.body)}
      <Show when={props.comment.foldedHtml ?? props.comment.foldedText}>
        <button
          type="button"
          class="mt-1 inline-flex items-center rounded-tag bg-sunken px-1.5 text-muted hover:bg-hover hover:text-text"
          aria-expanded={isUnfolded()}
          aria-label={isUnfolded() ? t('request.unquoted') : t('request.quoted')}
          title={isUnfolded() ? 'Hide what was quoted' : 'Show what was quoted'}
          onClick={() => setUnfolded(!isUnfolded())}
        >
          <Ellipsis size={16} />
        </button>
        <Show when={isUnfolded()}>
          <div class="mt-1 border-l-2 border-line pl-3 text-muted">
            {words(props.comment.foldedHtml, props.comment.foldedText)}
          </div>
        </Show>
      </Show>
    </>
  );
}
