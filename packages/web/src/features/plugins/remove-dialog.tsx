import { createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';

interface RemoveDialogProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly title: string;
  /** What goes with it, in a sentence. */
  readonly what: string;
  readonly remove: (purge: boolean) => Promise<void>;
}

/** Asks whether what was brought stays or goes too. */
export function RemoveDialog(props: RemoveDialogProps): JSX.Element {
  const [isPurging, setPurging] = createSignal(false);
  const submit = createSubmit(() => props.remove(isPurging()));
  return (
    <Dialog isOpen={props.isOpen} onOpenChange={props.onOpenChange} title={props.title}>
      <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
        <p>
          {props.what} Records that it brought are kept unless you say otherwise. Its alerts end. Assets and tickets
          that were made from them stay in any case.
        </p>
        <Checkbox
          label="Delete the records that it brought too, with their history"
          isChecked={isPurging()}
          onChange={setPurging}
        />
        <FormProblem problem={submit.problem()} />
        <div class="flex justify-end gap-2">
          <Button onClick={() => props.onOpenChange(false)}>Cancel</Button>
          <Button kind="danger" type="submit" isBusy={submit.isBusy()}>
            Remove
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
