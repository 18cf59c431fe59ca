import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { createStore } from 'solid-js/store';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { Textarea } from '#web/ui/textarea/textarea.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import type { FieldDefinition } from './desk-source.ts';
import { FIELD_TYPES, type FieldType } from './field-words.ts';
import { TypeBoxes } from './type-boxes.tsx';

type RequiredOn = 'never' | 'open' | 'resolve';

/** Makes a field, or changes one; its type stays what it was. */
export function FieldForm(props: { field: FieldDefinition | undefined; onClose: () => void }): JSX.Element {
  const { field } = props;
  const [type, setType] = createSignal<FieldType>(field?.type ?? 'text');
  const [choices, setChoices] = createSignal(
    (field?.choices ?? [])
      .filter((choice) => choice.isActive)
      .map((choice) => choice.label)
      .join('\n'),
  );
  const [values, set] = createStore({
    name: field?.name ?? '',
    help: field?.help ?? '',
    requiredOn: field?.requiredOn ?? 'never',
    isPublic: field?.isPublic ?? false,
    isActive: field?.isActive ?? true,
    min: field?.min ?? '',
    max: field?.max ?? '',
    ticketTypes: [...(field?.ticketTypes ?? [])] as string[],
  });
  const hasChoices = (): boolean => type() === 'choice' || type() === 'multi-choice';
  const submit = createSubmit(async () => {
    const input = inputOf(values, field);
    const labels = hasChoices() ? labelsOf(choices()) : [];
    if (field === undefined) await api['desk-fields'].createField.mutate({ ...input, type: type(), choices: labels });
    else
      await api['desk-fields'].updateField.mutate({
        ...input,
        fieldId: field.id,
        version: field.version,
        isActive: values.isActive,
        choices: labels.map((label) => ({
          label,
          choiceId: field.choices.find((one) => one.label === label)?.id ?? null,
        })),
      });
    await invalidateTopic('desk');
    showDone(`${values.name} was saved`);
    props.onClose();
  });
  const errors = () => submit.problem()?.fields ?? {};
  return (
    <form class="grid grid-cols-2 gap-x-4 gap-y-3" onSubmit={submit.onSubmit}>
      <div class="col-span-2 empty:hidden">
        <FormProblem problem={submit.problem()} fields={Object.keys(errors())} />
      </div>
      <Field label="Name" isRequired error={errors()['name']}>
        {(control) => (
          <Input
            {...control}
            required
            maxLength={80}
            value={values.name}
            onInput={(event) => set('name', event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label="Holds">
        {(control) => (
          <Select
            {...control}
            disabled={field !== undefined}
            value={type()}
            onChange={(value) => setType(value as FieldType)}
            options={FIELD_TYPES}
          />
        )}
      </Field>
      <Field class="col-span-2" label="Help" hint="Stands under the field." error={errors()['help']}>
        {(control) => (
          <Input
            {...control}
            maxLength={200}
            value={values.help}
            onInput={(event) => set('help', event.currentTarget.value)}
          />
        )}
      </Field>
      <Show when={hasChoices()}>
        <ChoiceLines lines={choices()} onChange={setChoices} error={errors()['choices']} />
      </Show>
      <Show when={type() === 'number'}>
        <Limits
          min={values.min}
          max={values.max}
          onChange={(end, value) => set(end, value)}
          wrong={(end) => errors()[end]}
        />
      </Show>
      <RequiredOnField value={values.requiredOn} onChange={(value) => set('requiredOn', value)} />
      <div class="col-span-2 flex flex-col gap-3">
        <TypeBoxes types={values.ticketTypes} onChange={(types) => set('ticketTypes', [...types])} />
        <Checkbox
          label="The client’s contacts see it"
          isChecked={values.isPublic}
          onChange={(isOn) => set('isPublic', isOn)}
        />
        <Show when={field !== undefined}>
          <Checkbox label="In use" isChecked={values.isActive} onChange={(isOn) => set('isActive', isOn)} />
        </Show>
        <div class="flex justify-end gap-2">
          <Button onClick={() => props.onClose()}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
            Save
          </Button>
        </div>
      </div>
    </form>
  );
}

/** The choices as lines of text. */
function ChoiceLines(props: {
  lines: string;
  onChange: (lines: string) => void;
  error: string | undefined;
}): JSX.Element {
  return (
    <Field
      class="col-span-2"
      label="Choices"
      hint="One a line. One that is taken away stays on its tickets; one that is written anew is a new one."
      isRequired
      error={props.error}
    >
      {(control) => (
        <Textarea
          {...control}
          rows={5}
          value={props.lines}
          onInput={(event) => props.onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

function labelsOf(lines: string): string[] {
  return lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function RequiredOnField(props: { value: RequiredOn; onChange: (value: RequiredOn) => void }): JSX.Element {
  return (
    <Field class="col-span-2" label="Must be filled in">
      {(control) => (
        <Select
          {...control}
          value={props.value}
          onChange={(value) => props.onChange(value as RequiredOn)}
          options={[
            { value: 'never', label: 'Never' },
            { value: 'open', label: 'When staff open a ticket' },
            { value: 'resolve', label: 'Before a ticket is resolved or closed' },
          ]}
        />
      )}
    </Field>
  );
}

function Limits(props: {
  min: string;
  max: string;
  onChange: (end: 'min' | 'max', value: string) => void;
  wrong: (end: 'min' | 'max') => string | undefined;
}): JSX.Element {
  return (
    <For each={['min', 'max'] as const}>
      {(end) => (
        <Field label={end === 'min' ? 'At least' : 'At most'} error={props.wrong(end)}>
          {(control) => (
            <Input
              {...control}
              inputmode="decimal"
              value={props[end]}
              onInput={(event) => props.onChange(end, event.currentTarget.value)}
            />
          )}
        </Field>
      )}
    </For>
  );
}

function inputOf(
  values: {
    name: string;
    help: string;
    requiredOn: RequiredOn;
    isPublic: boolean;
    min: string;
    max: string;
    ticketTypes: string[];
  },
  field: FieldDefinition | undefined,
) {
  return {
    name: values.name,
    help: values.help,
    requiredOn: values.requiredOn,
    isPublic: values.isPublic,
    min: values.min === '' ? null : values.min,
    max: values.max === '' ? null : values.max,
    maxLength: field?.maxLength ?? null,
    place: field?.place ?? 100,
    ticketTypes: [...values.ticketTypes] as never[],
  };
}
