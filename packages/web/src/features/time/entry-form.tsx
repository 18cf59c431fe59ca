import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { createStore } from 'solid-js/store';
import type { SetStoreFunction } from 'solid-js/store';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { minutesText, WORK_TYPES, type WorkType } from '#web/features/tickets/ticket-words.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Combobox, type Choice } from '#web/ui/combobox/combobox.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { Textarea } from '#web/ui/textarea/textarea.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { endOf, minutesOf, startOf, valuesOf, type EntryForm, type EntryToWrite } from './entry-times.ts';
import { RatingPreview } from './rating-preview.tsx';
import { findWork, workOf, type WorkFor } from './work-choice.ts';

/** Logs work by hand, or corrects what was logged: when, how long, of which kind, with what it would come to. */
export function EntryDialog(props: { entry: EntryToWrite | undefined; onClose: () => void }): JSX.Element {
  return (
    <Dialog
      isOpen={props.entry !== undefined}
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title={props.entry?.change === undefined ? 'Log time' : 'Correct the time'}
      description={props.entry?.work?.label ?? 'On a ticket, for a client without one, or for your own company.'}
    >
      <Show when={props.entry} keyed>
        {(entry) => <Form entry={entry} onClose={props.onClose} />}
      </Show>
    </Dialog>
  );
}

function Form(props: { entry: EntryToWrite; onClose: () => void }): JSX.Element {
  const [form, set] = createStore(valuesOf(props.entry));
  const [work, setWork] = createSignal<Choice | undefined>(props.entry.work);
  const startedAt = (): string | undefined => startOf(form, props.entry.timeZone);
  const submit = createSubmit(async () => {
    const text = await save(props.entry, workOf(work()), form);
    await invalidateTopic('time-entry');
    showDone(text);
    props.onClose();
  });
  const wrong = (...fields: string[]): string | undefined =>
    fields.map((field) => submit.problem()?.fields[field]).find((found) => found !== undefined);
  const isReady = (): boolean => work() !== undefined && startedAt() !== undefined && minutesOf(form) >= 1;
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit} novalidate>
      <FormProblem
        problem={submit.problem()}
        fields={[
          'startedAt',
          'minutes',
          'ticketId',
          'clientId',
          'note',
          'reason',
          'billable.minutes',
          'billable.reason',
        ]}
      />
      <Show when={props.entry.work === undefined}>
        <Field label="What for" isRequired error={wrong('ticketId', 'clientId')}>
          {(control) => (
            <Combobox
              control={control}
              value={work()}
              onChange={setWork}
              placeholder="A ticket’s number or words, or a client"
              find={findWork}
            />
          )}
        </Field>
      </Show>
      <TimeOfDay form={form} set={set} wrong={wrong} timeZone={props.entry.timeZone} />
      <KindOfWork form={form} set={set} />
      <Field label="What was done" error={wrong('note')}>
        {(control) => (
          <Textarea
            {...control}
            rows={2}
            value={form.note}
            onInput={(event) => set('note', event.currentTarget.value)}
          />
        )}
      </Field>
      <BilledOtherwise form={form} set={set} wrong={wrong} />
      <Show when={props.entry.change !== undefined}>
        <Field label="Why it is corrected" isRequired error={wrong('reason')}>
          {(control) => (
            <Input {...control} value={form.why} onInput={(event) => set('why', event.currentTarget.value)} />
          )}
        </Field>
      </Show>
      <div class="min-h-10">
        <Show when={isReady()}>
          <RatingPreview
            work={workOf(work())}
            minutes={minutesOf(form)}
            workType={form.workType}
            startedAt={startedAt()}
            exceptEntryId={props.entry.change?.entryId}
          />
        </Show>
      </div>
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button kind="primary" type="submit" isBusy={submit.isBusy()} disabled={!isReady()}>
          {props.entry.change === undefined ? 'Log the time' : 'Save'}
        </Button>
      </div>
    </form>
  );
}

interface Part {
  readonly form: EntryForm;
  readonly set: SetStoreFunction<EntryForm>;
}
type Wrong = (...fields: string[]) => string | undefined;

/** Start, end and minutes say the same twice: whatever is typed last moves the other. */
function TimeOfDay(props: Part & { wrong: Wrong; timeZone: string }): JSX.Element {
  return (
    <div>
      <div class="grid grid-cols-[1.4fr_1fr_1fr_0.8fr] gap-3 max-md:grid-cols-2">
        <Field label="Date" isRequired error={props.wrong('startedAt')}>
          {(control) => (
            <Input
              {...control}
              type="date"
              value={props.form.date}
              onInput={(event) => props.set('date', event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="Start" isRequired>
          {(control) => (
            <Input
              {...control}
              type="time"
              value={props.form.start}
              onInput={(event) => props.set('start', event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="End">
          {(control) => (
            <Input
              {...control}
              type="time"
              value={endOf(props.form)}
              onChange={(event) => props.set('minutes', minutesUntil(props.form, event.currentTarget.value))}
            />
          )}
        </Field>
        <Field label="Minutes" isRequired error={props.wrong('minutes')}>
          {(control) => (
            <Input
              {...control}
              class="text-right tabular-nums"
              inputmode="numeric"
              value={props.form.minutes}
              onInput={(event) => props.set('minutes', event.currentTarget.value.replaceAll(/\D/g, '').slice(0, 4))}
            />
          )}
        </Field>
      </div>
      <p class="mt-1 text-[0.9375em] text-muted">In {props.timeZone}.</p>
    </div>
  );
}

function KindOfWork(props: Part): JSX.Element {
  return (
    <div class="grid grid-cols-2 gap-3">
      <Field label="Kind of work">
        {(control) => (
          <Select
            {...control}
            value={props.form.workType}
            onChange={(value) => props.set('workType', value as WorkType)}
            options={WORK_TYPES.map((value) => ({ value, label: value[0]?.toUpperCase() + value.slice(1) }))}
          />
        )}
      </Field>
      <Show when={props.form.workType === 'travel'}>
        <Field label="Distance, km">
          {(control) => (
            <Input
              {...control}
              class="text-right tabular-nums"
              inputmode="decimal"
              value={props.form.distance}
              onInput={(event) => props.set('distance', event.currentTarget.value)}
            />
          )}
        </Field>
      </Show>
    </div>
  );
}

function BilledOtherwise(props: Part & { wrong: Wrong }): JSX.Element {
  return (
    <details open={props.form.billable !== ''}>
      <summary class="cursor-pointer text-muted">Bill it otherwise than the contract says</summary>
      <div class="mt-2 grid grid-cols-[8rem_1fr] gap-3">
        <Field label="Billable, min" error={props.wrong('billable.minutes')}>
          {(control) => (
            <Input
              {...control}
              class="text-right tabular-nums"
              inputmode="numeric"
              placeholder="as agreed"
              value={props.form.billable}
              onInput={(event) => props.set('billable', event.currentTarget.value.replaceAll(/\D/g, '').slice(0, 4))}
            />
          )}
        </Field>
        <Field label="Why" isRequired={props.form.billable !== ''} error={props.wrong('billable.reason')}>
          {(control) => (
            <Input
              {...control}
              value={props.form.reason}
              onInput={(event) => props.set('reason', event.currentTarget.value)}
            />
          )}
        </Field>
      </div>
    </details>
  );
}

function minutesUntil(form: EntryForm, end: string): string {
  if (form.start === '' || end === '') return form.minutes;
  const [from, to] = [Temporal.PlainTime.from(form.start), Temporal.PlainTime.from(end)];
  const minutes = from.until(to).total('minutes');
  // Work that ends on the next day.
  return String(minutes > 0 ? minutes : minutes + 1440);
}

async function save(entry: EntryToWrite, work: WorkFor | undefined, form: EntryForm): Promise<string> {
  const billable = form.billable === '' ? null : { minutes: Number(form.billable), reason: form.reason };
  const kilometers = Number.parseFloat(form.distance.replace(',', '.'));
  const distance =
    form.workType === 'travel' && kilometers >= 0 ? { distanceMeters: Math.round(kilometers * 1000) } : {};
  const fields = {
    workType: form.workType,
    startedAt: startOf(form, entry.timeZone) ?? '',
    minutes: minutesOf(form),
    note: form.note,
    ...distance,
  };
  if (entry.change !== undefined) {
    const { entryId, version, isBillableSet } = entry.change;
    const said = billable === null && !isBillableSet ? {} : { billable };
    await api.time.changeTime.mutate({ entryId: entryId as never, version, reason: form.why, ...fields, ...said });
    return 'The time was corrected';
  }
  const given = { ...fields, ...(billable === null ? {} : { billable }) };
  const logged =
    work !== undefined && 'clientId' in work
      ? await api.time.logClientTime.mutate({ clientId: work.clientId, ...given })
      : await api.time.logTime.mutate({ ticketId: (work?.ticketId ?? '') as never, ...given });
  return `Logged ${minutesText(logged.workedMinutes)}, ${minutesText(logged.billableMinutes)} billable`;
}
