import { For } from 'solid-js';
import type { JSX } from 'solid-js';

/** A grey bar where text will be. Give it the size of what comes: `class="h-3 w-40"`. */
export function Skeleton(props: { class?: string | undefined }): JSX.Element {
  return <span class={`block breathe rounded-tag bg-pressed ${props.class ?? 'h-3 w-full'}`} aria-hidden="true" />;
}

/** A paragraph of grey lines. */
export function SkeletonText(props: { lines?: number | undefined }): JSX.Element {
  const widths = ['w-full', 'w-11/12', 'w-4/5', 'w-2/3'];
  return (
    <div class="flex flex-col gap-2" role="status" aria-label="Loading">
      <For each={Array.from({ length: props.lines ?? 3 })}>
        {(_line, index) => <Skeleton class={`h-3 ${widths[index() % widths.length]}`} />}
      </For>
    </div>
  );
}
