import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

/** The logo, or where there is none the MSP's letter in its colour; and its name. */
export function BrandMark(props: { name: string; logoHref?: string | undefined }): JSX.Element {
  return (
    <>
      <Show
        when={props.logoHref}
        fallback={
          <span
            class="flex size-6.5 shrink-0 items-center justify-center rounded-[7px] bg-accent text-[0.875rem] font-bold text-on-accent"
            aria-hidden="true"
          >
            {props.name.slice(0, 1).toLocaleUpperCase()}
          </span>
        }
      >
        {(href) => <img src={href()} alt="" class="h-6.5 max-w-32 shrink-0 object-contain" />}
      </Show>
      <span class="truncate-line text-[0.9375rem] font-semibold">{props.name}</span>
    </>
  );
}
