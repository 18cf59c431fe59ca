import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { findClients } from '#web/app/scope/client-source.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Combobox, type Choice } from '#web/ui/combobox/combobox.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { isDoubtful, senderText, type QuarantinedDetail } from './reason-words.ts';

const search = (text: string) => (text === '' ? {} : { search: text });

interface PlaceProps {
  readonly mail: QuarantinedDetail;
  /** A ticket of its own; else it goes onto one that is there. */
  readonly isNew: boolean;
  readonly onClose: () => void;
}

/** Asks where a mail belongs, and in whose name it is. */
export function PlaceDialog(props: PlaceProps): JSX.Element {
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title={props.isNew ? 'Make a ticket of it' : 'Put it on a ticket'}
      description={
        isDoubtful(props.mail)
          ? 'Its sender cannot be proven, so its words become a note for staff, in nobody’s name.'
          : undefined
      }
    >
      <PlaceForm {...props} />
    </Dialog>
  );
}

function PlaceForm(props: PlaceProps): JSX.Element {
  const claimed = props.mail.claimedTicket;
  const [only, another] = props.mail.candidates;
  const [client, setClient] = createSignal<Choice | undefined>(
    only === undefined || another !== undefined ? undefined : { id: only.clientId, label: only.name },
  );
  const [ticket, setTicket] = createSignal<(Choice & { clientId: string }) | undefined>(
    claimed === null
      ? undefined
      : { id: claimed.ticketId, label: `T-${claimed.number} ${claimed.subject}`, clientId: claimed.clientId },
  );
  const [contact, setContact] = createSignal<Choice>();
  const [isAdded, setAdded] = createSignal(false);
  const clientId = (): string | undefined => (props.isNew ? client()?.id : ticket()?.clientId);
  const submit = createSubmit(async () => {
    const { mailId } = props.mail;
    const chosen = contact() === undefined ? {} : { contactId: contact()?.id as never };
    const intake = api['mail-intake'];
    const text = props.isNew
      ? `Opened T-${(await intake.openFromMail.mutate({ mailId, clientId: (client()?.id ?? '') as never, ...chosen })).number}`
      : (await intake.placeOnTicket.mutate({
          mailId,
          ticketId: (ticket()?.id ?? '') as never,
          addContact: isAdded(),
          ...chosen,
        }),
        'Placed');
    await invalidateTopic('inbound-mail');
    showDone(text);
    props.onClose();
  });
  const wrong = (field: string) => submit.problem()?.fields[field];
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <Show
        when={props.isNew}
        fallback={
          <Field label="Ticket" isRequired error={wrong('ticketId')}>
            {(control) => (
              <Combobox
                control={control}
                value={ticket()}
                onChange={(choice) => {
                  setContact(undefined);
                  setTicket(choice as Choice & { clientId: string });
                }}
                placeholder="Number or words of its subject"
                find={findTickets}
              />
            )}
          </Field>
        }
      >
        <Field
          label="Client"
          isRequired
          error={wrong('clientId')}
          hint={
            another === undefined
              ? undefined
              : `It may be of ${props.mail.candidates.map(({ name }) => name).join(' or ')}.`
          }
        >
          {(control) => (
            <Combobox
              control={control}
              value={client()}
              onChange={(choice) => {
                setContact(undefined);
                setClient(choice);
              }}
              placeholder="Type to find a client"
              find={async (text) => (await findClients(text)).map(({ id, name }) => ({ id, label: name }))}
            />
          )}
        </Field>
      </Show>
      <Show when={!isDoubtful(props.mail)}>
        <Field
          label="In the name of"
          error={wrong('contactId')}
          hint={`Left empty, it is ${senderText(props.mail)}, as far as the client has that contact.`}
        >
          {(control) => (
            <Combobox
              control={control}
              value={contact()}
              onChange={setContact}
              key={clientId()}
              isDisabled={clientId() === undefined}
              placeholder="The sender"
              find={async (text) =>
                (
                  await api.tenancy.listContacts.query({ clientId: clientId() as never, limit: 20, ...search(text) })
                ).items.map(({ id, name, email }) => ({ id, label: name, detail: email }))
              }
            />
          )}
        </Field>
        <Show when={!props.isNew && contact() === undefined}>
          <Checkbox
            label="Make a contact of an unknown sender; otherwise it becomes a note for staff"
            isChecked={isAdded()}
            onChange={setAdded}
          />
        </Show>
      </Show>
      <FormProblem problem={submit.problem()} />
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
          {props.isNew ? 'Open ticket' : 'Place'}
        </Button>
      </div>
    </form>
  );
}

async function findTickets(text: string): Promise<readonly (Choice & { clientId: string })[]> {
  const { items } = await api.tickets.listTickets.query({ limit: 20, ...search(text) });
  return items.map(({ id, number, subject, clientId, clientName }) => ({
    id,
    label: `T-${number} ${subject}`,
    detail: clientName ?? '',
    clientId,
  }));
}

/** Asks for the reason; the mail can be taken back. */
export function DiscardDialog(props: { mailId: string; onClose: () => void }): JSX.Element {
  const [reason, setReason] = createSignal('');
  const submit = createSubmit(async () => {
    const mailId = props.mailId as never;
    await api['mail-intake'].discardMail.mutate({ mailId, reason: reason() });
    await invalidateTopic('inbound-mail');
    showDone('Discarded', {
      undo: () => void api['mail-intake'].restoreMail.mutate({ mailId }).then(() => invalidateTopic('inbound-mail')),
    });
    props.onClose();
  });
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title="Discard the mail"
      description="It is kept, and can be taken back."
      width="narrow"
    >
      <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
        <Field label="Why" isRequired error={submit.problem()?.fields['reason']}>
          {(control) => (
            <Input
              {...control}
              maxlength={500}
              placeholder="Advertising"
              value={reason()}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          )}
        </Field>
        <FormProblem problem={submit.problem()} />
        <div class="flex justify-end gap-2">
          <Button onClick={() => props.onClose()}>Cancel</Button>
          <Button kind="danger" type="submit" isBusy={submit.isBusy()}>
            Discard
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
