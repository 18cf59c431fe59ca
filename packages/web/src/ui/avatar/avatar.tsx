import type { JSX } from 'solid-js';
import { stableHue } from '#web/ui/client-dot/stable-hue.ts';

/** The letters that stand for a name: "Mira Kovac" → "MK", "support" → "S". */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => /^./u.exec(word ?? '')?.[0] ?? '',
  );
  return letters.join('').toLocaleUpperCase() || '?';
}

/** A person, by initials. The name is its label and its tooltip, unless it stands beside (`isDecorative`). */
export function Avatar(props: {
  name: string;
  size?: 'small' | 'regular' | 'large' | undefined;
  isDecorative?: boolean | undefined;
}): JSX.Element {
  const side = (): string =>
    ({ small: 'size-5 text-[0.5625rem]', regular: 'size-6 text-[0.625rem]', large: 'size-8 text-[0.75rem]' })[
      props.size ?? 'small'
    ];
  return (
    <span
      class={`inline-flex shrink-0 items-center justify-center rounded-full bg-[light-dark(oklch(0.94_0.03_var(--hue)),oklch(0.3_0.06_var(--hue)))] font-semibold text-[light-dark(oklch(0.42_0.12_var(--hue)),oklch(0.84_0.08_var(--hue)))] ${side()}`}
      style={{ '--hue': stableHue(props.name) }}
      title={props.isDecorative ? undefined : props.name}
      role={props.isDecorative ? undefined : 'img'}
      aria-label={props.isDecorative ? undefined : props.name}
      aria-hidden={props.isDecorative}
    >
      {initials(props.name)}
    </span>
  );
}
