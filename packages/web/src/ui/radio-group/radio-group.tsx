import { For, Show, createUniqueId } from 'solid-js';
import type { JSX } from 'solid-js';

export interface RadioGroupProps<Value extends string> {
  readonly label: string;
  readonly options: readonly { readonly value: Value; readonly label: string; readonly hint?: string }[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

/** One of two to five, all in sight. */
export function RadioGroup<Value extends string>(props: RadioGroupProps<Value>): JSX.Element {
  const name = createUniqueId();
  return (
    <fieldset class="flex flex-col gap-1">
      <legend class="mb-1 font-medium">{props.label}</legend>
      <For each={props.options}>
        {(option) => (
          <label class="flex min-h-6 items-start gap-2">
            <input
              type="radio"
              class="mt-0.5 size-4 accent-accent"
              name={name}
              value={option.value}
              checked={option.value === props.value}
              onChange={() => props.onChange(option.value)}
            />
            <span>
              {option.label}
              <Show when={option.hint}>{(hint) => <span class="block text-muted">{hint()}</span>}</Show>
            </span>
          </label>
        )}
      </For>
    </fieldset>
  );
}
