import { splitProps } from 'solid-js';
import type { JSX } from 'solid-js';
import { CONTROL_CLASS } from '#web/ui/input/input.tsx';

/** Several lines of text; grows with what is typed. Put it in a `Field`. */
export function Textarea(props: JSX.TextareaHTMLAttributes<HTMLTextAreaElement>): JSX.Element {
  const [own, rest] = splitProps(props, ['class']);
  return (
    <textarea
      rows={3}
      {...rest}
      class={`${CONTROL_CLASS} field-sizing-content max-h-80 min-h-16 resize-y py-1.5 ${own.class ?? ''}`}
    />
  );
}
