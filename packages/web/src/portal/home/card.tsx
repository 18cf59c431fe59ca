import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

/** A card of the home page: a heading, what it says, and at most one way on. */
export function Card(props: {
  title: string;
  aside?: JSX.Element;
  /** A bar at the edge: something is not as it should be. */
  isMarked?: boolean;
  children: JSX.Element;
}): JSX.Element {
  return (
    <section
      class="rounded-card border border-line bg-surface p-5 md:p-6"
      classList={{ 'border-l-4 border-l-warning': props.isMarked ?? false }}
    >
      <div class="flex items-center justify-between gap-4 pb-2">
        <h2 class="font-semibold">{props.title}</h2>
        <Show when={props.aside}>
          <div class="shrink-0 text-muted">{props.aside}</div>
        </Show>
      </div>
      {props.children}
    </section>
  );
}

/** A card that says one figure, with a quiet name above and a sentence below. */
export function Figure(props: { name: string; value: JSX.Element; children?: JSX.Element }): JSX.Element {
  return (
    <section class="rounded-card border border-line bg-surface p-5 md:p-6">
      <h2 class="text-small text-muted">{props.name}</h2>
      <p class="pt-1 text-[1.375rem] leading-8 font-semibold tracking-tight tabular-nums">{props.value}</p>
      <div class="pt-1 text-small text-muted">{props.children}</div>
    </section>
  );
}
