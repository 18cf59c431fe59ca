import { Show, Suspense, createSignal, lazy } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { minutesText, type WorkType } from '#web/features/tickets/ticket-words.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import type { EntryToWrite } from './entry-times.ts';
import { ReverseEntry } from './reverse-entry.tsx';
import { clientChoice } from './work-choice.ts';

const EntryDialog = lazy(async () => ({ default: (await import('./entry-form.tsx')).EntryDialog }));

/** What of an entry decides what may be done with it. */
export interface ActedEntry {
  readonly id: string;
  readonly ticketId: string | null;
  readonly clientId: string;
  readonly version: number;
  readonly startedAt: string;
  readonly workType: WorkType;
  readonly note: string;
  readonly workedMinutes: number;
  readonly billableMinutes: number;
  readonly billableReason: string;
  readonly isBillableSet: boolean;
  readonly invoicedMinutes: number | null;
  readonly isInvoiced: boolean;
  readonly reversesEntryId: string | null;
  readonly distanceMeters: number | null;
}

interface ActionProps {
  readonly entry: ActedEntry;
  readonly isReversed: boolean;
  readonly timeZone: string;
  /** Why the entry's week is closed; undefined for one that is open, or not known to be closed. */
  readonly lock?: string | undefined;
}

/** Corrects, removes or reverses an entry, or says why that cannot be. */
export function EntryActions(props: ActionProps): JSX.Element {
  const { can } = useSession();
  const isReversal = (): boolean => props.entry.reversesEntryId !== null;
  const mayReverse = (): boolean =>
    can('time.reverse-time') && props.entry.isInvoiced && !isReversal() && !props.isReversed;
  const mayChange = (): boolean => can('time.change-time') && whyNot(props) === undefined;
  return (
    <div class="mb-2 flex flex-wrap items-center gap-2">
      <Show when={whyNot(props)}>{(reason) => <p class="text-[0.9375em] text-muted">{reason()}</p>}</Show>
      <Show when={mayChange() && !isReversal()}>
        <CorrectEntry entry={props.entry} timeZone={props.timeZone} />
      </Show>
      <Show when={mayChange()}>
        <RemoveEntry entry={props.entry} />
      </Show>
      <Show when={mayReverse()}>
        <ReverseEntry entryId={props.entry.id} minutes={props.entry.invoicedMinutes ?? 0} />
      </Show>
    </div>
  );
}

/** The button that logs work by hand, and its dialog. */
export function LogEntry(props: {
  entry: () => EntryToWrite;
  label: string;
  size?: 'small';
  kind?: 'primary' | 'quiet';
}): JSX.Element {
  const [writing, setWriting] = createSignal<EntryToWrite>();
  return (
    <>
      <Button
        {...(props.size === undefined ? {} : { size: props.size })}
        {...(props.kind === undefined ? {} : { kind: props.kind })}
        onClick={() => setWriting(props.entry())}
      >
        {props.label}
      </Button>
      <WritingEntry entry={writing()} onClose={() => setWriting(undefined)} />
    </>
  );
}

/** The dialog of an entry, loaded as it is first opened. */
export function WritingEntry(props: { entry: EntryToWrite | undefined; onClose: () => void }): JSX.Element {
  return (
    <Show when={props.entry}>
      <Suspense>
        <EntryDialog entry={props.entry} onClose={() => props.onClose()} />
      </Suspense>
    </Show>
  );
}

function CorrectEntry(props: { entry: ActedEntry; timeZone: string }): JSX.Element {
  const about = (): EntryToWrite => ({
    work: {
      ...(props.entry.ticketId === null ? clientChoice(props.entry.clientId, '') : { id: props.entry.ticketId }),
      label: `${minutesText(props.entry.workedMinutes)} worked`,
    },
    timeZone: props.timeZone,
    startedAt: props.entry.startedAt,
    minutes: props.entry.workedMinutes,
    change: { ...props.entry, entryId: props.entry.id },
  });
  return <LogEntry entry={about} label="Correct…" size="small" />;
}

function RemoveEntry(props: { entry: ActedEntry }): JSX.Element {
  const [isOpen, setOpen] = createSignal(false);
  const [reason, setReason] = createSignal('');
  const submit = createSubmit(async () => {
    const { id, version } = props.entry;
    await api.time.removeTime.mutate({ entryId: id as never, version, reason: reason() });
    await invalidateTopic('time-entry');
    showDone('The time was removed');
    setOpen(false);
  });
  const minutes = (): string => minutesText(Math.abs(props.entry.workedMinutes));
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        Remove…
      </Button>
      <Dialog
        isOpen={isOpen()}
        onOpenChange={setOpen}
        title={`Remove ${minutes()}`}
        description="It is on no invoice, so nothing has to be taken back. That it was there, and why it went, stays on the timesheet."
        width="narrow"
      >
        <form class="flex flex-col gap-4" onSubmit={submit.onSubmit} novalidate>
          <FormProblem problem={submit.problem()} fields={['reason']} />
          <Field label="Why" isRequired error={submit.problem()?.fields['reason']}>
            {(control) => (
              <Input {...control} value={reason()} onInput={(event) => setReason(event.currentTarget.value)} />
            )}
          </Field>
          <div class="flex justify-end gap-2">
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
              Remove
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}

/** Why an entry stays as it is; undefined for one that may be changed. */
function whyNot(props: ActionProps): string | undefined {
  if (props.isReversed) return 'It is reversed: log what is right as a new entry.';
  if (props.entry.isInvoiced) return 'It is on an invoice and stays as it was billed; reversing takes it back.';
  return props.lock;
}
