import { Index, Match, Show, Switch, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import type { Macro } from '#web/features/replies/writing-source.ts';
import { createAssignees } from '#web/features/tickets/ticket-source.ts';
import { STATUSES } from '#web/features/tickets/ticket-words.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { RichEditor } from '#web/ui/rich-editor/rich-editor.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { NameFields, type Named } from './name-fields.tsx';

type Step = Macro['steps'][number];

const NEW: Readonly<Record<Step['kind'], { label: string; step: Step }>> = {
  reply: { label: 'Reply to the client', step: { kind: 'reply', html: '' } },
  note: { label: 'Add an internal note', step: { kind: 'note', html: '' } },
  status: { label: 'Set the status', step: { kind: 'status', status: 'resolved' } },
  priority: { label: 'Set the priority', step: { kind: 'priority', priority: 2 } },
  'assign-me': { label: 'Assign to whoever runs it', step: { kind: 'assign-me' } },
  assign: { label: 'Assign to…', step: { kind: 'assign', staffId: null } },
  queue: { label: 'Put into a queue', step: { kind: 'queue', queueId: null } },
  time: { label: 'Log time', step: { kind: 'time', minutes: 15, note: '' } },
};

/** A macro, new or changed. */
export function EditMacro(props: { macro: Macro | 'new' | undefined; onClose: () => void }): JSX.Element {
  return (
    <Dialog
      isOpen={props.macro !== undefined}
      onOpenChange={() => props.onClose()}
      title={props.macro === 'new' ? 'New macro' : 'Change a macro'}
      width="wide"
    >
      <Show when={props.macro} keyed>
        {(macro) => <Form macro={macro === 'new' ? undefined : macro} onDone={props.onClose} />}
      </Show>
    </Dialog>
  );
}

function Form(props: { macro: Macro | undefined; onDone: () => void }): JSX.Element {
  const [named, setNamed] = createSignal<Named>(props.macro ?? { name: '', folder: '', isShared: false });
  const [steps, setSteps] = createSignal<readonly Step[]>(props.macro?.steps ?? []);
  const submit = createSubmit(async () => {
    const { name, folder, isShared } = named();
    const given = { name, folder, steps: [...steps()] };
    if (props.macro === undefined) await api.replies.createMacro.mutate({ ...given, isShared });
    else await api.replies.updateMacro.mutate({ ...given, macroId: props.macro.id, version: props.macro.version });
    await invalidateTopic('reply-macro');
    props.onDone();
  });
  const put = (index: number, step: Step): void =>
    void setSteps(steps().map((old, place) => (place === index ? step : old)));
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <NameFields named={named()} onChange={setNamed} isNew={props.macro === undefined} problem={submit.problem()} />
      <ol class="flex flex-col gap-3" aria-label="Steps">
        <Index each={steps()}>
          {(step, index) => (
            <li class="rounded-control border border-line p-3">
              <div class="mb-2 flex items-center gap-2">
                <span class="flex-1 font-medium">
                  {index + 1}. {NEW[step().kind].label}
                </span>
                <Button
                  size="small"
                  kind="quiet"
                  onClick={() => setSteps(steps().filter((_, place) => place !== index))}
                >
                  Remove
                </Button>
              </div>
              <StepFields step={step()} onChange={(next) => put(index, next)} />
              <Show when={submit.problem()?.fields[`steps.${index}`]}>
                {(error) => <p class="mt-1 text-critical-text">{error()}</p>}
              </Show>
            </li>
          )}
        </Index>
      </ol>
      <Select
        aria-label="Add a step"
        value=""
        onChange={(kind) => kind !== '' && setSteps([...steps(), NEW[kind as Step['kind']].step])}
        options={[
          { value: '', label: 'Add a step…' },
          ...Object.entries(NEW).map(([value, { label }]) => ({ value, label })),
        ]}
      />
      <FormProblem problem={submit.problem()} />
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onDone()}>Cancel</Button>
        <Button kind="primary" type="submit" isBusy={submit.isBusy()} disabled={steps().length === 0}>
          Save
        </Button>
      </div>
    </form>
  );
}

function StepFields(props: { step: Step; onChange: (step: Step) => void }): JSX.Element {
  const assignees = createAssignees();
  const queues = createRecordQuery({
    key: () => ['ticket-queue', 'list', 'for-macro'],
    fetch: (signal) => api.tickets.listQueues.query({}, { signal }),
    isEnabled: () => props.step.kind === 'queue',
  });
  const of = <Kind extends Step['kind']>(kind: Kind): Extract<Step, { kind: Kind }> | undefined =>
    props.step.kind === kind ? (props.step as Extract<Step, { kind: Kind }>) : undefined;
  return (
    <Switch>
      <Match when={'html' in props.step && props.step}>
        {(step) => (
          <RichEditor
            label={NEW[step().kind].label}
            placeholder="Hello {{contact.firstName}}, …"
            html={step().html}
            onChange={(html) => props.onChange({ ...step(), html })}
          />
        )}
      </Match>
      <Match when={of('status')}>
        {(step) => (
          <Select
            aria-label="Status"
            value={step().status}
            onChange={(status) =>
              props.onChange({
                kind: 'status',
                status: status as typeof STATUSES extends Record<infer Key, unknown> ? Key : never,
              })
            }
            options={Object.entries(STATUSES).map(([value, { label }]) => ({ value, label }))}
          />
        )}
      </Match>
      <Match when={of('priority')}>
        {(step) => (
          <Select
            aria-label="Priority"
            value={String(step().priority)}
            onChange={(value) => props.onChange({ kind: 'priority', priority: Number(value) as 1 })}
            options={['1', '2', '3', '4'].map((value) => ({ value, label: `P${value}` }))}
          />
        )}
      </Match>
      <Match when={of('assign')}>
        {(step) => (
          <Select
            aria-label="Assignee"
            value={step().staffId ?? ''}
            onChange={(value) => props.onChange({ kind: 'assign', staffId: (value === '' ? null : value) as never })}
            options={[
              { value: '', label: 'Nobody' },
              ...(assignees.value()?.items ?? []).map(({ id, name }) => ({ value: id as string, label: name })),
            ]}
          />
        )}
      </Match>
      <Match when={of('queue')}>
        {(step) => (
          <Select
            aria-label="Queue"
            value={step().queueId ?? ''}
            onChange={(value) => props.onChange({ kind: 'queue', queueId: (value === '' ? null : value) as never })}
            options={[
              { value: '', label: 'No queue' },
              ...(queues.value()?.items ?? []).map(({ id, name }) => ({ value: id as string, label: name })),
            ]}
          />
        )}
      </Match>
      <Match when={of('time')}>
        {(step) => (
          <Input
            aria-label="Minutes"
            inputmode="numeric"
            value={step().minutes}
            onInput={(event) =>
              props.onChange({ ...step(), minutes: Number(event.currentTarget.value.replaceAll(/\D/g, '')) || 1 })
            }
          />
        )}
      </Match>
    </Switch>
  );
}
