import { createSignal } from 'solid-js';
import type { Accessor } from 'solid-js';
import { toProblem } from '#web/app/problem/problem.ts';
import type { Problem } from '#web/app/problem/problem.ts';

/** A form that can be sent: whether it is under way, what came back wrong, and the handler for `onSubmit`. */
export interface Submit {
  readonly isBusy: Accessor<boolean>;
  readonly problem: Accessor<Problem | undefined>;
  readonly onSubmit: (event: SubmitEvent) => void;
  readonly run: () => void;
}

/** Sends once at a time and keeps what went wrong. What was typed stays. */
export function createSubmit(send: () => Promise<void>): Submit {
  const [isBusy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal<Problem>();
  const run = (): void => {
    if (isBusy()) return;
    setBusy(true);
    setProblem(undefined);
    send()
      // A person who closed the browser's passkey window has not failed at anything.
      .catch((error: unknown) => {
        if (!(error instanceof DOMException)) setProblem(toProblem(error));
      })
      .finally(() => setBusy(false));
  };
  return {
    isBusy,
    problem,
    run,
    onSubmit: (event) => {
      event.preventDefault();
      run();
    },
  };
}
