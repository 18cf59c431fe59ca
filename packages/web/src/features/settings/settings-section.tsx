import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import type { RecordQuery } from '#web/app/query/create-record-query.ts';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';

/** A part of the settings with its one answer from the server: skeleton, problem, or what `children` draws. */
export function SettingsSection<Value>(props: {
  title: string;
  lead: string;
  query: RecordQuery<Value>;
  action?: JSX.Element;
  children: (value: Value) => JSX.Element;
}): JSX.Element {
  return (
    <section class="max-w-220 p-4">
      <div class="mb-4 flex items-start gap-4">
        <div class="min-w-0 flex-1">
          <h2 class="text-large font-semibold">{props.title}</h2>
          <p class="text-muted">{props.lead}</p>
        </div>
        {props.action}
      </div>
      <Show when={props.query.problem()}>
        {(problem) => <ErrorState title="This could not be loaded" problem={problem()} onRetry={props.query.retry} />}
      </Show>
      <Show when={props.query.isLoading()}>
        <SkeletonText lines={5} />
      </Show>
      <Show when={props.query.value()} keyed>
        {(value) => props.children(value)}
      </Show>
    </section>
  );
}
