import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { Textarea } from '#web/ui/textarea/textarea.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';

interface RunScriptProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly assetId: string;
  readonly assetName: string;
}

const TIMEOUTS = [
  { value: '60', label: '1 minute' },
  { value: '600', label: '10 minutes' },
  { value: '3600', label: '1 hour' },
];

/** Runs a script on one machine, by a signed order; its output then appears under the orders, line by line. */
export function RunScript(props: RunScriptProps): JSX.Element {
  return (
    <Dialog
      isOpen={props.isOpen}
      onOpenChange={props.onOpenChange}
      title={`Run a script on ${props.assetName}`}
      width="wide"
      description="It runs with the rights of the agent. The client can read in the portal that it ran, who ran it and why."
    >
      <Show when={props.isOpen}>
        <ScriptForm {...props} />
      </Show>
    </Dialog>
  );
}

function ScriptForm(props: RunScriptProps): JSX.Element {
  const [interpreter, setInterpreter] = createSignal<'shell' | 'python'>('shell');
  const [body, setBody] = createSignal('');
  const [timeout, setTimeoutSeconds] = createSignal('600');
  const [reason, setReason] = createSignal('');
  const submit = createSubmit(async () => {
    await api.endpoints.runScript.mutate({
      assetId: props.assetId as never,
      interpreter: interpreter(),
      body: body(),
      args: [],
      timeoutSeconds: Number(timeout()),
      reason: reason(),
    });
    await invalidateTopic('order');
    props.onOpenChange(false);
    showDone(`Ordered on ${props.assetName}`);
  });
  const errors = (): Readonly<Record<string, string>> => submit.problem()?.fields ?? {};
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <FormProblem problem={submit.problem()} />
      <Field label="Script" isRequired error={errors()['body']}>
        {(control) => (
          <Textarea
            {...control}
            class="min-h-48 font-mono"
            spellcheck={false}
            value={body()}
            onInput={(event) => setBody(event.currentTarget.value)}
          />
        )}
      </Field>
      <div class="grid gap-4 md:grid-cols-2">
        <Field label="Run by" error={errors()['interpreter']}>
          {(control) => (
            <Select
              {...control}
              value={interpreter()}
              onChange={(value) => setInterpreter(value as 'shell' | 'python')}
              options={[
                { value: 'shell', label: 'Shell' },
                { value: 'python', label: 'Python' },
              ]}
            />
          )}
        </Field>
        <Field label="Stop after" error={errors()['timeoutSeconds']}>
          {(control) => <Select {...control} value={timeout()} onChange={setTimeoutSeconds} options={TIMEOUTS} />}
        </Field>
      </div>
      <Field label="Reason" isRequired error={errors()['reason']}>
        {(control) => (
          <Input
            {...control}
            value={reason()}
            maxLength={300}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        )}
      </Field>
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onOpenChange(false)}>Cancel</Button>
        <Button
          kind="primary"
          type="submit"
          isBusy={submit.isBusy()}
          disabled={body().trim() === '' || reason().trim() === ''}
        >
          Run on 1 machine
        </Button>
      </div>
    </form>
  );
}
