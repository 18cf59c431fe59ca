import { For } from 'solid-js';
import type { JSX } from 'solid-js';

/** Events in order, with their marks on a line; entries are made by the screen. */
export function Timeline<Entry>(props: {
  label: string;
  entries: readonly Entry[];
  mark: (entry: Entry) => JSX.Element;
  children: (entry: Entry) => JSX.Element;
}): JSX.Element {
  return (
    <ol aria-label={props.label} class="flex flex-col">
      <For each={props.entries}>
        {(entry) => (
          <li class="relative flex gap-3 pb-4 before:absolute before:top-5 before:bottom-0 before:left-2.5 before:w-px before:bg-line last:before:hidden">
            <span class="flex h-5 w-5 shrink-0 items-center justify-center">{props.mark(entry)}</span>
            <div class="min-w-0 flex-1">{props.children(entry)}</div>
          </li>
        )}
      </For>
    </ol>
  );
}
