import { For } from 'solid-js';
import type { JSX } from 'solid-js';
import type { SetStoreFunction } from 'solid-js/store';
import { Field } from '#web/ui/field/field.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { Textarea } from '#web/ui/textarea/textarea.tsx';
import { KINDS, type AssetKind } from './asset-words.ts';
import { FIELD_WORDS } from './fact-words.ts';

export const FORM_FACTS = [
  'vendor',
  'model',
  'serialNumber',
  'assetTag',
  'location',
  'assignedTo',
  'purchasedOn',
  'warrantyEndsOn',
  'notes',
] as const;
type FormFact = (typeof FORM_FACTS)[number];

export interface AssetFormValues {
  name: string;
  kind: AssetKind;
  facts: Record<FormFact, string>;
}

export const EMPTY_FACTS: Readonly<Record<FormFact, string>> = {
  vendor: '',
  model: '',
  serialNumber: '',
  assetTag: '',
  location: '',
  assignedTo: '',
  purchasedOn: '',
  warrantyEndsOn: '',
  notes: '',
};

/** What a person types about an asset. */
export function AssetForm(props: {
  values: AssetFormValues;
  set: SetStoreFunction<AssetFormValues>;
  errors: Readonly<Record<string, string>>;
  hint: (field: FormFact | 'name') => string | undefined;
}): JSX.Element {
  return (
    <div class="grid gap-4 md:grid-cols-2">
      <Field label="Name" isRequired error={props.errors['name']} hint={props.hint('name')}>
        {(control) => (
          <Input
            {...control}
            value={props.values.name}
            onInput={(event) => props.set('name', event.currentTarget.value)}
            required
            maxLength={200}
          />
        )}
      </Field>
      <Field label="Kind" error={props.errors['kind']}>
        {(control) => (
          <Select
            {...control}
            value={props.values.kind}
            onChange={(kind) => props.set('kind', kind as AssetKind)}
            options={Object.entries(KINDS).map(([value, label]) => ({ value, label }))}
          />
        )}
      </Field>
      <For each={FORM_FACTS.filter((field) => field !== 'notes')}>
        {(field) => (
          <Field label={FIELD_WORDS[field] ?? field} error={props.errors[`facts.${field}`]} hint={props.hint(field)}>
            {(control) => (
              <Input
                {...control}
                type={field.endsWith('On') ? 'date' : 'text'}
                isMono={field === 'serialNumber' || field === 'assetTag'}
                value={props.values.facts[field]}
                onInput={(event) => props.set('facts', field, event.currentTarget.value)}
              />
            )}
          </Field>
        )}
      </For>
      <Field class="md:col-span-2" label="Notes" error={props.errors['facts.notes']}>
        {(control) => (
          <Textarea
            {...control}
            rows={3}
            value={props.values.facts.notes}
            onInput={(event) => props.set('facts', 'notes', event.currentTarget.value)}
          />
        )}
      </Field>
    </div>
  );
}
