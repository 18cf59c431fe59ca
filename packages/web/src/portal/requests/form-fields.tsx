import { For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import type { inferRouterOutputs } from '@trpc/server';
import { createStore } from 'solid-js/store';
import type { AppRouter } from '#web/app/api/app-router.ts';
import { t } from '#web/language/language.ts';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Field, type FieldControl } from '#web/ui/field/field.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { Textarea } from '#web/ui/textarea/textarea.tsx';

type FormField = inferRouterOutputs<AppRouter>['request-forms']['listPortalForms']['items'][number]['fields'][number];
type Value = string | boolean | readonly string[];

/** What a form asks beyond the words that every request has. */
export interface FormFields {
  /** What was filled in, for the server; what was left empty is left out. */
  readonly values: () => { fieldId: string; value: string | boolean | string[] }[];
  readonly view: (errorOf: (fieldId: string) => string | undefined) => JSX.Element;
}

/** Keeps what was filled in by field, so that a look at another form loses nothing. */
export function createFormFields(fields: () => readonly FormField[]): FormFields {
  const [values, setValues] = createStore<Record<string, Value>>({});
  return {
    values: () =>
      fields().flatMap(({ id }) => {
        const value = values[id];
        if (value === undefined || value === '' || (typeof value === 'object' && value.length === 0)) return [];
        return [{ fieldId: id, value: typeof value === 'object' ? [...value] : (value as string | boolean) }];
      }),
    view: (errorOf) => (
      <Show when={fields().length > 0}>
        <div class="grid gap-5 sm:grid-cols-2">
          <For each={fields()}>
            {(field) => (
              <OneField
                field={field}
                error={errorOf(field.id) === undefined ? undefined : t('field.required')}
                value={values[field.id]}
                onChange={(value) => setValues(field.id, value)}
              />
            )}
          </For>
        </div>
      </Show>
    ),
  };
}

interface OneFieldProps {
  readonly field: FormField;
  readonly error: string | undefined;
  readonly value: Value | undefined;
  readonly onChange: (value: Value) => void;
}

function OneField(props: OneFieldProps): JSX.Element {
  const isWide = () => props.field.type === 'long-text' || props.field.type === 'multi-choice';
  return (
    <Show
      when={props.field.type !== 'checkbox'}
      fallback={
        <div class="flex min-h-11 items-end sm:col-span-2">
          <Checkbox label={props.field.name} isChecked={props.value === true} onChange={(is) => props.onChange(is)} />
        </div>
      }
    >
      <Field
        label={props.field.name}
        hint={props.field.help === '' ? undefined : props.field.help}
        isRequired={props.field.isRequired}
        aside={
          props.field.isRequired ? undefined : <span class="text-small text-muted">{t('newRequest.optional')}</span>
        }
        error={props.error}
        class={isWide() ? 'sm:col-span-2' : undefined}
      >
        {(control) => <Control {...props} control={control} />}
      </Field>
    </Show>
  );
}

function Control(props: OneFieldProps & { control: FieldControl }): JSX.Element {
  const text = () => (typeof props.value === 'string' ? props.value : '');
  const chosen = () => (typeof props.value === 'object' ? props.value : []);
  const typed = (event: { currentTarget: { value: string } }): void => props.onChange(event.currentTarget.value);
  return (
    <Switch
      fallback={
        <Input
          {...props.control}
          type={props.field.type === 'date' ? 'date' : 'text'}
          inputmode={props.field.type === 'number' ? 'decimal' : 'text'}
          maxlength={props.field.maxLength ?? 200}
          value={text()}
          onInput={typed}
        />
      }
    >
      <Match when={props.field.type === 'long-text'}>
        <Textarea {...props.control} class="min-h-28" value={text()} onInput={typed} />
      </Match>
      <Match when={props.field.type === 'choice'}>
        <Select
          {...props.control}
          options={[
            { value: '', label: t('newRequest.choose') },
            ...props.field.choices.map(({ id, label }) => ({ value: id, label })),
          ]}
          value={text()}
          onChange={props.onChange}
        />
      </Match>
      <Match when={props.field.type === 'multi-choice'}>
        <div class="flex flex-wrap gap-x-6 gap-y-2" id={props.control.id} role="group" aria-label={props.field.name}>
          <For each={props.field.choices}>
            {({ id, label }) => (
              <Checkbox
                label={label}
                isChecked={chosen().includes(id)}
                onChange={(is) => props.onChange(is ? [...chosen(), id] : chosen().filter((one) => one !== id))}
              />
            )}
          </For>
        </div>
      </Match>
    </Switch>
  );
}
