import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery, type RecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';

type Category = Awaited<ReturnType<typeof api.knowledge.listCategories.query>>['items'][number];

/** The categories of articles, by name. */
export function createCategories(): RecordQuery<readonly Category[]> {
  return createRecordQuery({
    key: () => ['knowledge-category', 'list'],
    fetch: async (signal) => (await api.knowledge.listCategories.query({}, { signal })).items,
  });
}

const NEW = 'new';

/** In which category an article stands; a new one is made on the spot. */
export function CategoryChoice(props: {
  value: string | null;
  onChange: (categoryId: string | null) => void;
  error?: string | undefined;
}): JSX.Element {
  const categories = createCategories();
  const [isNew, setNew] = createSignal(false);
  const [name, setName] = createSignal('');
  const add = createSubmit(async () => {
    const { categoryId } = await api.knowledge.createCategory.mutate({ name: name() });
    await invalidateTopic('knowledge-category');
    props.onChange(categoryId);
    setName('');
    setNew(false);
  });
  return (
    <>
      <Field label="Category" error={props.error}>
        {(control) => (
          <Select
            {...control}
            value={isNew() ? NEW : (props.value ?? '')}
            onChange={(value) => {
              setNew(value === NEW);
              if (value !== NEW) props.onChange(value === '' ? null : value);
            }}
            options={[
              { value: '', label: 'None' },
              ...(categories.value() ?? []).map((category) => ({ value: category.id, label: category.name })),
              { value: NEW, label: 'A new one…' },
            ]}
          />
        )}
      </Field>
      <Show when={isNew()}>
        <Field label="Name of the category" error={add.problem()?.fields['name'] ?? add.problem()?.message}>
          {(control) => (
            <span class="flex gap-2">
              <Input
                {...control}
                maxlength={100}
                value={name()}
                onInput={(event) => setName(event.currentTarget.value)}
              />
              <Button isBusy={add.isBusy()} disabled={name().trim() === ''} onClick={() => add.run()}>
                Make it
              </Button>
            </span>
          )}
        </Field>
      </Show>
    </>
  );
}
