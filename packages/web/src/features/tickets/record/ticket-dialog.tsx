import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import type { Submit } from '#web/app/auth/create-submit.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';

/** A dialog that does one thing to a ticket; what it holds is made anew each time that it opens. */
export function TicketDialog(props: {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  description: string;
  children: JSX.Element;
}): JSX.Element {
  return (
    <Dialog
      isOpen={props.isOpen}
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title={props.title}
      description={props.description}
    >
      <Show when={props.isOpen}>{props.children}</Show>
    </Dialog>
  );
}

/** The end of such a dialog’s form: what went wrong, and the two buttons. */
export function DialogEnd(props: {
  submit: Submit;
  label: string;
  isDisabled?: boolean;
  onClose: () => void;
}): JSX.Element {
  return (
    <>
      <FormProblem problem={props.submit.problem()} />
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button kind="primary" type="submit" isBusy={props.submit.isBusy()} disabled={props.isDisabled ?? false}>
          {props.label}
        </Button>
      </div>
    </>
  );
}
