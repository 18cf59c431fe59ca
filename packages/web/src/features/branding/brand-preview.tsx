import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

/** The same lightness as the portal's tokens: whatever the hue, words stand out from it (`brand-contrast.test.ts`). */
const THEMES = [
  {
    name: 'Light',
    ground: 'oklch(1 0 0)',
    words: 'oklch(0.22 0.02 265)',
    accent: (hue: number) => `oklch(0.5 0.1 ${hue})`,
    onAccent: 'oklch(1 0 0)',
  },
  {
    name: 'Dark',
    ground: 'oklch(0.2 0.012 265)',
    words: 'oklch(0.94 0.005 265)',
    accent: (hue: number) => `oklch(0.72 0.078 ${hue})`,
    onAccent: 'oklch(0.16 0.03 277)',
  },
] as const;

/** The head of the portal and its main button, light and dark. */
export function BrandPreview(props: { name: string; hue: number; logoHref: string | undefined }): JSX.Element {
  return (
    <ul class="grid gap-3 sm:grid-cols-2" aria-label="How the portal looks">
      <For each={THEMES}>
        {(theme) => (
          <li
            class="flex min-w-0 flex-col gap-3 rounded-card border border-line p-4"
            style={{ background: theme.ground, color: theme.words }}
          >
            <span class="flex min-w-0 items-center gap-2.5">
              <Show
                when={props.logoHref}
                fallback={
                  <span
                    class="flex size-6.5 shrink-0 items-center justify-center rounded-[7px] font-bold"
                    style={{ background: theme.accent(props.hue), color: theme.onAccent }}
                    aria-hidden="true"
                  >
                    {props.name.slice(0, 1).toLocaleUpperCase()}
                  </span>
                }
              >
                {(href) => <img src={href()} alt="" class="h-6.5 max-w-32 object-contain" />}
              </Show>
              <span class="truncate-line font-semibold">{props.name}</span>
            </span>
            <span
              class="self-start rounded-control px-3 py-1.5 font-medium"
              style={{ background: theme.accent(props.hue), color: theme.onAccent }}
            >
              Ask for help
            </span>
          </li>
        )}
      </For>
    </ul>
  );
}
