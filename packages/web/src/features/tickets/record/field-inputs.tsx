import { For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Combobox, type Choice } from '#web/ui/combobox/combobox.tsx';
import { Field, type FieldControl } from '#web/ui/field/field.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { Textarea } from '#web/ui/textarea/textarea.tsx';
import type { FieldDefinition } from './record-source.ts';

/** A value while it is typed: of a thing that is chosen, with its name. */
export type Typed = string | boolean | readonly string[] | Choice | undefined;
/** What was typed, by the field’s id. */
export type TypedValues = Readonly<Record<string, Typed>>;

const isChoice = (value: Typed): value is Choice => typeof value === 'object' && 'id' in value;

/** Typed values as the server takes them: all that were touched, null for what was emptied. */
export function toValues(typed: TypedValues): { fieldId: never; value: string | boolean | string[] | null }[] {
  return Object.entries(typed).map(([fieldId, value]) => ({
    fieldId: fieldId as never,
    value:
      value === undefined || value === ''
        ? null
        : isChoice(value)
          ? value.id
          : typeof value === 'object'
            ? [...value]
            : value,
  }));
}

/** A control for each custom field, in their order. */
export function FieldInputs(props: {
  fields: readonly FieldDefinition[];
  typed: TypedValues;
  onType: (fieldId: string, value: Typed) => void;
  clientId: string | undefined;
  /** What the server said of a field. */
  wrong: (fieldId: string) => string | undefined;
}): JSX.Element {
  return (
    <For each={props.fields}>
      {(field) => (
        <Show
          when={field.type !== 'checkbox' && field.type !== 'multi-choice'}
          fallback={
            <Ticks
              field={field}
              value={props.typed[field.id]}
              onType={(value) => props.onType(field.id, value)}
              wrong={props.wrong(field.id)}
            />
          }
        >
          <Field
            class={field.type === 'long-text' ? 'col-span-2' : ''}
            label={field.name}
            hint={field.help === '' ? undefined : field.help}
            isRequired={field.requiredOn === 'open'}
            error={props.wrong(field.id)}
          >
            {(control) => (
              <One
                control={control}
                field={field}
                value={props.typed[field.id]}
                onType={(value) => props.onType(field.id, value)}
                clientId={props.clientId}
              />
            )}
          </Field>
        </Show>
      )}
    </For>
  );
}

function One(props: {
  control: FieldControl;
  field: FieldDefinition;
  value: Typed;
  onType: (value: Typed) => void;
  clientId: string | undefined;
}): JSX.Element {
  const text = (): string => (typeof props.value === 'string' ? props.value : '');
  return (
    <Switch
      fallback={
        <Input
          {...props.control}
          type={props.field.type === 'date' ? 'date' : 'text'}
          inputmode={props.field.type === 'number' ? 'decimal' : undefined}
          maxlength={props.field.maxLength ?? 200}
          value={text()}
          onInput={(event) => props.onType(event.currentTarget.value)}
        />
      }
    >
      <Match when={props.field.type === 'long-text'}>
        <Textarea
          {...props.control}
          rows={3}
          value={text()}
          onInput={(event) => props.onType(event.currentTarget.value)}
        />
      </Match>
      <Match when={props.field.type === 'choice'}>
        <Select
          {...props.control}
          value={text()}
          onChange={props.onType}
          options={[
            { value: '', label: '–' },
            ...props.field.choices
              .filter((choice) => choice.isActive || choice.id === props.value)
              .map((choice) => ({ value: choice.id as string, label: choice.label })),
          ]}
        />
      </Match>
      <Match when={props.field.type === 'contact' || props.field.type === 'asset'}>
        <Combobox
          control={props.control}
          value={isChoice(props.value) ? props.value : undefined}
          onChange={props.onType}
          key={props.clientId}
          isDisabled={props.clientId === undefined}
          placeholder={props.clientId === undefined ? 'Client first' : 'Type to find one'}
          find={(words) => findThings(props.field.type === 'asset', props.clientId, words)}
        />
      </Match>
    </Switch>
  );
}

async function findThings(isAsset: boolean, clientId: string | undefined, text: string): Promise<readonly Choice[]> {
  const input = { clientId: clientId as never, limit: 20, ...(text === '' ? {} : { search: text }) };
  const { items } = isAsset ? await api.assets.listAssets.query(input) : await api.tenancy.listContacts.query(input);
  return items.map(({ id, name }) => ({ id, label: name }));
}

function Ticks(props: {
  field: FieldDefinition;
  value: Typed;
  onType: (value: Typed) => void;
  wrong: string | undefined;
}): JSX.Element {
  const chosen = (): readonly string[] => (Array.isArray(props.value) ? (props.value as readonly string[]) : []);
  return (
    <fieldset class="col-span-2">
      <legend class="mb-1 font-medium">{props.field.name}</legend>
      <Show
        when={props.field.type === 'multi-choice'}
        fallback={
          <Checkbox
            label={props.field.help === '' ? 'Yes' : props.field.help}
            isChecked={props.value === true}
            onChange={props.onType}
          />
        }
      >
        <div class="flex flex-wrap gap-x-4 gap-y-1">
          <For each={props.field.choices.filter((choice) => choice.isActive || chosen().includes(choice.id))}>
            {(choice) => (
              <Checkbox
                label={choice.label}
                isChecked={chosen().includes(choice.id)}
                onChange={(isOn) =>
                  props.onType(isOn ? [...chosen(), choice.id] : chosen().filter((id) => id !== choice.id))
                }
              />
            )}
          </For>
        </div>
      </Show>
      <Show when={props.wrong}>{(text) => <p class="text-critical-text">{text()}</p>}</Show>
    </fieldset>
  );
}
