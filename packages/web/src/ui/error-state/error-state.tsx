import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import type { Problem, ProblemKind } from '#web/app/problem/problem.ts';
import { Button } from '#web/ui/button/button.tsx';

const WHAT_TO_DO: Readonly<Record<ProblemKind, string>> = {
  'not-found': 'It may have been removed, or belong to a client that you do not see. Check the address.',
  conflict: 'Someone changed it meanwhile. Load it again, then repeat your change.',
  forbidden: 'Ask an administrator for this permission.',
  unauthenticated: 'Sign in again to go on where you were.',
  'invalid-input': 'Check what the address or the filter asks for.',
  'rate-limited': 'Wait a minute, then try again.',
  unavailable: 'Part of the system does not answer. Try again in a moment.',
  offline: 'Check your connection. This page goes on by itself when the server answers.',
  internal: 'Try again. If it happens again, report it with the number below.',
};

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
        {props.lost ?? 'Nothing was lost.'} {WHAT_TO_DO[props.problem.kind]}
      </p>
      <div class="mt-2 flex items-center gap-3">
        <Show when={props.onRetry}>{(retry) => <Button onClick={() => retry()()}>Try again</Button>}</Show>
        <Show when={props.problem.kind === 'not-found' ? undefined : props.problem.requestId}>
          {(id) => (
            <span class="text-small text-faint">
              Request <code>{id()}</code>, for support
            </span>
          )}
        </Show>
      </div>
    </div>
  );
}
