import { Show, createEffect, createSignal, on, onCleanup } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { fetchClientName } from '#web/app/scope/client-source.ts';
import { ArticleSuggestions } from '#web/features/knowledge/article-suggestions.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { priorityName, type PriorityLevel } from '#web/ui/priority/priority.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { Textarea } from '#web/ui/textarea/textarea.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { FieldInputs, toValues, type Typed, type TypedValues } from './record/field-inputs.tsx';
import { LEVELS } from './record/level-words.ts';
import {
  createCategories,
  createFields,
  createMatrix,
  isFor,
  usableCategories,
  type Category,
} from './record/record-source.ts';
import { createAssignees } from './ticket-source.ts';
import { WhoFields, type About } from './who-fields.tsx';
import { ticketLabel, TYPES, type TicketType } from './ticket-words.ts';

/** Opens a ticket: the client first, then its people and machines. */
export function NewTicket(props: {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  clientId: string | undefined;
  onMade: (id: string) => void;
}): JSX.Element {
  return (
    <Dialog isOpen={props.isOpen} onOpenChange={props.onOpenChange} title="New ticket" width="regular">
      <NewTicketForm clientId={props.clientId} onMade={props.onMade} onDone={() => props.onOpenChange(false)} />
    </Dialog>
  );
}

function NewTicketForm(props: {
  clientId: string | undefined;
  onMade: (id: string) => void;
  onDone: () => void;
}): JSX.Element {
  const [about, setAbout] = createSignal<About>({});
  const [type, setType] = createSignal<TicketType>('incident');
  const [impact, setImpact] = createSignal('2');
  const [urgency, setUrgency] = createSignal('2');
  const [assignee, setAssignee] = createSignal('');
  const [subject, setSubject] = createSignal('');
  const [body, setBody] = createSignal('');
  const [category, setCategory] = createSignal('');
  const [typed, setTyped] = createSignal<TypedValues>({});
  const assignees = createAssignees();
  const [categories, fields, matrix] = [createCategories(), createFields(), createMatrix()];
  const own = () => (fields.value() ?? []).filter((field) => field.isActive && isFor(field, type()));
  const usable = () => usableCategories(categories.value() ?? [], type(), null);
  /** What was typed into fields that the type still has. */
  const values = () =>
    toValues(Object.fromEntries(Object.entries(typed()).filter(([id]) => own().some((one) => one.id === id))));
  // Inside one client's scope the client is known.
  if (props.clientId !== undefined) {
    const id = props.clientId;
    void fetchClientName(id).then((label) => setAbout({ client: { id, label } }));
  }
  const priority = (): PriorityLevel =>
    (matrix.value()?.cells[(Number(impact()) - 1) * 3 + Number(urgency()) - 1] ?? 3) as PriorityLevel;
  const submit = createSubmit(async () => {
    const { ticketId, number } = await api.tickets.openTicket.mutate({
      clientId: (about().client?.id ?? '') as never,
      type: type(),
      subject: subject(),
      ...(body().trim() === '' ? {} : { body: body() }),
      impact: Number(impact()) as 1,
      urgency: Number(urgency()) as 1,
      ...(about().contact === undefined ? {} : { contactId: about().contact?.id as never }),
      ...(about().asset === undefined ? {} : { assetId: about().asset?.id as never }),
      ...(usable().some(({ id }) => id === category()) ? { categoryId: category() as never } : {}),
      values: values(),
      ...(assignee() === '' ? {} : { assigneeId: assignee() as never }),
    });
    await invalidateTopic('ticket');
    showDone(`Opened ${ticketLabel(number)}`);
    props.onDone();
    props.onMade(ticketId);
  });
  const wrong = (field: string) => submit.problem()?.fields[field];
  const wrongValue = (fieldId: string) =>
    wrong(`values.${fieldId}`) ?? wrong(`values.${values().findIndex((one) => one.fieldId === fieldId)}.value`);
  return (
    <form
      ref={(form) =>
        // After the dialog has put the focus on its first button.
        setTimeout(
          () =>
            form.querySelector<HTMLInputElement>(props.clientId === undefined ? 'input' : 'input[maxlength]')?.focus(),
          50,
        )
      }
      class="grid grid-cols-2 gap-x-4 gap-y-3"
      onSubmit={submit.onSubmit}
    >
      <WhoFields about={about()} onChange={setAbout} wrong={wrong} />
      <SubjectField subject={subject()} onChange={setSubject} clientId={about().client?.id} error={wrong('subject')} />
      <Field class="col-span-2" label="What happened" hint="The client reads this in the portal." error={wrong('body')}>
        {(control) => (
          <Textarea {...control} rows={4} value={body()} onInput={(event) => setBody(event.currentTarget.value)} />
        )}
      </Field>
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
      <Field label="Assignee">
        {(control) => (
          <Select
            {...control}
            value={assignee()}
            onChange={setAssignee}
            options={[
              { value: '', label: 'Nobody yet' },
              ...(assignees.value()?.items ?? []).map(({ id, name }) => ({ value: id as string, label: name })),
            ]}
          />
        )}
      </Field>
      <Field label="Impact" hint={priorityName(priority())}>
        {(control) => <Select {...control} value={impact()} onChange={setImpact} options={LEVELS} />}
      </Field>
      <Field label="Urgency">
        {(control) => <Select {...control} value={urgency()} onChange={setUrgency} options={LEVELS} />}
      </Field>
      <CategoryField categories={usable()} category={category()} onChange={setCategory} error={wrong('categoryId')} />
      <FieldInputs
        fields={own()}
        typed={typed()}
        onType={(fieldId, value: Typed) => setTyped((all) => ({ ...all, [fieldId]: value }))}
        clientId={about().client?.id}
        wrong={wrongValue}
      />
      <div class="col-span-2 flex flex-col gap-3">
        <FormProblem problem={submit.problem()} />
        <div class="flex justify-end gap-2">
          <Button onClick={() => props.onDone()}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
            Open ticket
          </Button>
        </div>
      </div>
    </form>
  );
}

/** The subject, and under it the articles that may answer it. */
function SubjectField(props: {
  subject: string;
  onChange: (subject: string) => void;
  clientId: string | undefined;
  error: string | undefined;
}): JSX.Element {
  const [settled, setSettled] = createSignal('');
  // Asked when somebody pauses, not with each letter.
  createEffect(
    on(
      () => props.subject,
      (text) => {
        const timer = setTimeout(() => setSettled(text), 400);
        onCleanup(() => clearTimeout(timer));
      },
    ),
  );
  return (
    <>
      <Field class="col-span-2" label="Subject" isRequired error={props.error}>
        {(control) => (
          <Input
            {...control}
            maxlength={200}
            value={props.subject}
            onInput={(event) => props.onChange(event.currentTarget.value)}
          />
        )}
      </Field>
      <div class="col-span-2 -mt-6 empty:hidden">
        <ArticleSuggestions text={settled()} clientId={props.clientId} />
      </div>
    </>
  );
}

/** What the ticket is filed under, where its type has any categories. */
function CategoryField(props: {
  categories: readonly Category[];
  category: string;
  onChange: (category: string) => void;
  error: string | undefined;
}): JSX.Element {
  return (
    <Show when={props.categories.length > 0}>
      <Field class="col-span-2" label="Category" error={props.error}>
        {(control) => (
          <Select
            {...control}
            value={props.category}
            onChange={props.onChange}
            options={[
              { value: '', label: 'None' },
              ...props.categories.map((one) => ({ value: one.id as string, label: one.path })),
            ]}
          />
        )}
      </Field>
    </Show>
  );
}
