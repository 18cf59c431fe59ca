import Plus from 'lucide-solid/icons/plus';
import X from 'lucide-solid/icons/x';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { IconButton } from '#web/ui/icon-button/icon-button.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import {
  fieldText,
  isFinished,
  isPresence,
  operatorsOf,
  readFields,
  type FieldChoice,
  type FieldDraft,
} from './field-filter.ts';
import { ANY, type Deviation } from './queue-settings.ts';
import type { ViewFilter } from './views-source.ts';

const MAX_FIELDS = 3;

interface Known {
  readonly categories: readonly { value: string; label: string }[];
  readonly fields: readonly FieldChoice[];
}

/** What narrows the queue besides the filters that stand before it: the category with all below it, and custom fields. */
export function MoreFilters(props: {
  view: ViewFilter;
  url: Deviation;
  onChange: (change: Partial<Deviation>) => void;
  onClose: () => void;
}): JSX.Element {
  const known = createRecordQuery({
    key: () => ['desk-field', 'list', 'filters'],
    fetch: async (signal): Promise<Known> => {
      const [categories, fields] = await Promise.all([
        api['desk-catalogue'].listCategories.query({}, { signal }),
        api['desk-fields'].listFields.query({}, { signal }),
      ]);
      return {
        categories: categories.items.map(({ id, path }) => ({ value: id as string, label: path })),
        fields: fields.items
          .filter(({ type }) => type !== 'contact' && type !== 'asset')
          .map(({ id, name, type, choices }) => ({
            id,
            name,
            type,
            choices: choices.map((one) => ({ value: one.id as string, label: one.label })),
          })),
      };
    },
  });
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title="More filters"
      description="They are part of the view when you save it."
      width="wide"
    >
      <Show when={known.problem()}>
        {(problem) => <ErrorState title="Fields could not be loaded" problem={problem()} onRetry={known.retry} />}
      </Show>
      <Show when={known.value()} fallback={<SkeletonText lines={5} />}>
        {(value) => <Filters {...props} known={value()} />}
      </Show>
    </Dialog>
  );
}

function Filters(props: {
  known: Known;
  view: ViewFilter;
  url: Deviation;
  onChange: (change: Partial<Deviation>) => void;
  onClose: () => void;
}): JSX.Element {
  const now = (name: 'category' | 'fields', ofView: string): string =>
    props.url[name] === '' ? ofView : props.url[name] === ANY ? '' : props.url[name];
  const ofView = { category: props.view.categoryId ?? '', fields: (props.view.fields ?? []).join(',') };
  const [category, setCategory] = createSignal(now('category', ofView.category));
  const [fields, setFields] = createSignal<readonly FieldDraft[]>(readFields(now('fields', ofView.fields)));
  const change = (index: number, next: Partial<FieldDraft>): void => {
    setFields(fields().map((one, place) => (place === index ? { ...one, ...next } : one)));
  };
  const add = (): void => {
    const [first] = props.known.fields;
    if (first === undefined) return;
    setFields([...fields(), { fieldId: first.id, op: operatorsOf(first.type)[0]?.value ?? 'is-set', values: [] }]);
  };
  /** As the view has it is nothing; what the view has and this not is taken away. */
  const deviation = (value: string, usual: string): string => (value === usual ? '' : value === '' ? ANY : value);
  const apply = (): void => {
    const text = fields().filter(isFinished).map(fieldText).join(',');
    props.onChange({ category: deviation(category(), ofView.category), fields: deviation(text, ofView.fields) });
    props.onClose();
  };
  return (
    <form
      class="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <Field label="Category" hint="With all below it.">
        {(control) => (
          <Select
            {...control}
            value={category()}
            options={[{ value: '', label: 'Any category' }, ...props.known.categories]}
            onChange={setCategory}
          />
        )}
      </Field>
      <fieldset class="flex flex-col gap-2">
        <legend class="mb-1 font-medium">Custom fields</legend>
        <Show when={props.known.fields.length === 0}>
          <p class="text-muted">There are none. They are made under Settings, Tickets.</p>
        </Show>
        <For each={fields()}>
          {(field, index) => (
            <div class="flex flex-wrap items-center gap-2">
              <FieldRow field={field} fields={props.known.fields} onChange={(next) => change(index(), next)} />
              <IconButton
                icon={X}
                label={`Remove field ${index() + 1}`}
                onClick={() => setFields(fields().filter((_, place) => place !== index()))}
              />
            </div>
          )}
        </For>
        <Show when={props.known.fields.length > 0 && fields().length < MAX_FIELDS}>
          <Button size="small" class="self-start" icon={Plus} onClick={add}>
            Add a field
          </Button>
        </Show>
      </fieldset>
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button kind="primary" type="submit">
          Apply
        </Button>
      </div>
    </form>
  );
}

function FieldRow(props: {
  field: FieldDraft;
  fields: readonly FieldChoice[];
  onChange: (next: Partial<FieldDraft>) => void;
}): JSX.Element {
  const known = () => props.fields.find(({ id }) => id === props.field.fieldId);
  const choices = () =>
    known()?.type === 'checkbox'
      ? [
          { value: 'true', label: 'yes' },
          { value: 'false', label: 'no' },
        ]
      : (known()?.choices ?? []);
  return (
    <>
      <Select
        class="w-52"
        aria-label="Field"
        value={props.field.fieldId}
        options={props.fields.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(fieldId) => {
          const type = props.fields.find(({ id }) => id === fieldId)?.type ?? '';
          props.onChange({ fieldId, op: operatorsOf(type)[0]?.value ?? 'is-set', values: [] });
        }}
      />
      <Select
        class="w-36"
        aria-label="Operator"
        value={props.field.op}
        options={operatorsOf(known()?.type ?? '')}
        onChange={(op) => props.onChange({ op })}
      />
      <Show when={!isPresence(props.field.op)}>
        <Show
          when={choices().length > 0}
          fallback={
            <Input
              class="min-w-40 flex-1"
              aria-label="Value"
              type={known()?.type === 'date' ? 'date' : 'text'}
              value={props.field.values[0] ?? ''}
              onInput={(event) => props.onChange({ values: [event.currentTarget.value] })}
            />
          }
        >
          <Select
            class="w-44"
            aria-label="Value"
            value={props.field.values[0] ?? ''}
            options={[{ value: '', label: 'Choose…' }, ...choices()]}
            onChange={(value) => props.onChange({ values: value === '' ? [] : [value] })}
          />
        </Show>
      </Show>
    </>
  );
}
