import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { minutesText, WORK_TYPES, type WorkType } from '#web/features/tickets/ticket-words.ts';
import { afterTimer, secondsOf, timerLabel, workOfTimer, type Timer } from '#web/features/tickets/timer-source.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { Textarea } from '#web/ui/textarea/textarea.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { RatingPreview } from './rating-preview.tsx';

/** The entry that a stopped timer makes, before it is made: minutes, kind of work, what was done, and what it comes to. */
export function StopTimer(props: { timer: Timer | undefined; onClose: () => void }): JSX.Element {
  return (
    <Dialog
      isOpen={props.timer !== undefined}
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title="Log the time"
      description={props.timer === undefined ? '' : `${timerLabel(props.timer)} ${props.timer.ticketSubject}`}
    >
      <Show when={props.timer} keyed>
        {(timer) => <Form timer={timer} onClose={props.onClose} />}
      </Show>
    </Dialog>
  );
}

function Form(props: { timer: Timer; onClose: () => void }): JSX.Element {
  // Begun minutes count, as the server has it; the clock goes on, the form stands still.
  const measured = Math.max(1, Math.ceil(secondsOf(props.timer, Temporal.Now.instant().epochMilliseconds) / 60));
  const [minutes, setMinutes] = createSignal(String(Math.min(measured, 720)));
  const [workType, setWorkType] = createSignal<WorkType>(props.timer.workType);
  const [note, setNote] = createSignal('');
  const worked = (): number => Number.parseInt(minutes(), 10) || 0;
  const submit = createSubmit(async () => {
    const logged = await api.time.stopTimer.mutate({
      ...workOfTimer(props.timer),
      workType: workType(),
      note: note(),
      minutes: worked(),
    });
    showDone(`Logged ${minutesText(logged.workedMinutes)}, ${minutesText(logged.billableMinutes)} billable`);
    await afterTimer();
    props.onClose();
  });
  const wrong = (field: string) => submit.problem()?.fields[field];
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit} novalidate>
      <FormProblem problem={submit.problem()} fields={['minutes', 'note']} />
      <Show when={props.timer.isForgotten}>
        <p class="rounded-control bg-warning-soft px-3 py-2 text-warning-text">
          It ran for {minutesText(measured)}. Was it forgotten? Say how long the work really was.
        </p>
      </Show>
      <div class="grid grid-cols-2 gap-3">
        <Field
          label="Minutes worked"
          isRequired
          error={wrong('minutes')}
          hint={`The timer says ${minutesText(measured)}`}
        >
          {(control) => (
            <Input
              {...control}
              class="text-right tabular-nums"
              inputmode="numeric"
              value={minutes()}
              onInput={(event) => setMinutes(event.currentTarget.value.replaceAll(/\D/g, '').slice(0, 4))}
            />
          )}
        </Field>
        <Field label="Kind of work">
          {(control) => (
            <Select
              {...control}
              value={workType()}
              onChange={(value) => setWorkType(value as WorkType)}
              options={WORK_TYPES.map((value) => ({ value, label: value[0]?.toUpperCase() + value.slice(1) }))}
            />
          )}
        </Field>
      </div>
      <Field label="What was done" error={wrong('note')}>
        {(control) => (
          <Textarea {...control} rows={2} value={note()} onInput={(event) => setNote(event.currentTarget.value)} />
        )}
      </Field>
      <RatingPreview work={workOfTimer(props.timer)} minutes={worked()} workType={workType()} />
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onClose()}>Not yet</Button>
        <Button kind="primary" type="submit" isBusy={submit.isBusy()} disabled={worked() < 1}>
          Log the time
        </Button>
      </div>
    </form>
  );
}
