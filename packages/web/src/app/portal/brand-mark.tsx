import type { JSX } from 'solid-js';

/** The MSP's letter and name, in its colour. */
export function BrandMark(props: { name: string }): JSX.Element {
  return (
    <>
      <span
        class="flex size-6.5 shrink-0 items-center justify-center rounded-[7px] bg-accent text-[0.875rem] font-bold text-on-accent"
        aria-hidden="true"
      >
        {props.name.slice(0, 1).toLocaleUpperCase()}
      </span>
      <span class="truncate-line text-[0.9375rem] font-semibold">{props.name}</span>
    </>
  );
}
