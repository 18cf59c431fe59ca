import { createMemo } from 'solid-js';
import type { JSX } from 'solid-js';
import { sparklinePath } from './sparkline-path.ts';

/** A small line where a number changes. `null` is a gap and stays one. `label` says what the eye sees. */
export function Sparkline(props: {
  values: readonly (number | null)[];
  label: string;
  class?: string | undefined;
}): JSX.Element {
  const path = createMemo(() => sparklinePath(props.values, 100, 24));
  return (
    <svg
      viewBox="0 0 100 24"
      preserveAspectRatio="none"
      class={`h-5 w-28 overflow-visible ${props.class ?? 'text-muted'}`}
      role="img"
      aria-label={props.label}
    >
      <path
        d={path()}
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        vector-effect="non-scaling-stroke"
        stroke-linejoin="round"
      />
    </svg>
  );
}
