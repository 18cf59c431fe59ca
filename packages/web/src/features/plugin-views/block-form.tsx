import { For } from 'solid-js';
import type { JSX } from 'solid-js';
import { createStore } from 'solid-js/store';
import type { Json } from '@bailiwick/sdk';
import { labelOf } from '#web/features/plugin-actions/action-input.ts';
import { FieldInput } from '#web/features/plugins/field-input.tsx';
import { formField, startText, toText, toValue } from '#web/features/plugins/form-values.ts';
import { Button } from '#web/ui/button/button.tsx';
import type { ViewParams } from './draw-view.ts';
import type { BlockOf } from './view-words.ts';

/** Asks for values and has the view drawn with them. What is typed stays while it is drawn. */
export function BlockForm(props: {
  block: BlockOf<'form'>;
  /** What the view was drawn with. */
  params: ViewParams;
  isBusy: boolean;
  onSubmit: (params: ViewParams) => void;
}): JSX.Element {
  const [typed, setTyped] = createStore<Record<string, string>>({});
  const fields = () => Object.entries(props.block.fields);
  const textOf = (name: string): string => {
    const field = props.block.fields[name];
    if (field === undefined) return '';
    return typed[name] ?? (name in props.params ? toText(field, props.params[name]) : startText(field));
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const values = fields().map(([name, field]) => [name, toValue(field, textOf(name))] as const);
    props.onSubmit(Object.fromEntries(values.filter((entry): entry is [string, Json] => entry[1] !== undefined)));
  };
  return (
    <form class="flex w-full flex-wrap items-end gap-3" onSubmit={submit}>
      <For each={fields()}>
        {([name, field]) => (
          <div class="w-full sm:w-56">
            <FieldInput
              field={formField({
                name,
                label: labelOf(name, field),
                field,
                isSecret: false,
                isRequired: field.optional !== true && startText(field) === '' && field.kind !== 'boolean',
              })}
              value={textOf(name)}
              onChange={(value) => setTyped(name, value)}
              error={undefined}
            />
          </div>
        )}
      </For>
      <Button type="submit" isBusy={props.isBusy}>
        {props.block.submit}
      </Button>
    </form>
  );
}
