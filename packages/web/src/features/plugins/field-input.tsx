import { Match, Show, Switch, createResource } from 'solid-js';
import type { JSX } from 'solid-js';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { Textarea } from '#web/ui/textarea/textarea.tsx';
import type { FormField } from './form-values.ts';
import { nameWords } from './plugin-words.ts';

interface FieldInputProps {
  readonly field: FormField;
  /** As typed; a list is one value a line. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: string | undefined;
  /** A secret that is kept unless another is typed. */
  readonly isSet?: boolean | undefined;
  /** What can be chosen, where the plugin asks the vendor. */
  readonly options?: (() => Promise<readonly { value: string; label: string }[]>) | undefined;
}

/** One field of a plugin's form, drawn from what its author declared. */
export function FieldInput(props: FieldInputProps): JSX.Element {
  const declared = () => props.field.field;
  return (
    <Switch fallback={<TextInput {...props} />}>
      <Match when={declared().kind === 'boolean'}>
        <div>
          <Checkbox
            label={props.field.label}
            isChecked={props.value === 'true'}
            onChange={(isChecked) => props.onChange(String(isChecked))}
          />
          <Show when={declared().help}>{(help) => <p class="pl-6 text-muted">{help()}</p>}</Show>
        </div>
      </Match>
      <Match when={props.field.choices}>
        {(choices) => (
          <Field
            label={props.field.label}
            hint={declared().help}
            isRequired={props.field.isRequired}
            error={props.error}
          >
            {(control) => (
              <Select
                {...control}
                value={props.value}
                onChange={props.onChange}
                options={[
                  ...(props.field.isRequired ? [] : [{ value: '', label: 'Not set' }]),
                  ...choices().map((value) => ({ value, label: nameWords(value) })),
                ]}
              />
            )}
          </Field>
        )}
      </Match>
      <Match when={props.options}>{(options) => <OptionInput {...props} load={options()} />}</Match>
    </Switch>
  );
}

function OptionInput(
  props: FieldInputProps & { load: () => Promise<readonly { value: string; label: string }[]> },
): JSX.Element {
  // With a value from the start: without one the whole screen would wait for the vendor.
  const [found, { refetch }] = createResource(() => props.load(), { initialValue: [] });
  return (
    <Field
      label={props.field.label}
      hint={props.field.field.help}
      isRequired={props.field.isRequired}
      error={props.error}
      aside={
        <button type="button" class="text-accent-text" onClick={() => void refetch()}>
          Ask the vendor
        </button>
      }
    >
      {(control) => (
        <Show
          when={found.error === undefined && found.latest.length > 0 ? found.latest : undefined}
          fallback={
            <Input {...control} value={props.value} onInput={(event) => props.onChange(event.currentTarget.value)} />
          }
        >
          {(choices) => (
            <Select
              {...control}
              value={props.value}
              onChange={props.onChange}
              options={[{ value: '', label: 'Not set' }, ...choices()]}
            />
          )}
        </Show>
      )}
    </Field>
  );
}

const INPUT_TYPES: Readonly<Record<string, string>> = {
  secret: 'password',
  url: 'url',
  integer: 'number',
  number: 'number',
  date: 'date',
};

function TextInput(props: FieldInputProps): JSX.Element {
  const declared = () => props.field.field;
  const isLong = () => declared().kind === 'multiline' || declared().kind === 'list' || declared().kind === 'json';
  const hint = () =>
    props.isSet === true
      ? 'Set. Leave it empty to keep it.'
      : declared().kind === 'list'
        ? `${declared().help ?? ''} One a line.`.trim()
        : declared().help;
  return (
    <Field
      label={props.field.label}
      hint={hint()}
      isRequired={props.field.isRequired && props.isSet !== true}
      error={props.error}
    >
      {(control) => (
        <Show
          when={isLong()}
          fallback={
            <Input
              {...control}
              type={INPUT_TYPES[declared().kind] ?? 'text'}
              // A password manager must not put the technician's own password here.
              autocomplete={props.field.isSecret ? 'new-password' : 'off'}
              placeholder={props.field.example}
              value={props.value}
              onInput={(event) => props.onChange(event.currentTarget.value)}
            />
          }
        >
          <Textarea
            {...control}
            rows={3}
            value={props.value}
            onInput={(event) => props.onChange(event.currentTarget.value)}
          />
        </Show>
      )}
    </Field>
  );
}
