import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { stableHue } from './stable-hue.ts';

/** A client's square in the colour that is always its own, with the name beside it. The colour is never the only sign. */
export function ClientDot(props: { id: string; name?: string | undefined; class?: string | undefined }): JSX.Element {
  return (
    <span class={`inline-flex min-w-0 items-center gap-2 ${props.class ?? ''}`}>
      <span
        class="size-2.25 shrink-0 rounded-[2px] bg-[light-dark(oklch(0.62_0.13_var(--hue)),oklch(0.72_0.12_var(--hue)))]"
        style={{ '--hue': stableHue(props.id) }}
        aria-hidden="true"
      />
      <Show when={props.name}>
        {(name) => (
          <span class="truncate-line" title={name()}>
            {name()}
          </span>
        )}
      </Show>
    </span>
  );
}
