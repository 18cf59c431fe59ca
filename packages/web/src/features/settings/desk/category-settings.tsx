import Plus from 'lucide-solid/icons/plus';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { SettingsSection } from '../settings-section.tsx';
import { createCategories, typesText, type Category } from './desk-source.ts';
import { TypeBoxes } from './type-boxes.tsx';

/** The tree of categories. */
export function CategorySettings(): JSX.Element {
  const { can } = useSession();
  const categories = createCategories();
  const [edited, setEdited] = createSignal<Category | 'new'>();
  const mayChange = (): boolean => can('desk-catalogue.manage-catalogue');
  return (
    <SettingsSection
      title="Categories"
      lead="What tickets are filed under, up to three levels deep. One that is retired stays on its tickets and takes no more."
      query={categories}
      action={
        <Show when={mayChange()}>
          <Button icon={Plus} onClick={() => setEdited('new')}>
            New category
          </Button>
        </Show>
      }
    >
      {(all) => (
        <>
          <ul class="divide-y divide-line">
            <For each={all} fallback={<li class="py-2.5 text-muted">There is no category yet.</li>}>
              {(category) => (
                <li class="flex items-center gap-4 py-2" style={{ 'padding-left': `${(category.depth - 1) * 20}px` }}>
                  <span class="min-w-0 flex-1" classList={{ 'text-muted line-through': !category.isActive }}>
                    {category.name}
                  </span>
                  <span class="text-muted">{category.isActive ? typesText(category.ticketTypes) : 'Retired'}</span>
                  <Show when={mayChange()}>
                    <Button size="small" aria-label={`Edit ${category.path}`} onClick={() => setEdited(category)}>
                      Edit
                    </Button>
                  </Show>
                </li>
              )}
            </For>
          </ul>
          <Dialog
            isOpen={edited() !== undefined}
            onOpenChange={(isOpen) => {
              if (!isOpen) setEdited(undefined);
            }}
            title={edited() === 'new' ? 'New category' : 'Category'}
          >
            <Show when={edited()} keyed>
              {(category) => (
                <CategoryForm
                  all={all}
                  category={category === 'new' ? undefined : category}
                  onClose={() => setEdited(undefined)}
                />
              )}
            </Show>
          </Dialog>
        </>
      )}
    </SettingsSection>
  );
}

function CategoryForm(props: {
  all: readonly Category[];
  category: Category | undefined;
  onClose: () => void;
}): JSX.Element {
  const [name, setName] = createSignal(props.category?.name ?? '');
  const [parentId, setParent] = createSignal('');
  const [types, setTypes] = createSignal<readonly string[]>(props.category?.ticketTypes ?? []);
  const [isActive, setActive] = createSignal(props.category?.isActive ?? true);
  const submit = createSubmit(async () => {
    const input = { name: name(), ticketTypes: [...types()] as never[] };
    if (props.category === undefined)
      await api['desk-catalogue'].createCategory.mutate({
        ...input,
        parentId: parentId() === '' ? null : (parentId() as never),
      });
    else {
      const { id: categoryId, version } = props.category;
      await api['desk-catalogue'].updateCategory.mutate({ ...input, categoryId, version, isActive: isActive() });
    }
    await invalidateTopic('desk');
    showDone(`${name()} was saved`);
    props.onClose();
  });
  const errors = () => submit.problem()?.fields ?? {};
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <FormProblem problem={submit.problem()} fields={Object.keys(errors())} />
      <Field label="Name" isRequired error={errors()['name']}>
        {(control) => (
          <Input
            {...control}
            required
            maxLength={80}
            value={name()}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        )}
      </Field>
      <Show
        when={props.category === undefined}
        fallback={<Checkbox label="In use" isChecked={isActive()} onChange={setActive} />}
      >
        <Field label="Inside" error={errors()['parentId']}>
          {(control) => (
            <Select
              {...control}
              value={parentId()}
              onChange={setParent}
              options={[
                { value: '', label: 'Nothing: a category of its own' },
                ...props.all
                  .filter((one) => one.isActive && one.depth < 3)
                  .map((one) => ({ value: one.id as string, label: one.path })),
              ]}
            />
          )}
        </Field>
      </Show>
      <TypeBoxes types={types()} onChange={setTypes} />
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
          Save
        </Button>
      </div>
    </form>
  );
}
