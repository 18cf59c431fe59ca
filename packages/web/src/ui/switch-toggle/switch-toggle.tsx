import type { JSX } from 'solid-js';

export interface SwitchToggleProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly isDisabled?: boolean | undefined;
  readonly onChange: (isOn: boolean) => void;
}

/** A yes or no that counts at once. */
export function SwitchToggle(props: SwitchToggleProps): JSX.Element {
  return (
    <label class="inline-flex min-h-6 items-center gap-2.5 has-disabled:opacity-50">
      <input
        type="checkbox"
        role="switch"
        class="transition-quick relative h-4.5 w-8 shrink-0 appearance-none rounded-full bg-line-control before:absolute before:top-0.5 before:left-0.5 before:size-3.5 before:rounded-full before:bg-white before:transition-transform before:duration-100 checked:bg-accent checked:before:translate-x-3.5"
        checked={props.isOn}
        disabled={props.isDisabled ?? false}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      {props.label}
    </label>
  );
}
