import { useNavigate, useSearchParams } from '@solidjs/router';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { auth } from './auth-api.ts';
import type { MembershipChoice } from './auth-api.ts';
import { AuthFrame } from './auth-frame.tsx';
import { createSubmit } from './create-submit.ts';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { consolePathFor, safeNext } from './next-step.ts';

/** A person of several MSPs says for which of them they work now. */
export function ChooseMembership(): JSX.Element {
  const [params] = useSearchParams<{ next?: string }>();
  const navigate = useNavigate();
  const list = createRecordQuery({ key: () => ['session', 'one', 'choices'], fetch: () => auth.progress() });
  let chosen = '';
  const submit = createSubmit(async () => {
    const next = safeNext(params.next, '/');
    const { step } = await auth.chooseMembership(chosen);
    if (step === 'ready') location.assign(next);
    else navigate(consolePathFor(step, next));
  });
  const choose = (choice: MembershipChoice): void => {
    chosen = choice.membershipId;
    submit.run();
  };
  return (
    <AuthFrame
      name="Bailiwick"
      title="For whom do you work now?"
      lead="A session belongs to one MSP. You can change it later."
    >
      <FormProblem problem={submit.problem()} />
      <Show when={list.problem()}>
        {(problem) => (
          <ErrorState title="Your memberships could not be loaded" problem={problem()} onRetry={list.retry} />
        )}
      </Show>
      <Show when={list.isLoading()}>
        <SkeletonText />
      </Show>
      <ul class="flex flex-col gap-2">
        <For
          each={list.value()?.memberships ?? []}
          fallback={
            <Show when={list.value()}>You belong to no MSP any more. Ask the administrator who invited you.</Show>
          }
        >
          {(choice) => (
            <li>
              <button
                type="button"
                class="w-full rounded-card border border-line bg-raised p-4 text-left hover:border-line-control"
                onClick={() => choose(choice)}
              >
                <span class="font-medium">{choice.clientName ?? choice.mspName}</span>
              </button>
            </li>
          )}
        </For>
      </ul>
    </AuthFrame>
  );
}
