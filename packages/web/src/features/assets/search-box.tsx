import Search from 'lucide-solid/icons/search';
import { onCleanup } from 'solid-js';
import type { JSX } from 'solid-js';
import { registerActions } from '#web/app/actions/actions.ts';
import { Input } from '#web/ui/input/input.tsx';

const TYPING_PAUSE_MS = 200;

/** Narrows a list by text; `/` goes there, and it waits for a pause in typing. */
export function SearchBox(props: {
  label: string;
  placeholder: string;
  value: string;
  onSearch: (text: string) => void;
}): JSX.Element {
  let box: HTMLInputElement | undefined;
  let typing: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(typing));
  registerActions({
    id: 'list.search',
    name: 'Search in this list',
    group: 'List',
    shortcut: '/',
    run: () => box?.focus(),
  });
  return (
    <span class="relative w-72 max-w-full">
      <Search size={14} class="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-faint" />
      <Input
        ref={box}
        type="search"
        class="pl-8"
        aria-label={props.label}
        placeholder={props.placeholder}
        value={props.value}
        onInput={(event) => {
          const text = event.currentTarget.value;
          clearTimeout(typing);
          typing = setTimeout(() => props.onSearch(text), TYPING_PAUSE_MS);
        }}
      />
    </span>
  );
}
