import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { createStore } from 'solid-js/store';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { findClients } from '#web/app/scope/client-source.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import type { Category, Rule, Rules, TeamThings } from './desk-source.ts';
import { TypeBoxes } from './type-boxes.tsx';

const METHODS = [
  { value: 'round-robin', label: 'In turn' },
  { value: 'least-load', label: 'Who has least' },
  { value: 'skill', label: 'Who knows most' },
  { value: 'manual', label: 'The team decides' },
] as const;

/** One condition of each kind; a rule that was made with more keeps them until another is chosen. */
export function RuleForm(props: {
  rule: Rule | undefined;
  things: TeamThings | undefined;
  categories: readonly Category[];
  queues: Rules['queues'];
  onClose: () => void;
}): JSX.Element {
  const { rule } = props;
  const clients = createRecordQuery({ key: () => ['tenancy.client', 'list', 'choices'], fetch: () => findClients('') });
  const [types, setTypes] = createSignal<readonly string[]>(rule?.ticketTypes ?? []);
  const [values, set] = createStore({
    name: rule?.name ?? '',
    place: String(rule?.place ?? 100),
    isActive: rule?.isActive ?? true,
    clientId: (rule?.clientIds[0] ?? '') as string,
    categoryId: (rule?.categoryIds[0] ?? '') as string,
    queueId: (rule?.queueIds[0] ?? '') as string,
    teamId: (rule?.teamId ?? props.things?.teams[0]?.id ?? '') as string,
    method: (rule?.method ?? 'round-robin') as (typeof METHODS)[number]['value'],
    skillId: (rule?.skillId ?? '') as string,
  });
  const submit = createSubmit(async () => {
    const input = {
      name: values.name,
      place: Number.parseInt(values.place, 10) || 0,
      isActive: values.isActive,
      clientIds: kept(rule?.clientIds, values.clientId),
      categoryIds: kept(rule?.categoryIds, values.categoryId),
      queueIds: kept(rule?.queueIds, values.queueId),
      ticketTypes: [...types()] as never[],
      teamId: values.teamId as never,
      method: values.method,
      skillId: values.method === 'skill' && values.skillId !== '' ? (values.skillId as never) : null,
    };
    if (rule === undefined) await api['ticket-assignment'].createRule.mutate(input);
    else await api['ticket-assignment'].updateRule.mutate({ ...input, ruleId: rule.id, version: rule.version });
    await invalidateTopic('desk');
    showDone(`${values.name} was saved`);
    props.onClose();
  });
  const errors = () => submit.problem()?.fields ?? {};
  const select = (
    name: 'clientId' | 'categoryId' | 'queueId' | 'teamId' | 'method' | 'skillId',
    label: string,
    options: readonly { value: string; label: string }[],
  ): JSX.Element => (
    <Field label={label} error={errors()[name]}>
      {(control) => (
        <Select {...control} value={values[name]} onChange={(value) => set(name, value as never)} options={options} />
      )}
    </Field>
  );
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
      <Field label="Place" hint="The lowest is asked first." error={errors()['place']}>
        {(control) => (
          <Input
            {...control}
            inputmode="numeric"
            value={values.place}
            onInput={(event) => set('place', event.currentTarget.value.replaceAll(/\D/g, '').slice(0, 5))}
          />
        )}
      </Field>
      {select(
        'categoryId',
        'Category',
        choices(
          'Any',
          props.categories.map(({ id, path }) => ({ id, label: path })),
        ),
      )}
      {select(
        'queueId',
        'Queue',
        choices(
          'Any',
          props.queues.map(({ id, name }) => ({ id, label: name })),
        ),
      )}
      {select(
        'clientId',
        'Client',
        choices(
          'Any',
          (clients.value() ?? []).map(({ id, name }) => ({ id, label: name })),
        ),
      )}
      <div />
      <div class="col-span-2">
        <TypeBoxes types={types()} onChange={setTypes} />
      </div>
      {select(
        'teamId',
        'Goes to',
        (props.things?.teams ?? []).map(({ id, name }) => ({ value: id, label: name })),
      )}
      {select('method', 'Who of them', METHODS)}
      <Show when={values.method === 'skill'}>
        {select(
          'skillId',
          'Skill',
          choices(
            'Choose a skill',
            (props.things?.skills ?? []).map(({ id, name }) => ({ id, label: name })),
          ),
        )}
      </Show>
      <div class="col-span-2 flex flex-col gap-3">
        <Show when={rule !== undefined}>
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

/** What a rule was made with, unless another one was chosen. */
function kept(known: readonly string[] | undefined, chosen: string): never[] {
  return (chosen === '' ? [] : chosen === known?.[0] ? [...known] : [chosen]) as never[];
}

function choices(any: string, list: readonly { id: string; label: string }[]) {
  return [{ value: '', label: any }, ...list.map(({ id, label }) => ({ value: id, label }))];
}
