import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { createStore } from 'solid-js/store';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { findClients } from '#web/app/scope/client-source.ts';
import type { TicketType } from '#web/features/tickets/ticket-words.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { Textarea } from '#web/ui/textarea/textarea.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import {
  HolidayCalendar,
  NextOccurrences,
  TextField,
  TicketPlace,
  TicketTraits,
  type RecurringForm,
} from './recurring-fields.tsx';
import type { Recurring } from './recurring-list.tsx';

const RHYTHMS = [
  ['FREQ=DAILY', 'Every day'],
  ['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', 'Every working day'],
  ['FREQ=WEEKLY', 'Every week'],
  ['FREQ=WEEKLY;INTERVAL=2', 'Every other week'],
  ['FREQ=MONTHLY;BYMONTHDAY=1', 'On the first of each month'],
  ['FREQ=MONTHLY;BYMONTHDAY=-1', 'On the last day of each month'],
  ['FREQ=MONTHLY;BYDAY=1MO', 'On the first Monday of each month'],
  ['FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1', 'Every quarter'],
  ['FREQ=YEARLY', 'Every year'],
] as const;

/** Makes a recurring ticket, or changes one from now on; its next occurrences are shown as one types. */
export function EditRecurring(props: { recurring: Recurring | 'new' | undefined; onClose: () => void }): JSX.Element {
  return (
    <Dialog
      isOpen={props.recurring !== undefined}
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title={props.recurring === 'new' ? 'New recurring ticket' : 'Recurring ticket'}
      description="It opens on the client’s clock. What was missed while the server was down is made up, once."
      width="wide"
    >
      <Show when={props.recurring} keyed>
        {(recurring) => <Form recurring={recurring === 'new' ? undefined : recurring} onClose={props.onClose} />}
      </Show>
    </Dialog>
  );
}

function Form(props: { recurring: Recurring | undefined; onClose: () => void }): JSX.Element {
  const [form, set] = createStore(valuesOf(props.recurring));
  const clients = createRecordQuery({ key: () => ['tenancy.client', 'list', 'choices'], fetch: () => findClients('') });
  const when = () => ({
    rule: form.rule,
    startsAt: form.startsAt,
    calendarId: form.calendarId === '' ? null : (form.calendarId as never),
  });
  const preview = createRecordQuery({
    key: () => ['recurring-ticket', 'preview', form.clientId, form.rule, form.startsAt, form.calendarId],
    fetch: (signal) =>
      api['recurring-tickets'].previewRuns.query({ clientId: form.clientId as never, ...when() }, { signal }),
    isEnabled: () => form.clientId !== '' && form.rule !== '' && form.startsAt !== '',
  });
  const submit = createSubmit(async () => {
    const fields = {
      ...when(),
      name: form.name,
      checklistTemplateId: form.checklistId === '' ? null : (form.checklistId as never),
      template: {
        ...props.recurring?.template,
        subject: form.subject,
        body: form.body,
        type: form.type,
        priority: Number(form.priority),
        queueId: orAbsent(form.queueId),
        assigneeId: orAbsent(form.assigneeId),
        assetId: orAbsent(form.asset?.id ?? ''),
      },
    };
    if (props.recurring === undefined)
      await api['recurring-tickets'].createRecurring.mutate({ clientId: form.clientId as never, ...fields });
    else {
      const { id: recurringId, version, timeZone } = props.recurring;
      await api['recurring-tickets'].updateRecurring.mutate({ recurringId, version, timeZone, ...fields });
    }
    await invalidateTopic('recurring-ticket');
    showDone(`${form.name} was saved`);
    props.onClose();
  });
  const wrong = (field: string) => submit.problem()?.fields[field];
  const fields = { form, set };
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit} novalidate>
      <FormProblem problem={submit.problem()} fields={Object.keys(submit.problem()?.fields ?? {})} />
      <div class="grid grid-cols-2 gap-3 max-md:grid-cols-1">
        <Show when={props.recurring === undefined}>
          <Field label="Client" isRequired error={wrong('clientId')}>
            {(control) => (
              <Select
                {...control}
                value={form.clientId}
                onChange={(id) => set({ clientId: id, asset: undefined })}
                options={[
                  { value: '', label: 'Choose a client' },
                  ...(clients.value() ?? []).map((client) => ({ value: client.id as string, label: client.name })),
                ]}
              />
            )}
          </Field>
        </Show>
        <TextField {...fields} field="name" label="Name" error={wrong('name')} />
        <Field label="Comes back">
          {(control) => (
            <Select
              {...control}
              value={RHYTHMS.some(([rule]) => rule === form.rule) ? form.rule : ''}
              onChange={(rule) => set('rule', rule === '' ? form.rule : rule)}
              options={[
                ...RHYTHMS.map(([value, label]) => ({ value, label })),
                { value: '', label: 'By its own rule' },
              ]}
            />
          )}
        </Field>
        <TextField
          {...fields}
          field="rule"
          label="Rule (RFC 5545)"
          error={wrong('rule') ?? preview.problem()?.fields['rule']}
        />
        <TextField
          {...fields}
          field="startsAt"
          label="First, on the client’s clock"
          error={wrong('startsAt')}
          type="datetime-local"
        />
        <HolidayCalendar {...fields} />
      </div>
      <Show when={preview.value()}>{(runs) => <NextOccurrences runs={runs()} />}</Show>
      <TextField {...fields} field="subject" label="Subject" error={wrong('template.subject')} />
      <Field
        label="First note"
        hint="{date}, {day}, {month}, {year}, {week}, {quarter} and {client} are filled in."
        error={wrong('template.body')}
      >
        {(control) => (
          <Textarea
            {...control}
            rows={3}
            value={form.body}
            onInput={(event) => set('body', event.currentTarget.value)}
          />
        )}
      </Field>
      <TicketTraits {...fields} />
      <TicketPlace {...fields} wrong={(field) => wrong(`template.${field}`)} />
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
          Save
        </Button>
      </div>
    </form>
  );
}

/** A chosen id, or nothing: an absent one takes the old one back. */
function orAbsent(id: string): never {
  return (id === '' ? undefined : id) as never;
}

function valuesOf(recurring: Recurring | undefined): RecurringForm {
  const type: TicketType = recurring?.template.type ?? 'task';
  return {
    clientId: recurring?.clientId ?? '',
    name: recurring?.name ?? '',
    rule: recurring?.rule ?? 'FREQ=MONTHLY;BYMONTHDAY=1',
    startsAt: (recurring?.startsAt ?? Temporal.Now.plainDateISO().add({ days: 1 }).toString() + 'T09:00').slice(0, 16),
    calendarId: recurring?.calendarId ?? '',
    subject: recurring?.template.subject ?? '',
    body: recurring?.template.body ?? '',
    type,
    priority: String(recurring?.template.priority ?? 3),
    checklistId: recurring?.checklistTemplateId ?? '',
    queueId: recurring?.template.queueId ?? '',
    assigneeId: recurring?.template.assigneeId ?? '',
    asset:
      recurring?.template.assetId === undefined
        ? undefined
        : { id: recurring.template.assetId, label: 'The asset chosen before' },
  };
}
