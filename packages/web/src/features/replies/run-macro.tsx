import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { changeTicket, type TicketChange } from '#web/features/tickets/ticket-source.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { RichText } from '#web/ui/rich-text/rich-text.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';

/** Shows what a macro would do here, asks for what is not known, and does it. */
export function RunMacro(props: {
  macroId: string | undefined;
  ticket: { id: string; version: number };
  onClose: () => void;
}): JSX.Element {
  return (
    <Dialog isOpen={props.macroId !== undefined} onOpenChange={() => props.onClose()} title="Run a macro">
      <Show when={props.macroId}>
        {(macroId) => <Preview macroId={macroId()} ticket={props.ticket} onDone={props.onClose} />}
      </Show>
    </Dialog>
  );
}

function Preview(props: { macroId: string; ticket: { id: string; version: number }; onDone: () => void }): JSX.Element {
  const about = () => ({ macroId: props.macroId as never, ticketId: props.ticket.id as never });
  const preview = createRecordQuery({
    key: () => ['reply-macro', 'preview', props.macroId, props.ticket.id, props.ticket.version],
    fetch: (signal) => api.replies.previewMacro.query(about(), { signal }),
  });
  const [values, setValues] = createSignal<Record<string, string>>({});
  const submit = createSubmit(async () => {
    const name = preview.value()?.name ?? 'the macro';
    const { version, undo, isWritten } = await api.replies.runMacro.mutate({
      ...about(),
      version: props.ticket.version,
      values: values(),
    });
    await Promise.all([invalidateTopic('ticket', props.ticket.id), invalidateTopic('time-entry')]);
    const { id } = props.ticket;
    showDone(`Ran ${name}`, {
      ...(isWritten && undo !== null ? { detail: 'Undo takes the fields back; what was written stays.' } : {}),
      ...(undo === null ? {} : { undo: () => void changeTicket({ id, version }, undo as TicketChange) }),
    });
    props.onDone();
  });
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <Show when={preview.value()} fallback={<SkeletonText lines={4} />}>
        {(shown) => (
          <>
            <h3 class="font-semibold">{shown().name}</h3>
            <ol class="flex list-decimal flex-col gap-2 pl-5" aria-label="Steps">
              <For each={shown().steps}>
                {(step) => (
                  <li>
                    {step.text}
                    <Show when={step.html}>
                      {(html) => (
                        <div
                          class="mt-1 max-h-48 overflow-y-auto rounded-control border border-line px-3 py-2"
                          classList={{ 'bg-warning-soft': step.kind === 'note' }}
                        >
                          <RichText html={html()} />
                        </div>
                      )}
                    </Show>
                  </li>
                )}
              </For>
            </ol>
            <For each={shown().missing}>
              {(placeholder) => (
                <Field
                  label={placeholder.title}
                  hint={`For {{${placeholder.name}}}: nothing is known here.`}
                  isRequired
                >
                  {(control) => (
                    <Input
                      {...control}
                      maxlength={500}
                      value={values()[placeholder.name] ?? ''}
                      onInput={(event) => setValues({ ...values(), [placeholder.name]: event.currentTarget.value })}
                    />
                  )}
                </Field>
              )}
            </For>
            <FormProblem problem={submit.problem()} />
            <div class="flex justify-end gap-2">
              <Button onClick={() => props.onDone()}>Cancel</Button>
              <Button
                kind="primary"
                type="submit"
                isBusy={submit.isBusy()}
                disabled={shown().missing.some(({ name }) => (values()[name] ?? '').trim() === '')}
              >
                Run {shown().steps.length} {shown().steps.length === 1 ? 'step' : 'steps'}
              </Button>
            </div>
          </>
        )}
      </Show>
      <Show when={preview.problem()}>{(problem) => <p class="text-critical-text">{problem().message}</p>}</Show>
    </form>
  );
}
