import { For, createEffect, createSignal, on, onCleanup } from 'solid-js';
import type { JSX } from 'solid-js';
import type { OpenList } from './make-editor.ts';

let lists = 0;

/** The list that a letter opened, under the cursor: arrows move, Enter or Tab takes, Escape closes. */
export function ChoiceList(props: {
  list: OpenList;
  /** The editor, whose reader is told which line is marked. */
  owner: HTMLElement | undefined;
  /** Gets the handler of keys while the list is open. */
  onKeys: (handle: ((event: KeyboardEvent) => boolean) | null) => void;
}): JSX.Element {
  lists += 1;
  const id = `choices-${lists}`;
  const [marked, setMarked] = createSignal(0);
  createEffect(
    on(
      () => props.list.choices,
      () => setMarked(0),
    ),
  );
  createEffect(() => {
    props.owner?.setAttribute('aria-controls', id);
    props.owner?.setAttribute('aria-activedescendant', `${id}-${marked()}`);
  });
  const move = (by: number): void => {
    const count = props.list.choices.length;
    if (count > 0) setMarked((marked() + by + count) % count);
  };
  props.onKeys((event) => {
    const { choices } = props.list;
    if (choices.length === 0) return false;
    if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'Enter' || event.key === 'Tab') {
      const choice = choices[marked()];
      if (choice !== undefined) props.list.pick(choice);
    } else return false;
    return true;
  });
  onCleanup(() => {
    props.onKeys(null);
    props.owner?.removeAttribute('aria-controls');
    props.owner?.removeAttribute('aria-activedescendant');
  });
  const place = (): JSX.CSSProperties => {
    const { at } = props.list;
    if (at === null) return { display: 'none' };
    const left = `${Math.max(8, Math.min(at.left, window.innerWidth - 296))}px`;
    return at.bottom + 240 < window.innerHeight
      ? { left, top: `${at.bottom + 4}px` }
      : { left, bottom: `${window.innerHeight - at.top + 4}px` };
  };
  return (
    <ul
      id={id}
      role="listbox"
      aria-label={props.list.label}
      class="fixed z-50 max-h-58 w-72 appear overflow-y-auto rounded-control bg-raised p-1 shadow-menu"
      style={place()}
    >
      <For each={props.list.choices} fallback={<li class="px-2 py-1 text-muted">Nothing of this name</li>}>
        {(choice, index) => (
          <li
            id={`${id}-${index()}`}
            role="option"
            aria-selected={marked() === index()}
            class="flex min-h-(--control) cursor-default items-center gap-2 rounded-tag px-2"
            classList={{ 'bg-hover': marked() === index() }}
            ref={(line) => createEffect(() => marked() === index() && line.scrollIntoView({ block: 'nearest' }))}
            onPointerMove={() => setMarked(index())}
            onPointerDown={(event) => {
              // The text keeps the focus.
              event.preventDefault();
              props.list.pick(choice);
            }}
          >
            <span class="truncate-line">{choice.label}</span>
            <span class="ml-auto shrink-0 text-muted">{choice.detail}</span>
          </li>
        )}
      </For>
    </ul>
  );
}
