import type { JSX } from 'solid-js';

/** Output or code as it is; scrolls inside, by keyboard too. */
export function CodeBlock(props: { text: string; label: string }): JSX.Element {
  return (
    <pre
      class="max-h-100 overflow-auto rounded-control border border-line bg-sunken p-3 font-mono text-[0.9375em] leading-normal"
      tabindex="0"
      role="region"
      aria-label={props.label}
    >
      {props.text}
    </pre>
  );
}
