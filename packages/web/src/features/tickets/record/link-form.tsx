import { createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { Combobox, type Choice } from '#web/ui/combobox/combobox.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { ticketLabel, type TicketDetail } from '../ticket-words.ts';
import { findTickets } from './find-tickets.ts';
import { LINK_CHOICES } from './link-words.ts';
import { DialogEnd } from './ticket-dialog.tsx';

/** Asks how this ticket hangs together with which other. */
export function LinkForm(props: { ticket: TicketDetail; onClose: () => void }): JSX.Element {
  const [other, setOther] = createSignal<Choice>();
  const [value, setValue] = createSignal<string>(LINK_CHOICES[0].value);
  const submit = createSubmit(async () => {
    const far = other();
    const choice = LINK_CHOICES.find((one) => one.value === value());
    if (far === undefined || choice === undefined) return;
    const { id, number } = props.ticket;
    const [from, to] = choice.isFromOther ? [far.id, id] : [id, far.id];
    const { linkId } = await api.tickets.linkTickets.mutate({
      ticketId: from as never,
      toTicketId: to as never,
      kind: choice.kind,
    });
    // First, so that the keyboard is the ticket's again while everything is read anew.
    props.onClose();
    showDone(`${ticketLabel(number)} is linked`, {
      undo: () =>
        void api.tickets.unlinkTickets
          .mutate({ ticketId: id, linkId: linkId as never })
          .then(() => invalidateTopic('ticket')),
    });
    await invalidateTopic('ticket');
  });
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <Field label="This ticket">
        {(control) => <Select {...control} value={value()} onChange={setValue} options={LINK_CHOICES} />}
      </Field>
      <Field label="Other ticket" isRequired error={submit.problem()?.fields['toTicketId']}>
        {(control) => (
          <Combobox
            control={control}
            value={other()}
            onChange={setOther}
            placeholder="Number or words"
            find={(text) => findTickets(text, props.ticket.id)}
          />
        )}
      </Field>
      <DialogEnd submit={submit} label="Link" isDisabled={other() === undefined} onClose={() => props.onClose()} />
    </form>
  );
}
