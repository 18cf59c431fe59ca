import X from 'lucide-solid/icons/x';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { Select, type SelectOption } from '#web/ui/select/select.tsx';

/** Several of a list: what is chosen stands before the list, each with its way out. */
export function ValuePicker(props: {
  label: string;
  options: readonly SelectOption[];
  values: readonly string[];
  onChange: (values: string[]) => void;
  none?: string;
}): JSX.Element {
  const left = (): readonly SelectOption[] => props.options.filter(({ value }) => !props.values.includes(value));
  const labelOf = (value: string): string => props.options.find((one) => one.value === value)?.label ?? value;
  return (
    <span class="flex min-w-40 flex-1 flex-wrap items-center gap-1.5">
      <For each={props.values}>
        {(value) => (
          <span class="inline-flex items-center gap-1 rounded-tag bg-sunken py-0.5 pr-1 pl-2">
            {labelOf(value)}
            <button
              type="button"
              class="inline-flex size-6 items-center justify-center rounded-tag text-muted hover:bg-hover hover:text-text"
              aria-label={`Take ${labelOf(value)} away`}
              onClick={() => props.onChange(props.values.filter((one) => one !== value))}
            >
              <X size={13} />
            </button>
          </span>
        )}
      </For>
      <Show when={left().length > 0}>
        <Select
          class="w-36"
          aria-label={props.label}
          value=""
          options={[{ value: '', label: props.values.length === 0 ? (props.none ?? 'Choose…') : 'Add…' }, ...left()]}
          onChange={(value) => {
            if (value !== '') props.onChange([...props.values, value]);
          }}
        />
      </Show>
    </span>
  );
}
