import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import type { Week } from './week-words.ts';

type Decision = 'approve' | 'return' | 'reopen';

/** What the reader may do with a week: hand it in and take it back where it is their own, approve and return where it is a colleague's. */
export function DecideWeek(props: { week: Week }): JSX.Element {
  const { can } = useSession();
  const [asking, setAsking] = createSignal<Decision>();
  const [note, setNote] = createSignal('');
  const done = async (text: string): Promise<void> => {
    await invalidateTopic('time-entry');
    showDone(text);
    setAsking(undefined);
    setNote('');
  };
  const own = () => ({ weekStart: props.week.weekStart, version: props.week.version });
  const submit = createSubmit(async () => {
    await api.time.submitWeek.mutate(own());
    await done('The week is handed in');
  });
  const withdraw = createSubmit(async () => {
    await api.time.withdrawWeek.mutate(own());
    await done('The week is open again');
  });
  const setZone = createSubmit(async () => {
    const timeZone = Temporal.Now.timeZoneId();
    await api.time.setWorkingDay.mutate({ timeZone, dayMinutes: props.week.dayMinutes });
    await done(`Your days are in ${timeZone} now`);
  });
  const decide = createSubmit(async () => {
    const decision = asking();
    if (decision === undefined) return;
    await api.time.decideWeek.mutate({
      timesheetId: props.week.timesheetId as never,
      version: props.week.version,
      decision,
      note: note(),
    });
    await done(decision === 'approve' ? 'The week is approved' : 'The week went back with your words');
  });
  const mayDecide = (): boolean => can('time.approve-time') && !props.week.isOwn;
  const isZoneOther = (): boolean =>
    props.week.isOwn && props.week.version === 0 && props.week.timeZone !== Temporal.Now.timeZoneId();
  return (
    <span class="flex flex-wrap items-center gap-2">
      <FormProblem problem={submit.problem() ?? withdraw.problem() ?? setZone.problem()} />
      <Show when={isZoneOther()}>
        <Button isBusy={setZone.isBusy()} onClick={() => setZone.run()}>
          Use {Temporal.Now.timeZoneId()}
        </Button>
      </Show>
      <Show when={props.week.isOwn && can('time.log-time')}>
        <Show when={props.week.state === 'open' || props.week.state === 'returned'}>
          <Button kind="primary" isBusy={submit.isBusy()} onClick={() => submit.run()}>
            Hand in
          </Button>
        </Show>
        <Show when={props.week.state === 'submitted'}>
          <Button isBusy={withdraw.isBusy()} onClick={() => withdraw.run()}>
            Take back
          </Button>
        </Show>
      </Show>
      <Show when={mayDecide() && props.week.state === 'submitted'}>
        <Button onClick={() => setAsking('return')}>Return…</Button>
        <Button kind="primary" onClick={() => setAsking('approve')}>
          Approve…
        </Button>
      </Show>
      <Show when={mayDecide() && props.week.state === 'approved'}>
        <Button onClick={() => setAsking('reopen')}>Open again…</Button>
      </Show>
      <Dialog
        isOpen={asking() !== undefined}
        onOpenChange={(isOpen) => {
          if (!isOpen) setAsking(undefined);
        }}
        title={
          asking() === 'approve'
            ? 'Approve the week'
            : asking() === 'return'
              ? 'Return the week'
              : 'Open the week again'
        }
        description={asking() === 'approve' ? 'It is locked from then on.' : 'Say why, so that it can be put right.'}
      >
        <form class="flex flex-col gap-4" onSubmit={decide.onSubmit} novalidate>
          <FormProblem problem={decide.problem()} fields={['note']} />
          <Field label="Note" isRequired={asking() !== 'approve'} error={decide.problem()?.fields['note']}>
            {(control) => <Input {...control} value={note()} onInput={(event) => setNote(event.currentTarget.value)} />}
          </Field>
          <div class="flex justify-end gap-2">
            <Button onClick={() => setAsking(undefined)}>Cancel</Button>
            <Button kind="primary" type="submit" isBusy={decide.isBusy()}>
              {asking() === 'approve' ? 'Approve' : asking() === 'return' ? 'Return' : 'Open again'}
            </Button>
          </div>
        </form>
      </Dialog>
    </span>
  );
}
