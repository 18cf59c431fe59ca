import { createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { minutesText } from '#web/features/tickets/ticket-words.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';

/** Takes invoiced time back, with a reason; the next invoice of the contract line has less by it. */
export function ReverseEntry(props: { entryId: string; minutes: number }): JSX.Element {
  const [isOpen, setOpen] = createSignal(false);
  const [reason, setReason] = createSignal('');
  const submit = createSubmit(async () => {
    await api.time.reverseTime.mutate({ entryId: props.entryId as never, reason: reason() });
    await invalidateTopic('time-entry');
    showDone(`${minutesText(props.minutes)} will be taken off the next invoice`);
    setOpen(false);
  });
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        Reverse…
      </Button>
      <Dialog
        isOpen={isOpen()}
        onOpenChange={setOpen}
        title={`Reverse ${minutesText(props.minutes)}`}
        description="The entry stays as it was billed. An entry of its negative goes onto the next invoice of the same contract line; log what is right as a new entry."
      >
        <form class="flex flex-col gap-4" onSubmit={submit.onSubmit} novalidate>
          <FormProblem problem={submit.problem()} fields={['reason']} />
          <Field label="Why" isRequired error={submit.problem()?.fields['reason']}>
            {(control) => (
              <Input {...control} value={reason()} onInput={(event) => setReason(event.currentTarget.value)} />
            )}
          </Field>
          <div class="flex justify-end gap-2">
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
              Reverse
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
