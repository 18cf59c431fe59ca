import { createEffect, For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

export interface TabItem {
  readonly value: string;
  readonly label: string;
  /** A number, or a text such as "999+". */
  readonly count?: number | string | undefined;
}

export interface TabsProps {
  readonly label: string;
  readonly items: readonly TabItem[];
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Views of one screen. The value belongs in the URL (`createUrlState`). Arrow keys move. */
export function Tabs(props: TabsProps): JSX.Element {
  const move = (event: KeyboardEvent & { currentTarget: HTMLElement }): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const index = props.items.findIndex(({ value }) => value === props.value);
    const next = props.items[(index + step + props.items.length) % props.items.length];
    if (next === undefined) return;
    event.preventDefault();
    props.onChange(next.value);
    event.currentTarget.querySelector<HTMLElement>(`[data-value="${CSS.escape(next.value)}"]`)?.focus();
  };
  let list: HTMLDivElement | undefined;
  // On a phone the chosen one may lie beyond the edge.
  createEffect(() => {
    const chosen = list?.querySelector<HTMLElement>(`[data-value="${CSS.escape(props.value)}"]`);
    chosen?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  });
  return (
    <div
      ref={list}
      role="tablist"
      aria-label={props.label}
      class="flex min-w-0 self-stretch overflow-x-auto [scrollbar-width:none]"
      onKeyDown={move}
    >
      <For each={props.items}>
        {(item) => (
          <button
            type="button"
            role="tab"
            data-value={item.value}
            aria-selected={item.value === props.value}
            tabindex={item.value === props.value ? 0 : -1}
            class="transition-quick -mb-px inline-flex min-h-9 shrink-0 items-center gap-1.5 border-b-2 border-transparent px-2.5 whitespace-nowrap text-muted hover:text-text focus-visible:-outline-offset-2 aria-selected:border-accent aria-selected:font-medium aria-selected:text-text"
            onClick={() => props.onChange(item.value)}
          >
            {item.label}
            <Show when={item.count !== undefined}>
              <span class="text-small font-normal text-faint">{item.count?.toLocaleString()}</span>
            </Show>
          </button>
        )}
      </For>
    </div>
  );
}
