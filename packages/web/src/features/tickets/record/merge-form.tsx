import { createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { toProblem } from '#web/app/problem/problem.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { Combobox, type Choice } from '#web/ui/combobox/combobox.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { showDone, showProblem } from '#web/ui/toast/toast-store.ts';
import { ticketLabel, type TicketDetail } from '../ticket-words.ts';
import { findTickets } from './find-tickets.ts';
import { DialogEnd } from './ticket-dialog.tsx';

/** Asks into which ticket of the same client this one goes. */
export function MergeForm(props: { ticket: TicketDetail; onClose: () => void }): JSX.Element {
  const [into, setInto] = createSignal<Choice>();
  const submit = createSubmit(async () => {
    const { id, number } = props.ticket;
    const target = into();
    if (target === undefined) return;
    await api['ticket-merging'].mergeTickets.mutate({ ticketIds: [id], intoTicketId: target.id as never });
    // First, so that the keyboard is the ticket's again while everything is read anew.
    props.onClose();
    showDone(`${ticketLabel(number)} goes on as ${target.label.split(' ')[0]}`, { undo: () => void unmerge(id) });
    await invalidateTopic('ticket');
  });
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <Field label="Into" isRequired error={submit.problem()?.fields['intoTicketId']}>
        {(control) => (
          <Combobox
            control={control}
            value={into()}
            onChange={setInto}
            placeholder="Number or words"
            find={(text) => findTickets(text, props.ticket.id, props.ticket.clientId)}
          />
        )}
      </Field>
      <DialogEnd submit={submit} label="Merge" isDisabled={into() === undefined} onClose={() => props.onClose()} />
    </form>
  );
}

/** Takes a merge back, and says where that is not possible any more. */
export async function unmerge(ticketId: string): Promise<void> {
  try {
    await api['ticket-merging'].unmergeTicket.mutate({ ticketId: ticketId as never });
    showDone('The merge was taken back');
  } catch (error) {
    showProblem('The merge could not be taken back', toProblem(error).message);
  }
  await invalidateTopic('ticket');
}
