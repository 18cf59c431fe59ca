import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { ProgressBar } from '#web/ui/progress-bar/progress-bar.tsx';
import { Textarea } from '#web/ui/textarea/textarea.tsx';
import { showDone, showProblem } from '#web/ui/toast/toast-store.ts';
import { isDone, ticketLabel, type TicketDetail } from '../ticket-words.ts';
import { DialogEnd } from './ticket-dialog.tsx';

type Next = Awaited<ReturnType<(typeof api)['ticket-merging']['answerRelated']['mutate']>>['next'];

/** Tells all open children something, resolves them, or both, fifty at a time, with a way to stop between. */
export function AnswerRelated(props: {
  ticket: TicketDetail;
  relation: 'child-of' | 'caused-by';
  open: number;
  onClose: () => void;
}): JSX.Element {
  const [body, setBody] = createSignal('');
  const [resolve, setResolve] = createSignal(isDone(props.ticket.status));
  const [done, setDone] = createSignal<number>();
  // As many as there were; those that are done leave the list while this is open.
  const total = props.open;
  let isStopped = false;
  const submit = createSubmit(async () => {
    const refused: { number: number; message: string }[] = [];
    let [count, after]: [number, Next] = [0, null];
    setDone(0);
    do {
      const answered = await api['ticket-merging'].answerRelated.mutate({
        ticketId: props.ticket.id,
        relation: props.relation,
        resolve: resolve(),
        after,
        ...(body().trim() === '' ? {} : { body: body() }),
      });
      count += answered.done;
      refused.push(...answered.refused);
      after = answered.next;
      setDone(count + refused.length);
    } while (after !== null && !isStopped);
    await invalidateTopic('ticket');
    const [first] = refused;
    showDone(`${count} ${count === 1 ? 'ticket was' : 'tickets were'} ${resolve() ? 'resolved' : 'answered'}`);
    if (first !== undefined) showProblem(`${refused.length} refused`, `${ticketLabel(first.number)}: ${first.message}`);
    props.onClose();
  });
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <Field label="What their clients read" error={submit.problem()?.fields['body']}>
        {(control) => (
          <Textarea {...control} rows={4} value={body()} onInput={(event) => setBody(event.currentTarget.value)} />
        )}
      </Field>
      <Checkbox label={`Resolve them (${total})`} isChecked={resolve()} onChange={setResolve} />
      <Show when={submit.isBusy() && done() !== undefined}>
        <div class="flex items-center gap-3">
          <ProgressBar share={(done() ?? 0) / total} text={`${done() ?? 0} of ${total}`} />
          <span class="shrink-0 tabular-nums">
            {done()} of {total}
          </span>
          <Button size="small" onClick={() => (isStopped = true)}>
            Stop
          </Button>
        </div>
      </Show>
      <DialogEnd
        submit={submit}
        label={resolve() ? `Resolve ${total}` : `Answer ${total}`}
        isDisabled={body().trim() === '' && !resolve()}
        onClose={() => props.onClose()}
      />
    </form>
  );
}
