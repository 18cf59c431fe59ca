import X from 'lucide-solid/icons/x';
import Plus from 'lucide-solid/icons/plus';
import { For } from 'solid-js';
import type { JSX } from 'solid-js';
import { produce, type SetStoreFunction } from 'solid-js/store';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { IconButton } from '#web/ui/icon-button/icon-button.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import type { Policy } from './sla-source.ts';

export type PolicyWarning = Policy['warnings'][number];

/** What a policy does as its time runs out. */
export interface WarningValues {
  warnings: PolicyWarning[];
  leadIds: string[];
  onCallIds: string[];
}

const TOLD = [
  ['assignee', 'who works on it'],
  ['lead', 'the leads'],
  ['on-call', 'who is on call'],
] as const;

export function warningValues(policy: Policy | undefined): WarningValues {
  return {
    warnings: (
      policy?.warnings ?? [
        { percent: 75, notify: ['assignee'] },
        { percent: 100, notify: ['assignee'] },
      ]
    ).map((one) => ({ raisePriority: false, queueId: null, assigneeId: null, ...one, notify: [...one.notify] })),
    leadIds: [...(policy?.leadIds ?? [])],
    onCallIds: [...(policy?.onCallIds ?? [])],
  };
}

/** Whom a policy warns at which share of the time, and what becomes of the ticket. */
export function PolicyWarnings(props: {
  values: WarningValues;
  set: SetStoreFunction<WarningValues>;
  errorOf: (path: string) => string | undefined;
}): JSX.Element {
  const staff = createRecordQuery({
    key: () => ['staff', 'list', 'assignees'],
    fetch: async (signal) => (await api.tickets.listAssignees.query({}, { signal })).items,
  });
  const queues = createRecordQuery({
    key: () => ['ticket-queue', 'list'],
    fetch: async (signal) => (await api.tickets.listQueues.query({}, { signal })).items,
  });
  const change = (index: number, edit: (one: PolicyWarning) => void): void =>
    props.set(
      'warnings',
      produce((all) => {
        const one = all[index];
        if (one !== undefined) edit(one);
      }),
    );
  return (
    <fieldset>
      <legend class="font-medium">Warnings, once each, in the time that counts</legend>
      <ul class="my-1 flex flex-col gap-2">
        <For each={props.values.warnings}>
          {(warning, index) => (
            <li class="flex flex-wrap items-center gap-x-3 gap-y-1">
              <span>At</span>
              <Input
                type="number"
                min={1}
                max={500}
                class="max-w-18"
                aria-label={`Percentage of warning ${index() + 1}`}
                aria-invalid={props.errorOf(`warnings.${index()}.percent`) === undefined ? undefined : true}
                value={warning.percent}
                onInput={(event) => {
                  const percent = Number(event.currentTarget.value);
                  change(index(), (one) => {
                    one.percent = percent;
                  });
                }}
              />
              <span>% tell</span>
              <For each={TOLD}>
                {([who, label]) => (
                  <Checkbox
                    label={label}
                    isChecked={warning.notify.includes(who)}
                    onChange={(isOn) =>
                      change(index(), (one) => {
                        one.notify = isOn ? [...one.notify, who] : one.notify.filter((other) => other !== who);
                      })
                    }
                  />
                )}
              </For>
              <Checkbox
                label="raise the priority"
                isChecked={warning.raisePriority}
                onChange={(isOn) =>
                  change(index(), (one) => {
                    one.raisePriority = isOn;
                  })
                }
              />
              <Select
                class="w-40"
                aria-label={`Queue after warning ${index() + 1}`}
                value={warning.queueId ?? ''}
                onChange={(id) =>
                  change(index(), (one) => {
                    one.queueId = id === '' ? null : (id as typeof one.queueId);
                  })
                }
                options={[
                  { value: '', label: 'Leave its queue' },
                  ...(queues.value() ?? []).map(({ id, name }) => ({ value: id as string, label: `To ${name}` })),
                ]}
              />
              <Select
                class="w-40"
                aria-label={`Assignee after warning ${index() + 1}`}
                value={warning.assigneeId ?? ''}
                onChange={(id) =>
                  change(index(), (one) => {
                    one.assigneeId = id === '' ? null : (id as typeof one.assigneeId);
                  })
                }
                options={[
                  { value: '', label: 'Leave its assignee' },
                  ...(staff.value() ?? []).map(({ id, name }) => ({ value: id as string, label: `To ${name}` })),
                ]}
              />
              <IconButton
                icon={X}
                label={`Remove warning ${index() + 1}`}
                onClick={() => props.set('warnings', (all) => all.filter((_, place) => place !== index()))}
              />
            </li>
          )}
        </For>
      </ul>
      <Button
        size="small"
        icon={Plus}
        onClick={() =>
          props.set('warnings', (all) => [
            ...all,
            { percent: 50, notify: ['assignee'], raisePriority: false, queueId: null, assigneeId: null },
          ])
        }
      >
        Add a warning
      </Button>
      <div class="mt-2 grid gap-4 md:grid-cols-2">
        <People title="Leads" field="leadIds" staff={staff.value() ?? []} values={props.values} set={props.set} />
        <People title="On call" field="onCallIds" staff={staff.value() ?? []} values={props.values} set={props.set} />
      </div>
    </fieldset>
  );
}

function People(props: {
  title: string;
  field: 'leadIds' | 'onCallIds';
  staff: readonly { id: string; name: string }[];
  values: WarningValues;
  set: SetStoreFunction<WarningValues>;
}): JSX.Element {
  const chosen = () => props.values[props.field];
  const nameOf = (id: string) => props.staff.find((one) => one.id === id)?.name ?? 'Somebody who left';
  return (
    <div>
      <Select
        aria-label={`Add to ${props.title.toLowerCase()}`}
        value=""
        onChange={(id) => {
          if (id !== '' && !chosen().includes(id)) props.set(props.field, [...chosen(), id]);
        }}
        options={[
          { value: '', label: `${props.title}: add somebody` },
          ...props.staff.filter(({ id }) => !chosen().includes(id)).map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <ul class="mt-1 flex flex-wrap gap-1">
        <For each={chosen()}>
          {(id) => (
            <li class="flex items-center gap-1 rounded-tag bg-sunken pl-2">
              {nameOf(id)}
              <IconButton
                icon={X}
                label={`Remove ${nameOf(id)} from ${props.title.toLowerCase()}`}
                onClick={() =>
                  props.set(
                    props.field,
                    chosen().filter((other) => other !== id),
                  )
                }
              />
            </li>
          )}
        </For>
      </ul>
    </div>
  );
}
