import X from 'lucide-solid/icons/x';
import { createSignal, createUniqueId, For } from 'solid-js';
import type { JSX } from 'solid-js';
import { Combobox, type Choice } from '#web/ui/combobox/combobox.tsx';
import type { SelectOption } from '#web/ui/select/select.tsx';
import { findOfClients, type FoundKind } from './rule-source.ts';

/** Several contacts or assets, found by typing: what is chosen stands before the box, each with its way out. */
export function FoundPicker(props: {
  kind: FoundKind;
  label: string;
  names: readonly SelectOption[];
  values: readonly string[];
  onChange: (values: string[]) => void;
}): JSX.Element {
  const [met, setMet] = createSignal<readonly Choice[]>([]);
  const [chosen, setChosen] = createSignal<Choice>();
  const id = createUniqueId();
  const labelOf = (value: string): string =>
    met().find((one) => one.id === value)?.label ?? props.names.find((one) => one.value === value)?.label ?? value;
  const add = (choice: Choice | undefined): void => {
    if (choice === undefined) return;
    setMet([...met(), choice]);
    if (!props.values.includes(choice.id)) props.onChange([...props.values, choice.id]);
    // The box is empty again for the next one.
    setChosen(choice);
    queueMicrotask(() => setChosen(undefined));
  };
  return (
    <span class="flex min-w-56 flex-1 flex-wrap items-center gap-1.5">
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
      <span class="w-72 max-w-full">
        <label class="sr-only" for={id}>
          {props.label}
        </label>
        <Combobox
          control={{ id, 'aria-describedby': undefined, 'aria-invalid': undefined, 'aria-required': undefined }}
          value={chosen()}
          onChange={add}
          placeholder={props.kind === 'contact' ? 'Find a contact' : 'Find an asset'}
          find={(text) => findOfClients(props.kind, text)}
        />
      </span>
    </span>
  );
}
