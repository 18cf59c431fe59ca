import ChevronDown from 'lucide-solid/icons/chevron-down';
import { For, splitProps } from 'solid-js';
import type { JSX } from 'solid-js';
import { CONTROL_CLASS } from '#web/ui/input/input.tsx';

export interface SelectOption {
  readonly value: string;
  readonly label: string;
}

export interface SelectProps extends Omit<JSX.SelectHTMLAttributes<HTMLSelectElement>, 'onChange' | 'value'> {
  readonly options: readonly SelectOption[];
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** One of a few, by the browser's own list: it is the best on phones and the most accessible. For many take `Combobox`. */
export function Select(props: SelectProps): JSX.Element {
  const [own, rest] = splitProps(props, ['options', 'value', 'onChange', 'class']);
  return (
    <span class={`relative inline-flex min-w-0 ${own.class ?? 'w-full'}`}>
      <select
        {...rest}
        class={`${CONTROL_CLASS} h-(--control) appearance-none pr-8`}
        onChange={(event) => own.onChange(event.currentTarget.value)}
      >
        <For each={own.options}>
          {(option) => (
            <option value={option.value} selected={option.value === own.value} class="bg-raised text-text">
              {option.label}
            </option>
          )}
        </For>
      </select>
      <ChevronDown size={14} class="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 text-muted" />
    </span>
  );
}
