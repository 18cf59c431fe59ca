import { encode } from 'uqr';
import { createMemo } from 'solid-js';
import type { JSX } from 'solid-js';

/** A text as a QR code: dark on white in both themes, since scanners need it so. */
export function QrCode(props: { text: string; label: string }): JSX.Element {
  const code = createMemo(() => encode(props.text, { ecc: 'M', border: 2 }));
  const path = (): string =>
    code()
      .data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')))
      .join('');
  return (
    <svg
      viewBox={`0 0 ${code().size} ${code().size}`}
      class="size-44 rounded-card bg-white"
      role="img"
      aria-label={props.label}
      shape-rendering="crispEdges"
    >
      <rect width="100%" height="100%" fill="#fff" />
      <path d={path()} fill="#000" />
    </svg>
  );
}
