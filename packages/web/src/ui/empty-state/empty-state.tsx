import { Show } from 'solid-js';
import type { Component, JSX } from 'solid-js';

export interface EmptyStateProps {
  readonly icon?: Component<{ class?: string; size?: number }> | undefined;
  /** What is not here: "No tickets wait for you". */
  readonly title: string;
  /** What this place is for, or why it is empty. */
  readonly children?: JSX.Element | undefined;
  /** The one thing to do next. */
  readonly action?: JSX.Element | undefined;
}

/** Stands where a list or a chart would be. */
export function EmptyState(props: EmptyStateProps): JSX.Element {
  return (
    <div class="mx-auto flex max-w-100 flex-col items-center gap-1 px-6 py-14 text-center">
      <Show when={props.icon}>
        {(icon) => (
          <div class="mb-3 flex size-10 items-center justify-center rounded-card border border-line bg-raised text-muted">
            {icon()({ size: 18 })}
          </div>
        )}
      </Show>
      <h2 class="text-large font-semibold">{props.title}</h2>
      <Show when={props.children}>
        <div class="text-muted">{props.children}</div>
      </Show>
      <Show when={props.action}>
        <div class="mt-3">{props.action}</div>
      </Show>
    </div>
  );
}
