import type { JSX } from 'solid-js';
import { toProblem } from '#web/app/problem/problem.ts';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';

/** What stands where a screen broke. The rest of the door goes on. */
export function ScreenError(props: { error: unknown; reset: () => void }): JSX.Element {
  // For the person who opens the developer tools to report it; the page itself shows no stack.
  console.error(props.error);
  return (
    <ErrorState
      problem={toProblem(props.error)}
      title="This screen stopped working"
      lost="What was saved is safe; text that was not sent may be gone."
      onRetry={props.reset}
    />
  );
}
