import { For } from 'solid-js';
import type { JSX } from 'solid-js';
import { isMac } from '#web/app/actions/keyboard.ts';
import { shortcutLabels } from '#web/app/actions/shortcut.ts';

/** Keycaps of a shortcut: `<Kbd keys="mod+k" />`. Hidden from screen readers: the action's name is what they need. */
export function Kbd(props: { keys: string; isOnAccent?: boolean | undefined }): JSX.Element {
  return (
    <span class="hidden items-center gap-0.5 sm:inline-flex" aria-hidden="true">
      <For each={shortcutLabels(props.keys, isMac)}>
        {(label) => (
          <kbd
            class="inline-flex h-4 min-w-4 items-center justify-center rounded-tag border px-1 font-sans text-[0.6875rem] leading-none font-medium"
            classList={{
              'border-line-strong text-muted': !props.isOnAccent,
              'border-current/40 text-current': props.isOnAccent ?? false,
            }}
          >
            {label}
          </kbd>
        )}
      </For>
    </span>
  );
}
