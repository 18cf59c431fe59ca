import Zap from 'lucide-solid/icons/zap';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { ActionDialog, type WantedAction } from './action-dialog.tsx';
import type { ActionInput } from './action-input.ts';
import type { Action } from './action-words.ts';

/** What is offered on one record of a plugin: `Acknowledge at Zabbix`. Draws nothing where nothing is. */
export function RecordActions(props: {
  record: { readonly scopeId: string; readonly entity: string; readonly externalId: string; readonly name: string };
  /** Where it is done, for the button: "at Zabbix". */
  at?: string | undefined;
}): JSX.Element {
  const { can } = useSession();
  const actions = createRecordQuery<readonly Action[]>({
    key: () => ['plugin-scope', 'one', props.record.scopeId, 'actions', props.record.entity],
    fetch: (signal) =>
      api['plugin-actions'].listActions.query(
        { scopeId: props.record.scopeId, target: props.record.entity },
        { signal },
      ),
    isEnabled: () => can('plugin-actions.run-actions'),
  });
  return (
    <ActionButtons
      actions={actions.value() ?? []}
      input={{ target: props.record.externalId }}
      targetName={props.record.name}
      at={props.at}
    />
  );
}

/** A button for each action; those that cannot be asked for now say why. */
export function ActionButtons(props: {
  actions: readonly Action[];
  input?: ActionInput;
  targetName?: string | undefined;
  at?: string | undefined;
}): JSX.Element {
  const [wanted, setWanted] = createSignal<WantedAction>();
  const reasons = () => [...new Set(props.actions.flatMap(({ unavailable }) => unavailable ?? []))];
  return (
    <Show when={props.actions.length > 0}>
      <div class="flex flex-wrap gap-2">
        <For each={props.actions}>
          {(action) => (
            <Button
              size="small"
              icon={Zap}
              disabled={action.unavailable !== null}
              title={action.help ?? undefined}
              onClick={() => setWanted({ action, input: props.input ?? {}, targetName: props.targetName })}
            >
              {props.at === undefined ? action.label : `${action.label} ${props.at}`}
            </Button>
          )}
        </For>
      </div>
      <For each={reasons()}>{(reason) => <p class="pt-1 text-muted">{reason}</p>}</For>
      <ActionDialog wanted={wanted()} onClose={() => setWanted(undefined)} />
    </Show>
  );
}

/** A button that opens the form of one action with its fields filled in, as a page of a plugin offers it. Says why where the action cannot be asked for. */
export function ActionButton(props: {
  connectionId: string;
  /** Absent for an action on the whole connection. */
  scopeId?: string | undefined;
  action: string;
  label: string;
  input: ActionInput;
}): JSX.Element {
  const [wanted, setWanted] = createSignal<WantedAction>();
  const [problem, setProblem] = createSignal<string>();
  const open = createSubmit(async () => {
    const place = props.scopeId === undefined ? { connectionId: props.connectionId } : { scopeId: props.scopeId };
    const offered = await api['plugin-actions'].listActions.query(place);
    const action = offered.find(({ name }) => name === props.action);
    setProblem(action === undefined ? 'This is not offered here.' : (action.unavailable ?? undefined));
    if (action !== undefined && action.unavailable === null) setWanted({ action, input: props.input });
  });
  return (
    <div class="flex flex-col items-start gap-1">
      <Button icon={Zap} isBusy={open.isBusy()} onClick={open.run}>
        {props.label}
      </Button>
      <FormProblem problem={open.problem()} />
      <Show when={problem()}>
        {(text) => (
          <p role="status" class="text-muted">
            {text()}
          </p>
        )}
      </Show>
      <ActionDialog wanted={wanted()} onClose={() => setWanted(undefined)} />
    </div>
  );
}
