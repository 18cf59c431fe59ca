import { createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { startTimer } from '#web/features/tickets/timer-source.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Combobox, type Choice } from '#web/ui/combobox/combobox.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { findWork, workOf } from './work-choice.ts';

/** Starts the timer on what is chosen: a ticket, a client without one, or one's own company. */
export function StartTimer(props: { isOpen: boolean; onClose: () => void }): JSX.Element {
  const [work, setWork] = createSignal<Choice>();
  const close = (): void => {
    setWork(undefined);
    props.onClose();
  };
  const submit = createSubmit(async () => {
    const chosen = workOf(work());
    if (chosen === undefined) return;
    await startTimer('clientId' in chosen ? chosen : { ticketId: chosen.ticketId as never });
    close();
  });
  return (
    <Dialog
      isOpen={props.isOpen}
      onOpenChange={(isOpen) => {
        if (!isOpen) close();
      }}
      title="Start a timer"
      description="On a ticket, for a client without one, or for your own company. What runs is paused."
    >
      <form class="flex flex-col gap-4" onSubmit={submit.onSubmit} novalidate>
        <Field label="What for" isRequired>
          {(control) => (
            <Combobox
              control={control}
              value={work()}
              onChange={setWork}
              placeholder="A ticket’s number or words, or a client"
              find={findWork}
            />
          )}
        </Field>
        <div class="flex justify-end gap-2">
          <Button onClick={close}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={submit.isBusy()} disabled={work() === undefined}>
            Start
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
