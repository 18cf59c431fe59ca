import { createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { useNavigate } from '@solidjs/router';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { Field } from '#web/ui/field/field.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { ticketLabel, type TicketDetail } from '../ticket-words.ts';
import { DialogEnd } from './ticket-dialog.tsx';

/** Asks which of the things that were said becomes a ticket of its own. */
export function SplitForm(props: { ticket: TicketDetail; onClose: () => void }): JSX.Element {
  const navigate = useNavigate();
  const scoped = useScopedHref();
  const comments = () => props.ticket.comments.toReversed();
  const [commentId, setCommentId] = createSignal<string>(comments()[0]?.id ?? '');
  const [subject, setSubject] = createSignal('');
  const submit = createSubmit(async () => {
    const { id: ticketId } = props.ticket;
    const made = await api['ticket-merging'].splitTicket.mutate({
      ticketId,
      commentId: commentId() as never,
      subject: subject(),
    });
    // First, so that the keyboard is the ticket's again while everything is read anew.
    props.onClose();
    showDone(`Opened ${ticketLabel(made.number)}`);
    await invalidateTopic('ticket');
    navigate(scoped(`/tickets/${made.number}`));
  });
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <Field label="What was said" isRequired error={submit.problem()?.fields['commentId']}>
        {(control) => (
          <Select
            {...control}
            value={commentId()}
            onChange={setCommentId}
            options={comments().map((comment) => ({
              value: comment.id,
              label: `${comment.authorName}: ${comment.body.slice(0, 70)}`,
            }))}
          />
        )}
      </Field>
      <Field label="Subject of the new ticket" isRequired error={submit.problem()?.fields['subject']}>
        {(control) => (
          <Input
            {...control}
            required
            maxlength={200}
            value={subject()}
            onInput={(event) => setSubject(event.currentTarget.value)}
          />
        )}
      </Field>
      <DialogEnd
        submit={submit}
        label="Split off"
        isDisabled={commentId() === '' || subject().trim() === ''}
        onClose={() => props.onClose()}
      />
    </form>
  );
}
