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
import { ContractExample } from './contract-example.tsx';
import { fieldOf, linesOf, wrongIn, type ContractForm } from './contract-form.ts';
import { BlockFields, ContractTimeFields } from './contract-time-fields.tsx';

interface NewContractProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly clientId: string | undefined;
  readonly onMade: (id: string) => void;
}

/** Drafts a contract of the usual prices, any of which may be left out, and of how work is counted. */
export function NewContract(props: NewContractProps): JSX.Element {
  return (
    <Dialog
      isOpen={props.isOpen}
      onOpenChange={props.onOpenChange}
      title="New contract"
      description="It counts for nothing until you put it into force."
      width="wide"
    >
      <Show when={props.isOpen}>
        <Form {...props} />
      </Show>
    </Dialog>
  );
}

function Form(props: NewContractProps): JSX.Element {
  const { session } = useSession();
  const currency = () => session().msp.currency;
  const [form, set] = createStore<ContractForm>({
    clientId: props.clientId ?? '',
    name: 'Managed care',
    startsOn: Temporal.Now.plainDateISO().with({ day: 1 }).toString(),
    fee: '',
    device: '',
    hour: '',
    blockHours: '',
    blockHour: '',
    blockOverage: '',
    blockRollover: '',
    calendarId: '',
    remote: 'always',
    rounding: 'up',
    roundTo: '15',
    minimum: '15',
    maximum: '',
    afterHours: '150',
    holiday: '',
    travel: 'hourly',
    travelShare: '50',
    travelFee: '',
  });
  const clients = createRecordQuery({ key: () => ['tenancy.client', 'list', 'choices'], fetch: () => findClients('') });
  const lines = () => linesOf(form, currency());
  const submit = createSubmit(async () => {
    const { agreementId } = await api.agreements.createAgreement.mutate({
      clientId: form.clientId,
      name: form.name,
      startsOn: form.startsOn,
      currency: currency(),
      ...(form.calendarId === '' ? {} : { calendarId: form.calendarId as never }),
      lines: lines(),
    });
    await invalidateTopic('agreement');
    props.onOpenChange(false);
    props.onMade(agreementId);
  });
  const refused = (): Readonly<Record<string, string>> => submit.problem()?.fields ?? {};
  const wrong = (field: keyof ContractForm): string | undefined =>
    wrongIn(form, currency())[field] ??
    refused()[field] ??
    Object.entries(refused()).find(([path]) => fieldOf(path) === field)?.[1];
  const fields = { form, set, wrong };
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit} novalidate>
      <div class="grid grid-cols-3 gap-3 max-md:grid-cols-1">
        <Field label="Client" isRequired error={wrong('clientId')}>
          {(control) => (
            <Select
              {...control}
              value={form.clientId}
              onChange={(id) => set('clientId', id)}
              options={[
                { value: '', label: clients.isLoading() ? 'Loading…' : 'Choose a client' },
                ...(clients.value() ?? []).map((client) => ({ value: client.id, label: client.name })),
              ]}
            />
          )}
        </Field>
        <TypedField {...fields} field="name" label="Name" />
        <TypedField {...fields} field="startsOn" label="From" type="date" />
      </div>
      <div class="grid grid-cols-3 gap-3">
        <PriceField {...fields} field="fee" label={`Fee a month, ${currency()}`} />
        <PriceField {...fields} field="device" label={`A device, ${currency()}`} />
        <PriceField {...fields} field="hour" label={`An hour, ${currency()}`} />
      </div>
      <BlockFields {...fields} currency={currency()} />
      <ContractTimeFields {...fields} />
      <Show when={lines().length > 0}>
        <ContractExample name={form.name} calendarId={form.calendarId} lines={lines()} />
      </Show>
      <FormProblem problem={submit.problem()} fields={Object.keys(refused()).filter(isShown)} />
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onOpenChange(false)}>Cancel</Button>
        <Button
          kind="primary"
          type="submit"
          isBusy={submit.isBusy()}
          disabled={lines().length === 0 || Object.keys(wrongIn(form, currency())).length > 0}
        >
          Draft contract
        </Button>
      </div>
    </form>
  );
}

/** Whether a refused path is said at a field of the form. */
function isShown(path: string): boolean {
  return ['clientId', 'name', 'startsOn', 'calendarId'].includes(path) || fieldOf(path) !== null;
}

interface FieldProps {
  readonly form: ContractForm;
  readonly set: SetStoreFunction<ContractForm>;
  readonly wrong: (field: keyof ContractForm) => string | undefined;
  readonly label: string;
}

function TypedField(props: FieldProps & { field: 'name' | 'startsOn'; type?: string }): JSX.Element {
  return (
    <Field label={props.label} isRequired error={props.wrong(props.field)}>
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

function PriceField(props: FieldProps & { field: 'fee' | 'device' | 'hour' }): JSX.Element {
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
