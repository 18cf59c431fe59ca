import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { ActionForm } from './action-form.tsx';
import type { ActionInput } from './action-input.ts';
import type { Action } from './action-words.ts';
import { RunView } from './run-view.tsx';

/** What is asked for, and with what. */
export interface WantedAction {
  readonly action: Action;
  readonly input: ActionInput;
  /** The name of the record that it is asked for on. */
  readonly targetName?: string | undefined;
}

/** An action from its form over its plan to its end. Closing it takes nothing back: it goes on under Actions. */
export function ActionDialog(props: { wanted: WantedAction | undefined; onClose: () => void }): JSX.Element {
  const [runId, setRunId] = createSignal<string>();
  const close = (): void => {
    setRunId(undefined);
    props.onClose();
  };
  return (
    <Dialog
      isOpen={props.wanted !== undefined}
      onOpenChange={(isOpen) => {
        if (!isOpen) close();
      }}
      title={props.wanted?.action.label ?? ''}
      footer={runId() === undefined ? undefined : <Button onClick={close}>Close</Button>}
    >
      <Show when={props.wanted} keyed>
        {(wanted) => (
          <Show when={runId()} fallback={<ActionForm {...wanted} onPlanned={setRunId} />}>
            {(id) => <RunView runId={id()} onOtherRun={setRunId} />}
          </Show>
        )}
      </Show>
    </Dialog>
  );
}
