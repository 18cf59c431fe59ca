import type { Field as Declared } from '@bailiwick/sdk';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { createStore } from 'solid-js/store';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { FieldInput } from '#web/features/plugins/field-input.tsx';
import { formField, startText, toText, toValue } from '#web/features/plugins/form-values.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Combobox, type Choice } from '#web/ui/combobox/combobox.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { fieldErrors, labelOf, type ActionInput } from './action-input.ts';
import type { Action } from './action-words.ts';

interface ActionFormProps {
  readonly action: Action;
  /** What is filled in already. */
  readonly input: ActionInput;
  /** The record that it is asked for on, by its name; its field is then fixed. */
  readonly targetName?: string | undefined;
  readonly onPlanned: (runId: string) => void;
}

/** The form of an action, from the fields that its author declared. It ends in a plan: nothing is done yet. */
export function ActionForm(props: ActionFormProps): JSX.Element {
  const fields = () => Object.entries(props.action.fields as Readonly<Record<string, Declared>>);
  const [texts, setTexts] = createStore<Record<string, string>>(
    Object.fromEntries(
      fields().map(([name, field]) => [
        name,
        name in props.input ? toText(field, props.input[name]) : startText(field),
      ]),
    ),
  );
  const submit = createSubmit(async () => {
    const input = Object.fromEntries(
      fields()
        .map(([name, field]) => [name, toValue(field, texts[name] ?? '')])
        .filter(([, value]) => value !== undefined),
    ) as ActionInput;
    const { runId } = await api['plugin-actions'].planAction.mutate({
      connectionId: props.action.connectionId,
      ...(props.action.scopeId === null ? {} : { scopeId: props.action.scopeId }),
      action: props.action.name,
      input,
    });
    await invalidateTopic('plugin-action-run');
    props.onPlanned(runId);
  });
  const errors = () => fieldErrors(submit.problem()?.fields ?? {});
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <Show when={props.action.help}>{(help) => <p class="text-muted">{help()}</p>}</Show>
      <FormProblem problem={submit.problem()} fields={fields().map(([name]) => `input.${name}`)} />
      <For each={fields()}>
        {([name, field]) => (
          <Show
            when={field.kind === 'entity' ? field : undefined}
            fallback={
              <FieldInput
                field={formField({
                  name,
                  label: labelOf(name, field),
                  field,
                  isSecret: field.kind === 'secret',
                  isRequired: field.optional !== true && startText(field) === '' && field.kind !== 'boolean',
                })}
                value={texts[name] ?? ''}
                onChange={(value) => setTexts(name, value)}
                error={errors()[name]}
              />
            }
          >
            {(entity) => (
              <RecordInput
                action={props.action}
                entity={entity().entity}
                label={labelOf(name, field)}
                hint={field.help}
                isRequired={field.optional !== true}
                value={texts[name] ?? ''}
                fixedName={name in props.input && name === 'target' ? (props.targetName ?? texts[name]) : undefined}
                onChange={(value) => setTexts(name, value)}
                error={errors()[name]}
              />
            )}
          </Show>
        )}
      </For>
      <div class="flex flex-wrap items-center gap-3">
        <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
          Show what it would do
        </Button>
        <span class="text-muted">Nothing is done yet.</span>
      </div>
    </form>
  );
}

/** A record at the vendor, chosen among those that were read. */
function RecordInput(props: {
  action: Action;
  entity: string;
  label: string;
  hint: string | undefined;
  isRequired: boolean;
  value: string;
  fixedName: string | undefined;
  onChange: (externalId: string) => void;
  error: string | undefined;
}): JSX.Element {
  const find = async (text: string): Promise<readonly Choice[]> => {
    const { items } = await api['plugin-sync'].listRecords.query({
      entity: props.entity,
      connectionId: props.action.connectionId,
      ...(props.action.scopeId === null ? {} : { scopeId: props.action.scopeId }),
      ...(text === '' ? {} : { search: text }),
      limit: 50,
    });
    return items.map(({ externalId, name }) => ({ id: externalId, label: name }));
  };
  return (
    <Show
      when={props.fixedName === undefined || props.error !== undefined}
      fallback={
        <div class="flex flex-col gap-1">
          <span class="font-medium">{props.label}</span>
          <span class="break-words">{props.fixedName}</span>
        </div>
      }
    >
      <Field label={props.label} hint={props.hint} isRequired={props.isRequired} error={props.error}>
        {(control) => (
          <Combobox
            control={control}
            value={props.value === '' ? undefined : { id: props.value, label: props.fixedName ?? props.value }}
            onChange={(choice) => props.onChange(choice?.id ?? '')}
            placeholder="Find by name"
            find={find}
          />
        )}
      </Field>
    </Show>
  );
}
