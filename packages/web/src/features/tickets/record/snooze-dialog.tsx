import { For, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { ticketLabel, type TicketDetail } from '../ticket-words.ts';
import { DialogEnd } from './ticket-dialog.tsx';
import { snoozeTimes } from './snooze-times.ts';

/** Asks until when a ticket sleeps, in the reader’s zone. */
export function SnoozeForm(props: { ticket: TicketDetail; onClose: () => void }): JSX.Element {
  const zone = Temporal.Now.timeZoneId();
  const times = snoozeTimes(Temporal.Now.zonedDateTimeISO());
  const [until, setUntil] = createSignal('');
  const [untilReply, setUntilReply] = createSignal(true);
  const submit = createSubmit(async () => {
    const at = until() === '' ? null : Temporal.PlainDateTime.from(until()).toZonedDateTime(zone).toInstant();
    const { id, number, version } = props.ticket;
    const snoozed = await api['ticket-snooze'].snoozeTicket.mutate({
      ticketId: id,
      version,
      until: at?.toString() ?? null,
      untilReply: untilReply(),
    });
    // First, so that the keyboard is the ticket's again while everything is read anew.
    props.onClose();
    showDone(`${ticketLabel(number)} is snoozed`, {
      undo: () =>
        void api['ticket-snooze'].wakeTicket
          .mutate({ ticketId: id, version: snoozed.version })
          .then(() => invalidateTopic('ticket', id)),
    });
    await invalidateTopic('ticket', id);
  });
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <div class="flex flex-wrap gap-2">
        <For each={times}>
          {({ label, at }) => (
            <Button
              size="small"
              aria-pressed={until() === at}
              kind={until() === at ? 'primary' : 'secondary'}
              onClick={() => setUntil(at)}
            >
              {label}
            </Button>
          )}
        </For>
      </div>
      <Field
        label="Until"
        hint={`In ${zone}. Empty waits for the reply alone.`}
        error={submit.problem()?.fields['until']}
      >
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            value={until()}
            onInput={(event) => setUntil(event.currentTarget.value)}
          />
        )}
      </Field>
      <Checkbox label="The client’s reply wakes it" isChecked={untilReply()} onChange={setUntilReply} />
      <DialogEnd
        submit={submit}
        label="Snooze"
        isDisabled={until() === '' && !untilReply()}
        onClose={() => props.onClose()}
      />
    </form>
  );
}
