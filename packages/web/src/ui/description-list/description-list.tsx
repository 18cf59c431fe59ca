import { For } from 'solid-js';
import type { JSX } from 'solid-js';

export interface Description {
  readonly term: string;
  readonly value: JSX.Element;
}

/** Terms and their values, in two columns. */
export function DescriptionList(props: { items: readonly Description[] }): JSX.Element {
  return (
    <dl class="grid grid-cols-[minmax(6rem,max-content)_minmax(0,1fr)] gap-x-4 gap-y-1.5">
      <For each={props.items}>
        {(item) => (
          <>
            <dt class="text-muted">{item.term}</dt>
            <dd class="min-w-0 break-words">{item.value ?? <span class="text-faint">none</span>}</dd>
          </>
        )}
      </For>
    </dl>
  );
}
