import { createEffect } from 'solid-js';
import type { JSX } from 'solid-js';

export interface CheckboxProps {
  readonly label: string;
  /** The label is only read aloud, as in a table. */
  readonly isLabelHidden?: boolean | undefined;
  readonly isChecked: boolean;
  /** Some of what it stands for is chosen. */
  readonly isMixed?: boolean | undefined;
  readonly isDisabled?: boolean | undefined;
  readonly onChange: (isChecked: boolean) => void;
}

/** A yes or no that counts when the form is sent. For one that counts at once take `Switch`. */
export function Checkbox(props: CheckboxProps): JSX.Element {
  let box: HTMLInputElement | undefined;
  createEffect(() => {
    if (box !== undefined) box.indeterminate = props.isMixed ?? false;
  });
  return (
    <label class="inline-flex min-h-6 items-center gap-2 has-disabled:opacity-50">
      <input
        ref={box}
        type="checkbox"
        class="size-4 accent-accent"
        checked={props.isChecked}
        disabled={props.isDisabled ?? false}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <span classList={{ 'sr-only': props.isLabelHidden ?? false }}>{props.label}</span>
    </label>
  );
}
