import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { Textarea } from '#web/ui/textarea/textarea.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { ticketLabel, type TicketDetail } from '../ticket-words.ts';
import { DialogEnd, TicketDialog } from './ticket-dialog.tsx';

function createProblem(ticketId: () => string) {
  return createRecordQuery({
    key: () => ['problem', 'one', ticketId()],
    fetch: (signal) => api.problems.getProblem.query({ ticketId: ticketId() as never }, { signal }),
  });
}
type ProblemRecord = NonNullable<ReturnType<ReturnType<typeof createProblem>['value']>>;

/** What is known of a problem: on itself, to be written; on an incident that it causes, to be read. */
export function ProblemPanel(props: { ticket: TicketDetail }): JSX.Element {
  const causes = () => props.ticket.links.filter((link) => link.kind === 'caused-by' && link.direction === 'from');
  return (
    <Show
      when={props.ticket.type === 'problem'}
      fallback={
        <For each={causes()}>
          {(link) => <Known ticketId={link.ticketId} title={`Problem ${ticketLabel(link.number)}`} />}
        </For>
      }
    >
      <Known ticketId={props.ticket.id} title="Problem" ticket={props.ticket} />
    </Show>
  );
}

function Known(props: { ticketId: string; title: string; ticket?: TicketDetail }): JSX.Element {
  const { can } = useSession();
  const [isOpen, setOpen] = createSignal(false);
  const problem = createProblem(() => props.ticketId);
  const isEmpty = (value: ProblemRecord): boolean => value.rootCause === '' && value.workaround === '';
  return (
    <Show when={problem.value()}>
      {(value) => (
        <Show when={props.ticket !== undefined || !isEmpty(value())}>
          <section class="mt-6">
            <h2 class="flex items-center justify-between font-semibold">
              {props.title}
              <Show when={value().isKnownError}>
                <StatusPill state="warning">Known error</StatusPill>
              </Show>
            </h2>
            <dl class="mt-2 flex flex-col gap-2">
              <Part title="Cause" text={value().rootCause} />
              <Part title="Workaround" text={value().workaround} />
            </dl>
            <Show when={isEmpty(value())}>
              <p class="mt-1 text-muted">Neither cause nor workaround is known yet.</p>
            </Show>
            <Show when={can('tickets.work-tickets') ? props.ticket : undefined}>
              {(ticket) => (
                <>
                  <div class="mt-2">
                    <Button size="small" onClick={() => setOpen(true)}>
                      Write what is known
                    </Button>
                  </div>
                  <TicketDialog
                    isOpen={isOpen()}
                    onClose={() => setOpen(false)}
                    title={`Problem ${ticketLabel(ticket().number)}`}
                    description="Shown on every incident that it causes; a known error is in the list of known errors."
                  >
                    <ProblemForm ticket={ticket()} problem={value()} onClose={() => setOpen(false)} />
                  </TicketDialog>
                </>
              )}
            </Show>
          </section>
        </Show>
      )}
    </Show>
  );
}

function Part(props: { title: string; text: string }): JSX.Element {
  return (
    <Show when={props.text !== ''}>
      <div>
        <dt class="text-muted">{props.title}</dt>
        <dd class="break-words whitespace-pre-wrap">{props.text}</dd>
      </div>
    </Show>
  );
}

function ProblemForm(props: { ticket: TicketDetail; problem: ProblemRecord; onClose: () => void }): JSX.Element {
  const [rootCause, setRootCause] = createSignal(props.problem.rootCause);
  const [workaround, setWorkaround] = createSignal(props.problem.workaround);
  const [isKnownError, setKnownError] = createSignal(props.problem.isKnownError);
  const { version } = props.problem;
  const submit = createSubmit(async () => {
    await api.problems.saveProblem.mutate({
      ticketId: props.ticket.id,
      version,
      rootCause: rootCause(),
      workaround: workaround(),
      isKnownError: isKnownError(),
    });
    await invalidateTopic('problem');
    showDone('What is known was saved');
    props.onClose();
  });
  const errors = () => submit.problem()?.fields ?? {};
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <Field label="Cause" error={errors()['rootCause']}>
        {(control) => (
          <Textarea
            {...control}
            rows={3}
            value={rootCause()}
            onInput={(event) => setRootCause(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label="Workaround" hint="What helps until it is solved." error={errors()['workaround']}>
        {(control) => (
          <Textarea
            {...control}
            rows={3}
            value={workaround()}
            onInput={(event) => setWorkaround(event.currentTarget.value)}
          />
        )}
      </Field>
      <Checkbox label="It is a known error" isChecked={isKnownError()} onChange={setKnownError} />
      <DialogEnd submit={submit} label="Save" onClose={() => props.onClose()} />
    </form>
  );
}
