import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import type { Problem } from '#web/app/problem/problem.ts';

/** What was refused about a whole form. Refusals of single fields belong into their `Field`. */
export function FormProblem(props: { problem: Problem | undefined }): JSX.Element {
  return (
    <Show when={props.problem}>
      {(problem) => (
        <p role="alert" class="rounded-control bg-critical-soft px-3 py-2 text-critical-text">
          {problem().message}
        </p>
      )}
    </Show>
  );
}
