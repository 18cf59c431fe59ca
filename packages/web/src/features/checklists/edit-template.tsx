import Plus from 'lucide-solid/icons/plus';
import X from 'lucide-solid/icons/x';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { createStore } from 'solid-js/store';
import type { inferRouterOutputs } from '@trpc/server';
import { api } from '#web/app/api/api.ts';
import type { AppRouter } from '#web/app/api/app-router.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { createCategories } from '#web/features/tickets/record/record-source.ts';
import { TYPES } from '#web/features/tickets/ticket-words.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { IconButton } from '#web/ui/icon-button/icon-button.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';

export type Template = inferRouterOutputs<AppRouter>['ticket-checklists']['listTemplates']['items'][number];

interface Values {
  name: string;
  ticketType: string;
  categoryId: string;
  isAutomatic: boolean;
  isActive: boolean;
  items: { title: string; role: string; isRequired: boolean; dueHours: string }[];
}

/** Makes a template, or changes one; lists on tickets stay as they are. */
export function EditTemplate(props: { template: Template | 'new' | undefined; onClose: () => void }): JSX.Element {
  return (
    <Dialog
      isOpen={props.template !== undefined}
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title={props.template === 'new' ? 'New checklist' : 'Checklist'}
      description="Lists that tickets have already stay as they are."
      width="wide"
    >
      <Show when={props.template} keyed>
        {(template) => <Form template={template === 'new' ? undefined : template} onClose={props.onClose} />}
      </Show>
    </Dialog>
  );
}

function Form(props: { template: Template | undefined; onClose: () => void }): JSX.Element {
  const [values, set] = createStore<Values>(valuesOf(props.template));
  const submit = createSubmit(async () => {
    const input = {
      name: values.name,
      ticketType: values.ticketType === '' ? null : values.ticketType,
      categoryId: values.categoryId === '' ? null : (values.categoryId as never),
      isAutomatic: values.isAutomatic,
      items: values.items.map(({ title, role, isRequired, dueHours }) => ({
        title,
        role,
        isRequired,
        dueMinutes: dueHours === '' ? null : Number(dueHours) * 60,
      })),
    };
    if (props.template === undefined) await api['ticket-checklists'].createTemplate.mutate(input);
    else {
      const { id: templateId, version } = props.template;
      await api['ticket-checklists'].updateTemplate.mutate({
        ...input,
        isActive: values.isActive,
        templateId,
        version,
      });
    }
    await invalidateTopic('checklist-template');
    showDone(`${values.name} was saved`);
    props.onClose();
  });
  const errors = () => submit.problem()?.fields ?? {};
  const itemError = (index: number): string | undefined =>
    Object.entries(errors()).find(([path]) => path.startsWith(`items.${index}.`))?.[1];
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit} novalidate>
      <FormProblem problem={submit.problem()} fields={Object.keys(errors())} />
      <div class="grid grid-cols-3 gap-4 max-md:grid-cols-1">
        <Field label="Name" isRequired error={errors()['name']}>
          {(control) => (
            <Input {...control} value={values.name} onInput={(event) => set('name', event.currentTarget.value)} />
          )}
        </Field>
        <Field label="For" error={errors()['ticketType']}>
          {(control) => (
            <Select
              {...control}
              value={values.ticketType}
              onChange={(type) => set('ticketType', type)}
              options={[
                { value: '', label: 'All tickets' },
                ...Object.entries(TYPES).map(([value, label]) => ({ value, label })),
              ]}
            />
          )}
        </Field>
        <CategoryField
          value={values.categoryId}
          onChange={(id) => set('categoryId', id)}
          error={errors()['categoryId']}
        />
      </div>
      <div class="flex flex-wrap gap-x-6">
        <Checkbox
          label="Comes to these tickets as they are opened"
          isChecked={values.isAutomatic}
          onChange={(isOn) => set('isAutomatic', isOn)}
        />
        <Show when={props.template}>
          <Checkbox label="In use" isChecked={values.isActive} onChange={(isOn) => set('isActive', isOn)} />
        </Show>
      </div>
      <fieldset>
        <legend class="font-medium">What is to be done</legend>
        <ol class="mt-2 flex flex-col gap-2">
          <For each={values.items}>
            {(item, index) => (
              <li>
                <div class="flex flex-wrap items-center gap-2">
                  <Input
                    class="min-w-48 flex-1"
                    aria-label={`Item ${index() + 1}`}
                    placeholder="What is to be done"
                    value={item.title}
                    onInput={(event) => set('items', index(), 'title', event.currentTarget.value)}
                  />
                  <Input
                    class="max-w-32"
                    aria-label={`Who does item ${index() + 1}`}
                    placeholder="Who"
                    value={item.role}
                    onInput={(event) => set('items', index(), 'role', event.currentTarget.value)}
                  />
                  <Input
                    class="max-w-24 text-right"
                    inputmode="numeric"
                    aria-label={`Hours until item ${index() + 1} is due`}
                    placeholder="due, h"
                    value={item.dueHours}
                    onInput={(event) =>
                      set('items', index(), 'dueHours', event.currentTarget.value.replaceAll(/\D/g, '').slice(0, 4))
                    }
                  />
                  <Checkbox
                    label="Required"
                    isChecked={item.isRequired}
                    onChange={(isOn) => set('items', index(), 'isRequired', isOn)}
                  />
                  <IconButton
                    icon={X}
                    label={`Remove item ${index() + 1}`}
                    onClick={() => set('items', (all) => all.filter((_, place) => place !== index()))}
                  />
                </div>
                <Show when={itemError(index())}>
                  {(error) => <p class="text-[0.9375em] text-critical-text">{error()}</p>}
                </Show>
              </li>
            )}
          </For>
        </ol>
        <Button
          class="mt-2"
          size="small"
          icon={Plus}
          onClick={() => set('items', (all) => [...all, { title: '', role: '', isRequired: false, dueHours: '' }])}
        >
          Add an item
        </Button>
      </fieldset>
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
          Save
        </Button>
      </div>
    </form>
  );
}

function CategoryField(props: {
  value: string;
  onChange: (id: string) => void;
  error: string | undefined;
}): JSX.Element {
  const categories = createCategories();
  return (
    <Field label="Of the category" error={props.error}>
      {(control) => (
        <Select
          {...control}
          value={props.value}
          onChange={(id) => props.onChange(id)}
          options={[
            { value: '', label: 'Every category' },
            ...(categories.value() ?? []).map((one) => ({ value: one.id as string, label: one.path })),
          ]}
        />
      )}
    </Field>
  );
}

function valuesOf(template: Template | undefined): Values {
  return {
    name: template?.name ?? '',
    ticketType: template?.ticketType ?? '',
    categoryId: template?.categoryId ?? '',
    isAutomatic: template?.isAutomatic ?? false,
    isActive: template?.isActive ?? true,
    items: (template?.items ?? [{ title: '', role: '', isRequired: false, dueMinutes: null }]).map((item) => ({
      title: item.title,
      role: item.role,
      isRequired: item.isRequired,
      dueHours: item.dueMinutes === null ? '' : String(Math.ceil(item.dueMinutes / 60)),
    })),
  };
}
