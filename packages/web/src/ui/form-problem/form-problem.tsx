import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import type { Problem } from '#web/app/problem/problem.ts';
import { t } from '#web/language/language.ts';

/** What was refused about a whole form. `fields` names those whose refusal the form shows in place; when it is about them alone, nothing is said twice. */
export function FormProblem(props: { problem: Problem | undefined; fields?: readonly string[] }): JSX.Element {
  const isShownInPlace = (problem: Problem): boolean => {
    const refused = Object.keys(problem.fields);
    return refused.length > 0 && refused.every((field) => props.fields?.includes(field));
  };
  return (
    <Show when={props.problem}>
      {(problem) => (
        <p ref={showIt} role="alert" class="rounded-control bg-critical-soft px-3 py-2 text-critical-text">
          {isShownInPlace(problem()) ? t('problem.marked') : problem().message}
        </p>
      )}
    </Show>
  );
}

/** A form may be longer than its window, and what stands outside of it is not read. */
function showIt(message: HTMLElement): void {
  requestAnimationFrame(() => message.scrollIntoView({ block: 'nearest' }));
}
