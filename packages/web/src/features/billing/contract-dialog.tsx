import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { createStore } from 'solid-js/store';
import type { SetStoreFunction } from 'solid-js/store';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { findClients } from '#web/app/scope/client-source.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import type { ContractDetail } from './billing-words.ts';
import { ContractExample } from './contract-example.tsx';
import { fieldOf, linesOf, wrongIn, type ContractForm, type NewLine } from './contract-form.ts';
import { BlockFields, ContractTimeFields } from './contract-time-fields.tsx';
import { formOf, NEW_CONTRACT } from './read-contract.ts';

/** What a contract form is opened for. */
export type ContractTask =
  | { readonly kind: 'new'; readonly clientId: string | undefined }
  /** A draft that is changed, or a contract in force whose successor is drafted. */
  | { readonly kind: 'edit' | 'successor'; readonly contract: ContractDetail };

interface ContractDialogProps {
  readonly task: ContractTask | undefined;
  readonly onClose: () => void;
  readonly onDone: (id: string) => void;
}

const WORDS = {
  new: ['New contract', 'It counts for nothing until you put it into force.', 'Draft contract'],
  edit: ['Edit the draft', 'It counts for nothing until you put it into force.', 'Save'],
  successor: [
    'Successor',
    'A draft with the same terms, for you to change. Put into force, it ends the contract before it on the day before its own first.',
    'Draft successor',
  ],
} as const;

/** Drafts a contract of the usual prices, any of which may be left out, and of how work is counted; changes a draft, and drafts the successor of a contract in force. */
export function ContractDialog(props: ContractDialogProps): JSX.Element {
  const words = () => WORDS[props.task?.kind ?? 'new'];
  return (
    <Dialog
      isOpen={props.task !== undefined}
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title={words()[0]}
      description={words()[1]}
      width="wide"
    >
      <Show when={props.task} keyed>
        {(task) => <Form task={task} onClose={props.onClose} onDone={props.onDone} />}
      </Show>
    </Dialog>
  );
}

function Form(props: Omit<ContractDialogProps, 'task'> & { task: ContractTask }): JSX.Element {
  const { session } = useSession();
  const contract = props.task.kind === 'new' ? undefined : props.task.contract;
  const currency = contract?.currency ?? session().msp.currency;
  const opened = openedFor(props.task);
  const [form, set] = createStore<ContractForm>(opened.form);
  const lines = () => linesOf(form, currency);
  const submit = createSubmit(async () => {
    const id = await save(props.task, form, opened.isWhole ? lines() : undefined, currency);
    await invalidateTopic('agreement');
    props.onClose();
    props.onDone(id);
  });
  const refused = (): Readonly<Record<string, string>> => submit.problem()?.fields ?? {};
  const wrong = (field: keyof ContractForm): string | undefined =>
    wrongIn(form, currency)[field] ??
    refused()[field] ??
    Object.entries(refused()).find(([path]) => fieldOf(path) === field)?.[1];
  const fields = { form, set, wrong };
  const period = PERIODS[contract?.billingPeriod ?? 'monthly'];
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit} novalidate>
      <div class="grid grid-cols-4 gap-3 max-md:grid-cols-1">
        <Show when={props.task.kind === 'new'} fallback={<TypedField {...fields} field="name" label="Name" isWide />}>
          <ClientField {...fields} />
          <TypedField {...fields} field="name" label="Name" />
        </Show>
        <TypedField {...fields} field="startsOn" label="From" type="date" />
        <TypedField {...fields} field="endsOn" label="Until" type="date" isOptional />
      </div>
      <Show
        when={opened.isWhole}
        fallback={
          <p class="rounded-control border border-line bg-sunken px-3 py-2">
            Its {contract?.lines.length} lines say more than this form can, so they stay as they are. They can be
            changed by the API.
          </p>
        }
      >
        <div class="grid grid-cols-3 gap-3">
          <PriceField {...fields} field="fee" label={`Fee a ${period}, ${currency}`} />
          <PriceField {...fields} field="device" label={`A device, ${currency}`} />
          <PriceField {...fields} field="hour" label={`An hour, ${currency}`} />
        </div>
        <BlockFields {...fields} currency={currency} period={period} />
        <ContractTimeFields {...fields} />
        <Show when={lines().length > 0}>
          <ContractExample name={form.name} calendarId={form.calendarId} lines={lines()} />
        </Show>
      </Show>
      <FormProblem problem={submit.problem()} fields={Object.keys(refused()).filter(isShown)} />
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button
          kind="primary"
          type="submit"
          isBusy={submit.isBusy()}
          disabled={opened.isWhole && (lines().length === 0 || Object.keys(wrongIn(form, currency)).length > 0)}
        >
          {WORDS[props.task.kind][2]}
        </Button>
      </div>
    </form>
  );
}

const PERIODS = { monthly: 'month', quarterly: 'quarter', yearly: 'year' } as const;

function openedFor(task: ContractTask): { form: ContractForm; isWhole: boolean } {
  const firstOfMonth = Temporal.Now.plainDateISO().with({ day: 1 });
  if (task.kind === 'new')
    return {
      form: { ...NEW_CONTRACT, clientId: task.clientId ?? '', startsOn: firstOfMonth.toString() },
      isWhole: true,
    };
  const { form, isWhole } = formOf(task.contract);
  if (task.kind === 'edit') return { form, isWhole };
  // From the next month on, or from the day after the last one.
  const startsOn =
    task.contract.endsOn === null
      ? firstOfMonth.add({ months: 1 })
      : Temporal.PlainDate.from(task.contract.endsOn).add({ days: 1 });
  return { form: { ...form, startsOn: startsOn.toString(), endsOn: '' }, isWhole };
}

/** Answers with the contract's id. Without lines they stay as they are, or are those of the contract before. */
async function save(
  task: ContractTask,
  form: ContractForm,
  lines: NewLine[] | undefined,
  currency: string,
): Promise<string> {
  const given = {
    name: form.name,
    startsOn: form.startsOn,
    ...(lines === undefined ? {} : { lines, calendarId: form.calendarId === '' ? null : (form.calendarId as never) }),
  };
  const endsOn = form.endsOn === '' ? null : form.endsOn;
  if (task.kind === 'edit') {
    const { id: agreementId, version } = task.contract;
    await api.agreements.updateAgreement.mutate({ agreementId, version, ...given, endsOn });
    return agreementId;
  }
  const { agreementId } = await api.agreements.createAgreement.mutate({
    ...given,
    clientId: form.clientId,
    currency,
    ...(endsOn === null ? {} : { endsOn }),
    ...(task.kind === 'successor' ? { succeedsId: task.contract.id } : {}),
  });
  return agreementId;
}

/** Whether a refused path is said at a field of the form. */
function isShown(path: string): boolean {
  return ['clientId', 'name', 'startsOn', 'endsOn', 'calendarId'].includes(path) || fieldOf(path) !== null;
}

interface FieldProps {
  readonly form: ContractForm;
  readonly set: SetStoreFunction<ContractForm>;
  readonly wrong: (field: keyof ContractForm) => string | undefined;
}

function ClientField(props: FieldProps): JSX.Element {
  const clients = createRecordQuery({ key: () => ['tenancy.client', 'list', 'choices'], fetch: () => findClients('') });
  return (
    <Field label="Client" isRequired error={props.wrong('clientId')}>
      {(control) => (
        <Select
          {...control}
          value={props.form.clientId}
          onChange={(id) => props.set('clientId', id)}
          options={[
            { value: '', label: clients.isLoading() ? 'Loading…' : 'Choose a client' },
            ...(clients.value() ?? []).map((client) => ({ value: client.id, label: client.name })),
          ]}
        />
      )}
    </Field>
  );
}

function TypedField(
  props: FieldProps & {
    field: 'name' | 'startsOn' | 'endsOn';
    label: string;
    type?: string;
    isWide?: boolean;
    isOptional?: boolean;
  },
): JSX.Element {
  return (
    <div class={props.isWide === true ? 'col-span-2 max-md:col-span-1' : ''}>
      <Field label={props.label} isRequired={props.isOptional !== true} error={props.wrong(props.field)}>
        {(control) => (
          <Input
            {...control}
            type={props.type ?? 'text'}
            value={props.form[props.field]}
            onInput={(event) => props.set(props.field, event.currentTarget.value)}
          />
        )}
      </Field>
    </div>
  );
}

function PriceField(props: FieldProps & { label: string; field: 'fee' | 'device' | 'hour' }): JSX.Element {
  return (
    <Field label={props.label} error={props.wrong(props.field)}>
      {(control) => (
        <Input
          {...control}
          inputmode="decimal"
          placeholder="0.00"
          class="text-right"
          value={props.form[props.field]}
          onInput={(event) => props.set(props.field, event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
