import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';

/** Has what failed tried once more. */
export function RetryButton(props: { retry: () => Promise<unknown> }): JSX.Element {
  const { can } = useSession();
  const submit = createSubmit(async () => {
    await props.retry();
    showDone('It is tried again');
  });
  return (
    <Show when={can('plugin-events.retry-deliveries')}>
      <FormProblem problem={submit.problem()} />
      <Button class="mt-3" isBusy={submit.isBusy()} onClick={submit.run}>
        Try again
      </Button>
    </Show>
  );
}
