import { createMemo, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { Field } from '#web/ui/field/field.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { TYPES, ticketLabel, type TicketDetail, type TicketType } from '../ticket-words.ts';
import { FieldInputs, toValues, type Typed, type TypedValues } from './field-inputs.tsx';
import { createCategories, createFields, isFor, usableCategories } from './record-source.ts';
import { DialogEnd } from './ticket-dialog.tsx';
import { LEVELS } from './level-words.ts';

/** What a ticket is: its type, category, impact and urgency, and the custom fields. */
export function FieldsForm(props: { ticket: TicketDetail; onClose: () => void }): JSX.Element {
  const { ticket } = props;
  const [fields, categories] = [createFields(), createCategories()];
  const [type, setType] = createSignal<TicketType>(ticket.type);
  const [category, setCategory] = createSignal<string>(ticket.categoryId ?? '');
  const [impact, setImpact] = createSignal(String(ticket.impact));
  const [urgency, setUrgency] = createSignal(String(ticket.urgency));
  const [touched, setTouched] = createSignal<TypedValues>({});
  const own = createMemo(() => (fields.value() ?? []).filter((field) => field.isActive && isFor(field, type())));
  const typed = createMemo((): TypedValues => ({ ...typedOf(ticket), ...touched() }));
  const submit = createSubmit(async () => {
    const categoryId = category() === '' ? null : category();
    const isRated = impact() !== String(ticket.impact) || urgency() !== String(ticket.urgency);
    await api.tickets.updateTicket.mutate({
      ticketId: ticket.id,
      version: ticket.version,
      type: type(),
      categoryId: categoryId as never,
      ...(isRated ? { impact: Number(impact()) as 1, urgency: Number(urgency()) as 1 } : {}),
      values: toValues(touched()),
    });
    // First, so that the keyboard is the ticket's again while everything is read anew.
    props.onClose();
    showDone(`${ticketLabel(ticket.number)} was changed`);
    await invalidateTopic('ticket', ticket.id);
  });
  const errors = () => submit.problem()?.fields ?? {};
  const wrong = (fieldId: string): string | undefined => {
    const place = Object.keys(touched()).indexOf(fieldId);
    return errors()[`values.${fieldId}`] ?? errors()[`values.${place}.value`];
  };
  return (
    <form class="grid grid-cols-2 gap-x-4 gap-y-3" onSubmit={submit.onSubmit}>
      <Field label="Type">
        {(control) => (
          <Select
            {...control}
            value={type()}
            onChange={(value) => setType(value as TicketType)}
            options={Object.entries(TYPES).map(([value, label]) => ({ value, label }))}
          />
        )}
      </Field>
      <Field label="Category" error={errors()['categoryId']}>
        {(control) => (
          <Select
            {...control}
            value={category()}
            onChange={setCategory}
            options={[
              { value: '', label: 'None' },
              ...usableCategories(categories.value() ?? [], type(), ticket.categoryId).map((one) => ({
                value: one.id as string,
                label: one.path,
              })),
            ]}
          />
        )}
      </Field>
      <Field label="Impact" hint={ticket.priorityReason === '' ? undefined : ticket.priorityReason}>
        {(control) => <Select {...control} value={impact()} onChange={setImpact} options={LEVELS} />}
      </Field>
      <Field label="Urgency">
        {(control) => <Select {...control} value={urgency()} onChange={setUrgency} options={LEVELS} />}
      </Field>
      <FieldInputs
        fields={own()}
        typed={typed()}
        onType={(fieldId, value: Typed) => setTouched((all) => ({ ...all, [fieldId]: value }))}
        clientId={ticket.clientId}
        wrong={wrong}
      />
      <div class="col-span-2 flex flex-col gap-3">
        <DialogEnd submit={submit} label="Save" onClose={() => props.onClose()} />
      </div>
    </form>
  );
}

function typedOf(ticket: TicketDetail): TypedValues {
  return Object.fromEntries(
    ticket.values.map((one): [string, Typed] => [
      one.fieldId,
      one.type === 'contact' || one.type === 'asset' ? { id: String(one.value), label: one.text } : one.value,
    ]),
  );
}
