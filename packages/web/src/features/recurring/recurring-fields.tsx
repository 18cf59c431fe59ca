import { For } from 'solid-js';
import type { JSX } from 'solid-js';
import type { SetStoreFunction } from 'solid-js/store';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { createAssignees } from '#web/features/tickets/ticket-source.ts';
import { TYPES, type TicketType } from '#web/features/tickets/ticket-words.ts';
import { Combobox, type Choice } from '#web/ui/combobox/combobox.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';

/** What is typed, as it is typed; ids are empty where nothing is chosen. */
export interface RecurringForm {
  clientId: string;
  name: string;
  rule: string;
  startsAt: string;
  calendarId: string;
  subject: string;
  body: string;
  type: TicketType;
  priority: string;
  checklistId: string;
  queueId: string;
  assigneeId: string;
  asset: Choice | undefined;
}

type PreviewedRuns = Awaited<ReturnType<(typeof api)['recurring-tickets']['previewRuns']['query']>>;

interface FormProps {
  readonly form: RecurringForm;
  readonly set: SetStoreFunction<RecurringForm>;
}

/** A line of text of the form. It is a component, so that a new error does not make its input anew and take the focus from it. */
export function TextField(
  props: FormProps & {
    readonly field: 'name' | 'subject' | 'rule' | 'startsAt';
    readonly label: string;
    readonly error: string | undefined;
    readonly type?: string;
  },
): JSX.Element {
  return (
    <Field label={props.label} isRequired error={props.error}>
      {(control) => (
        <Input
          {...control}
          type={props.type ?? 'text'}
          value={props.form[props.field]}
          onInput={(event) => props.set(props.field, event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** Where each ticket goes, to whom, and what it is about. */
export function TicketPlace(props: FormProps & { readonly wrong: (field: string) => string | undefined }): JSX.Element {
  const queues = createRecordQuery({
    key: () => ['ticket-queue', 'list'],
    fetch: (signal) => api.tickets.listQueues.query({}, { signal }),
  });
  const assignees = createAssignees();
  return (
    <div class="grid grid-cols-3 gap-3 max-md:grid-cols-1">
      <Field label="Queue" error={props.wrong('queueId')}>
        {(control) => (
          <Select
            {...control}
            value={props.form.queueId}
            onChange={(id) => props.set('queueId', id)}
            options={[
              { value: '', label: 'As rules have it' },
              ...(queues.value()?.items ?? []).map((one) => ({ value: one.id as string, label: one.name })),
            ]}
          />
        )}
      </Field>
      <Field label="Assigned to" error={props.wrong('assigneeId')}>
        {(control) => (
          <Select
            {...control}
            value={props.form.assigneeId}
            onChange={(id) => props.set('assigneeId', id)}
            options={[
              { value: '', label: 'As rules have it' },
              ...(assignees.value()?.items ?? []).map((one) => ({ value: one.id as string, label: one.name })),
            ]}
          />
        )}
      </Field>
      <Field label="Asset" error={props.wrong('assetId')}>
        {(control) => (
          <Combobox
            control={control}
            value={props.form.asset}
            onChange={(asset) => props.set('asset', asset)}
            key={props.form.clientId}
            isDisabled={props.form.clientId === ''}
            placeholder={props.form.clientId === '' ? 'Client first' : 'None'}
            find={(text) => findAssets(props.form.clientId, text)}
          />
        )}
      </Field>
    </div>
  );
}

async function findAssets(clientId: string, text: string): Promise<readonly Choice[]> {
  const search = text === '' ? {} : { search: text };
  const { items } = await api.assets.listAssets.query({ clientId: clientId as never, limit: 20, ...search });
  return items.map(({ id, name, operatingSystem }) => ({ id, label: name, detail: operatingSystem }));
}

/** Whose holidays are left out. */
export function HolidayCalendar(props: FormProps): JSX.Element {
  const calendars = createRecordQuery({
    key: () => ['sla-calendar', 'list'],
    fetch: (signal) => api.sla.listCalendars.query({}, { signal }),
  });
  return (
    <Field label="Leave out holidays of">
      {(control) => (
        <Select
          {...control}
          value={props.form.calendarId}
          onChange={(id) => props.set('calendarId', id)}
          options={[
            { value: '', label: 'No calendar' },
            ...(calendars.value()?.items ?? []).map((one) => ({ value: one.id as string, label: one.name })),
          ]}
        />
      )}
    </Field>
  );
}

/** When it would come next, in the client’s zone. */
export function NextOccurrences(props: { runs: PreviewedRuns }): JSX.Element {
  return (
    <div role="status">
      <h3 class="font-medium">Next, in {props.runs.timeZone}</h3>
      <ul class="mt-1 flex flex-wrap gap-x-4 text-muted tabular-nums">
        <For each={props.runs.items} fallback={<li>None any more.</li>}>
          {(one) => (
            <li class={one.isHoliday ? 'line-through' : ''}>
              {one.local.replace('T', ' ').slice(0, 16)}
              {one.isHoliday ? ' (holiday)' : ''}
            </li>
          )}
        </For>
      </ul>
    </div>
  );
}

/** What sort of ticket opens, and its checklist. */
export function TicketTraits(props: FormProps): JSX.Element {
  const checklists = createRecordQuery({
    key: () => ['checklist-template', 'list'],
    fetch: (signal) => api['ticket-checklists'].listTemplates.query({}, { signal }),
  });
  return (
    <div class="grid grid-cols-3 gap-3 max-md:grid-cols-1">
      <Field label="Type">
        {(control) => (
          <Select
            {...control}
            value={props.form.type}
            onChange={(type) => props.set('type', type as TicketType)}
            options={Object.entries(TYPES).map(([value, label]) => ({ value, label }))}
          />
        )}
      </Field>
      <Field label="Priority">
        {(control) => (
          <Select
            {...control}
            value={props.form.priority}
            onChange={(priority) => props.set('priority', priority)}
            options={['1', '2', '3', '4'].map((value) => ({ value, label: `P${value}` }))}
          />
        )}
      </Field>
      <Field label="Checklist">
        {(control) => (
          <Select
            {...control}
            value={props.form.checklistId}
            onChange={(id) => props.set('checklistId', id)}
            options={[
              { value: '', label: 'None' },
              ...(checklists.value()?.items ?? []).map((one) => ({ value: one.id as string, label: one.name })),
            ]}
          />
        )}
      </Field>
    </div>
  );
}
