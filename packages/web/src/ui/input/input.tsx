import { splitProps } from 'solid-js';
import type { JSX } from 'solid-js';

/** The look that all single-line controls share. */
export const CONTROL_CLASS =
  'transition-quick w-full min-w-0 rounded-control border border-line-control bg-raised px-2.5 text-text hover:border-muted disabled:bg-sunken disabled:text-faint disabled:hover:border-line-control aria-invalid:border-critical read-only:bg-sunken';

export interface InputProps extends JSX.InputHTMLAttributes<HTMLInputElement> {
  /** For ids, codes and addresses. */
  readonly isMono?: boolean | undefined;
}

/** One line of text. Put it in a `Field`, which gives it its label. */
export function Input(props: InputProps): JSX.Element {
  const [own, rest] = splitProps(props, ['isMono', 'class']);
  return (
    <input
      type="text"
      {...rest}
      class={`${CONTROL_CLASS} h-(--control) ${own.isMono ? 'font-mono' : ''} ${own.class ?? ''}`}
    />
  );
}
