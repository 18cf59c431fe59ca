import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { createStore } from 'solid-js/store';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { priorityName, type PriorityLevel } from '#web/ui/priority/priority.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { budgetText, readBudget } from './budget-text.ts';
import { PolicyWarnings, warningValues } from './policy-warnings.tsx';
import { refreshRules, type Calendar, type Policy } from './sla-source.ts';

const MEASURES = [
  ['response', 'Answer'],
  ['update', 'Each update'],
  ['resolution', 'Resolution'],
] as const;
/** An OLA knows one clock. */
const OF_TEAMS = [['resolution', 'Time with the team']] as const;

const PAUSES = [
  ['waiting-client', 'Waiting on client'],
  ['waiting-vendor', 'Waiting on vendor'],
] as const;

interface Row {
  response: string;
  update: string;
  resolution: string;
  calendarId: string;
}

/** Makes a policy or an OLA, or the next version of one. */
export function EditPolicy(props: {
  policy: Policy | 'new' | 'new-ola' | undefined;
  calendars: readonly Calendar[];
  onClose: () => void;
}): JSX.Element {
  const isOla = (): boolean =>
    props.policy === 'new-ola' || (typeof props.policy === 'object' && props.policy.kind === 'ola');
  const isNew = (): boolean => typeof props.policy === 'string';
  return (
    <Dialog
      isOpen={props.policy !== undefined}
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title={`${isNew() ? 'New ' : ''}${isOla() ? 'OLA' : 'SLA policy'}`}
      description="Lengths such as 30 min, 4 h or 1 h 30 min. Empty promises nothing."
      width="wide"
    >
      <Show when={props.policy} keyed>
        {(policy) => (
          <PolicyForm
            policy={typeof policy === 'string' ? undefined : policy}
            kind={typeof policy === 'string' ? (policy === 'new' ? 'sla' : 'ola') : policy.kind}
            calendars={props.calendars}
            onClose={props.onClose}
          />
        )}
      </Show>
    </Dialog>
  );
}

function PolicyForm(props: {
  policy: Policy | undefined;
  kind: Policy['kind'];
  calendars: readonly Calendar[];
  onClose: () => void;
}): JSX.Element {
  const [name, setName] = createSignal(props.policy?.name ?? '');
  const [pauses, setPauses] = createSignal<readonly string[]>(props.policy?.pauseStatuses ?? ['waiting-client']);
  const [rows, set] = createStore<Row[]>([1, 2, 3, 4].map((priority) => rowOf(props.policy, priority)));
  const [warned, setWarned] = createStore(warningValues(props.policy));
  const [unread, setUnread] = createSignal<string>();
  const measures = () => (props.kind === 'ola' ? OF_TEAMS : MEASURES);
  const submit = createSubmit(async () => {
    setUnread(undefined);
    const targets = rows.map((row, index) => ({
      priority: index + 1,
      calendarId: (row.calendarId === '' ? null : row.calendarId) as Calendar['id'] | null,
      ...readRow(row),
    }));
    const place = targets.findIndex((target) => MEASURES.some(([measure]) => target[measure] === undefined));
    if (place !== -1) {
      setUnread(`P${place + 1}: write lengths such as 30 min, 4 h or 1 h 30 min.`);
      return;
    }
    const input = {
      name: name(),
      pauseStatuses: [...pauses()] as never[],
      targets: targets as never[],
      warnings: warned.warnings.map((one) => ({ ...one, notify: [...one.notify] })),
      leadIds: [...warned.leadIds] as never[],
      onCallIds: [...warned.onCallIds] as never[],
    };
    if (props.policy === undefined) await api.sla.createPolicy.mutate({ ...input, kind: props.kind });
    else await api.sla.updatePolicy.mutate({ ...input, policyId: props.policy.id, version: props.policy.version });
    await refreshRules();
    showDone(`${name()} was saved. Open tickets follow it.`);
    props.onClose();
  });
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <FormProblem problem={submit.problem()} />
      <Show when={unread()}>
        {(text) => (
          <p role="alert" class="text-critical-text">
            {text()}
          </p>
        )}
      </Show>
      <Field label="Name" isRequired error={submit.problem()?.fields['name']}>
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
      <div class="overflow-x-auto">
        <table class={props.kind === 'ola' ? 'w-full' : 'w-full min-w-140'}>
          <thead>
            <tr class="text-left text-muted">
              <th class="pb-1 font-medium">Priority</th>
              <For each={measures()}>{([, label]) => <th class="pb-1 font-medium">{label}</th>}</For>
              <th class="pb-1 font-medium">Hours that count</th>
            </tr>
          </thead>
          <tbody>
            <For each={rows}>
              {(row, index) => (
                <tr>
                  <th class="py-1 pr-3 text-left font-normal whitespace-nowrap">
                    {priorityName((index() + 1) as PriorityLevel)}
                  </th>
                  <For each={measures()}>
                    {([measure, label]) => (
                      <td class="py-1 pr-2">
                        <Input
                          aria-label={`${label}, P${index() + 1}`}
                          aria-invalid={
                            submit.problem()?.fields[`targets.${index()}.${measure}`] === undefined ? undefined : true
                          }
                          placeholder="–"
                          value={row[measure]}
                          onInput={(event) => set(index(), measure, event.currentTarget.value)}
                        />
                      </td>
                    )}
                  </For>
                  <td class="py-1">
                    <Select
                      aria-label={`Hours that count, P${index() + 1}`}
                      value={row.calendarId}
                      onChange={(id) => set(index(), 'calendarId', id)}
                      options={[
                        { value: '', label: 'Round the clock' },
                        ...props.calendars.map((one) => ({ value: one.id as string, label: one.name })),
                      ]}
                    />
                  </td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
      <fieldset class="flex flex-wrap gap-x-6 gap-y-1">
        <legend class="mb-1 font-medium">Clocks pause while a ticket is</legend>
        <For each={PAUSES}>
          {([status, label]) => (
            <Checkbox
              label={label}
              isChecked={pauses().includes(status)}
              onChange={(isOn) =>
                setPauses(isOn ? [...pauses(), status] : pauses().filter((other) => other !== status))
              }
            />
          )}
        </For>
      </fieldset>
      <PolicyWarnings values={warned} set={setWarned} errorOf={(path) => submit.problem()?.fields[path]} />
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
          Save
        </Button>
      </div>
    </form>
  );
}

function rowOf(policy: Policy | undefined, priority: number): Row {
  const target = policy?.targets.find((one) => one.priority === priority);
  return {
    response: budgetText(target?.response ?? null),
    update: budgetText(target?.update ?? null),
    resolution: budgetText(target?.resolution ?? null),
    calendarId: target?.calendarId ?? '',
  };
}

function readRow(row: Row) {
  return {
    response: readBudget(row.response),
    update: readBudget(row.update),
    resolution: readBudget(row.resolution),
  };
}
