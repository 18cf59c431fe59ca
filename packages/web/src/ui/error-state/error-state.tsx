import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import type { Problem } from '#web/app/problem/problem.ts';
import { t } from '#web/language/language.ts';
import { Words } from '#web/language/words.tsx';
import { Button } from '#web/ui/button/button.tsx';

export interface ErrorStateProps {
  readonly problem: Problem;
  /** What failed, in the screen's words: "Tickets could not be loaded". */
  readonly title: string;
  /** Whether something was lost; reading loses nothing, which is the default sentence. */
  readonly lost?: string | undefined;
  readonly onRetry?: (() => void) | undefined;
}

/** Says what happened, whether anything was lost, and what to do. */
export function ErrorState(props: ErrorStateProps): JSX.Element {
  return (
    <div class="mx-auto flex max-w-110 flex-col items-start gap-2 px-6 py-14" role="alert">
      <h2 class="flex items-center gap-2 text-large font-semibold">
        <svg viewBox="0 0 12 12" class="size-3 shrink-0 fill-critical" aria-hidden="true">
          <path d="M6 0l6 6-6 6-6-6z" />
        </svg>
        {props.title}
      </h2>
      <p>{props.problem.message}</p>
      <p class="text-muted">
        {props.lost ?? t('problem.lost')} {t(`problem.${props.problem.kind}`)}
      </p>
      <div class="mt-2 flex items-center gap-3">
        <Show when={props.onRetry}>
          {(retry) => <Button onClick={() => retry()()}>{t('problem.tryAgain')}</Button>}
        </Show>
        <Show when={props.problem.kind === 'not-found' ? undefined : props.problem.requestId}>
          {(id) => (
            <span class="text-small text-faint">
              <Words of="problem.request" with={{ id: <code>{id()}</code> }} />
            </span>
          )}
        </Show>
      </div>
    </div>
  );
}
