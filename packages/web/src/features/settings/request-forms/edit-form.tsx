import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { createStore } from 'solid-js/store';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import type { FormParts, RequestForm } from './form-source.ts';

interface EditFormProps {
  /** Which to change, `new` to make one; undefined closes. */
  readonly form: RequestForm | 'new' | undefined;
  readonly parts: FormParts | undefined;
  readonly onClose: () => void;
}

/** Makes or changes a form of the portal. */
export function EditForm(props: EditFormProps): JSX.Element {
  return (
    <Dialog
      isOpen={props.form !== undefined}
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title={props.form === 'new' ? 'New form' : 'Change form'}
    >
      <Show when={props.form} keyed>
        {(form) => (
          <Show when={props.parts} keyed>
            {(parts) => <Editor form={form === 'new' ? undefined : form} parts={parts} onClose={props.onClose} />}
          </Show>
        )}
      </Show>
    </Dialog>
  );
}

type Asked = 'no' | 'yes' | 'required';

function Editor(props: { form: RequestForm | undefined; parts: FormParts; onClose: () => void }): JSX.Element {
  const [values, set] = createStore({
    name: props.form?.name ?? '',
    description: props.form?.description ?? '',
    type: props.form?.type ?? ('request' as RequestForm['type']),
    categoryId: props.form?.categoryId ?? '',
    isActive: props.form?.isActive ?? true,
    asked: Object.fromEntries(
      (props.form?.fields ?? []).map(({ fieldId, isRequired }) => [fieldId, isRequired ? 'required' : 'yes']),
    ) as Record<string, Asked>,
  });
  const fits = (types: readonly string[]) => types.length === 0 || types.includes(values.type);
  const fields = () => props.parts.fields.filter((field) => fits(field.ticketTypes));
  const submit = createSubmit(async () => {
    const form = {
      name: values.name,
      description: values.description,
      type: values.type,
      categoryId: values.categoryId === '' ? null : values.categoryId,
      place: props.form?.place ?? 100,
      fields: fields().flatMap(({ id }) => {
        const asked = values.asked[id] ?? 'no';
        return asked === 'no' ? [] : [{ fieldId: id, isRequired: asked === 'required' }];
      }),
    };
    if (props.form === undefined) await api['request-forms'].createForm.mutate(form);
    else {
      const { id: formId, version } = props.form;
      await api['request-forms'].updateForm.mutate({ ...form, formId, version, isActive: values.isActive });
    }
    await invalidateTopic('request-form');
    showDone(`Saved ${values.name}`);
    props.onClose();
  });
  const wrong = (field: string) => submit.problem()?.fields[field];
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <FormProblem problem={submit.problem()} fields={['name', 'description', 'categoryId']} />
      <Field label="Name" hint="As a contact would say it: “New colleague”." isRequired error={wrong('name')}>
        {(control) => (
          <Input
            {...control}
            autofocus
            maxLength={80}
            value={values.name}
            onInput={(event) => set('name', event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label="One line about it" error={wrong('description')}>
        {(control) => (
          <Input
            {...control}
            maxLength={300}
            value={values.description}
            onInput={(event) => set('description', event.currentTarget.value)}
          />
        )}
      </Field>
      <div class="grid grid-cols-2 gap-4 max-md:grid-cols-1">
        <Field label="Becomes">
          {(control) => (
            <Select
              {...control}
              value={values.type}
              onChange={(type) => set('type', type as RequestForm['type'])}
              options={[
                { value: 'request', label: 'A request' },
                { value: 'incident', label: 'An incident' },
              ]}
            />
          )}
        </Field>
        <Field label="Category" error={wrong('categoryId')}>
          {(control) => (
            <Select
              {...control}
              value={values.categoryId}
              onChange={(categoryId) => set('categoryId', categoryId)}
              options={[
                { value: '', label: 'None' },
                ...props.parts.categories.map(({ id, name }) => ({ value: id, label: name })),
              ]}
            />
          )}
        </Field>
      </div>
      <fieldset class="flex flex-col gap-2">
        <legend class="pb-1 font-medium">It asks for</legend>
        <Show
          when={fields().length > 0}
          fallback={<p class="text-muted">No custom field is open to contacts yet. Make one that contacts may see.</p>}
        >
          <For each={fields()}>
            {(field) => (
              <div class="flex items-center justify-between gap-4">
                <span class="min-w-0 flex-1 truncate-line">{field.name}</span>
                <Select
                  class="w-40"
                  aria-label={`Ask for ${field.name}`}
                  value={values.asked[field.id] ?? 'no'}
                  onChange={(asked) => set('asked', field.id, asked as Asked)}
                  options={[
                    { value: 'no', label: 'Not asked' },
                    { value: 'yes', label: 'Asked' },
                    { value: 'required', label: 'Required' },
                  ]}
                />
              </div>
            )}
          </For>
        </Show>
      </fieldset>
      <Show when={props.form}>
        <Checkbox label="In the portal" isChecked={values.isActive} onChange={(is) => set('isActive', is)} />
      </Show>
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
          Save
        </Button>
      </div>
    </form>
  );
}
