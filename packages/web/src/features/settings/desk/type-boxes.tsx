import { For } from 'solid-js';
import type { JSX } from 'solid-js';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { TYPES } from './desk-source.ts';

/** For which types of ticket something is; none is all. */
export function TypeBoxes(props: {
  types: readonly string[];
  onChange: (types: readonly string[]) => void;
}): JSX.Element {
  return (
    <fieldset class="flex flex-wrap gap-x-6 gap-y-1">
      <legend class="mb-1 font-medium">For</legend>
      <For each={TYPES}>
        {([type, label]) => (
          <Checkbox
            label={label}
            isChecked={props.types.includes(type)}
            onChange={(isOn) =>
              props.onChange(isOn ? [...props.types, type] : props.types.filter((one) => one !== type))
            }
          />
        )}
      </For>
      <p class="w-full text-muted">None ticked is for every type.</p>
    </fieldset>
  );
}
