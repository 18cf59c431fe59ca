import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Textarea } from '#web/ui/textarea/textarea.tsx';
import type { ManyChange } from './bulk-run-source.ts';
import { snoozeTimes } from './record/snooze-times.ts';

/** Asks for what a menu cannot: the words of a note, or until when tickets sleep. */
export function BulkDialog(props: {
  what: 'note' | 'snooze' | undefined;
  /** `12 tickets`, `all that match`. */
  of: string;
  onChange: (change: ManyChange, did: string) => void;
  onClose: () => void;
}): JSX.Element {
  const go = (change: ManyChange, did: string): void => {
    props.onClose();
    props.onChange(change, did);
  };
  return (
    <Dialog
      isOpen={props.what !== undefined}
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title={props.what === 'note' ? `Internal note on ${props.of}` : `Snooze ${props.of}`}
      description={
        props.what === 'note'
          ? 'Clients do not see it. It stays when the change is taken back.'
          : 'They leave the active views and come back by themselves. Their SLA clocks run on.'
      }
    >
      <Show when={props.what === 'note'}>
        <NoteForm onDone={go} onClose={props.onClose} />
      </Show>
      <Show when={props.what === 'snooze'}>
        <SleepForm onDone={go} onClose={props.onClose} />
      </Show>
    </Dialog>
  );
}

interface FormProps {
  onDone: (change: ManyChange, did: string) => void;
  onClose: () => void;
}

function NoteForm(props: FormProps): JSX.Element {
  const [note, setNote] = createSignal('');
  return (
    <form
      class="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (note().trim() !== '') props.onDone({ note: note() }, 'noted');
      }}
    >
      <Textarea
        aria-label="Note"
        rows={5}
        maxLength={10_000}
        value={note()}
        onInput={(event) => setNote(event.currentTarget.value)}
      />
      <End label="Add the note" isDisabled={note().trim() === ''} onClose={props.onClose} />
    </form>
  );
}

function SleepForm(props: FormProps): JSX.Element {
  const zone = Temporal.Now.timeZoneId();
  const [until, setUntil] = createSignal('');
  const [untilReply, setUntilReply] = createSignal(true);
  const submit = (): void => {
    const at = until() === '' ? null : Temporal.PlainDateTime.from(until()).toZonedDateTime(zone).toInstant();
    props.onDone({ snooze: { until: at?.toString() ?? null, untilReply: untilReply() } }, 'snoozed');
  };
  return (
    <form
      class="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div class="flex flex-wrap gap-2">
        <For each={snoozeTimes(Temporal.Now.zonedDateTimeISO())}>
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
      <Field label="Until" hint={`In ${zone}. Empty waits for the reply alone.`}>
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            value={until()}
            onInput={(event) => setUntil(event.currentTarget.value)}
          />
        )}
      </Field>
      <Checkbox label="The client’s reply wakes them" isChecked={untilReply()} onChange={setUntilReply} />
      <End label="Snooze" isDisabled={until() === '' && !untilReply()} onClose={props.onClose} />
    </form>
  );
}

function End(props: { label: string; isDisabled: boolean; onClose: () => void }): JSX.Element {
  return (
    <div class="flex justify-end gap-2">
      <Button onClick={() => props.onClose()}>Cancel</Button>
      <Button kind="primary" type="submit" disabled={props.isDisabled}>
        {props.label}
      </Button>
    </div>
  );
}
