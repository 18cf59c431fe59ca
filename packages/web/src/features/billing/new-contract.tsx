import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { createStore } from 'solid-js/store';
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
import { minorOf } from './billing-words.ts';

interface NewContractProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly clientId: string | undefined;
  readonly onMade: (id: string) => void;
}

/** Drafts a contract of the three usual prices; any of them may be left out. */
export function NewContract(props: NewContractProps): JSX.Element {
  return (
    <Dialog
      isOpen={props.isOpen}
      onOpenChange={props.onOpenChange}
      title="New contract"
      description="It counts for nothing until you put it into force."
    >
      <Show when={props.isOpen}>
        <Form {...props} />
      </Show>
    </Dialog>
  );
}

const ONSITE = ['onsite', 'project', 'travel'] as const;

function Form(props: NewContractProps): JSX.Element {
  const { session } = useSession();
  const currency = () => session().msp.currency;
  const [form, set] = createStore({
    clientId: props.clientId ?? '',
    name: 'Managed care',
    startsOn: Temporal.Now.plainDateISO().with({ day: 1 }).toString(),
    fee: '',
    device: '',
    hour: '',
  });
  const clients = createRecordQuery({ key: () => ['tenancy.client', 'list', 'choices'], fetch: () => findClients('') });
  const price = (text: string): number | undefined => (text.trim() === '' ? 0 : minorOf(text, currency()));
  const isWrong = (text: string): string | undefined =>
    price(text) === undefined ? `must be an amount in ${currency()}, such as 25.50` : undefined;
  const lines = () => [
    ...((price(form.fee) ?? 0) > 0
      ? [
          {
            kind: 'flat' as const,
            description: 'Monitoring and service desk',
            unitPriceMinor: price(form.fee) ?? 0,
            workTypes: ['remote' as const],
          },
        ]
      : []),
    ...((price(form.device) ?? 0) > 0
      ? [{ kind: 'per-device' as const, description: 'Managed device', unitPriceMinor: price(form.device) ?? 0 }]
      : []),
    ...((price(form.hour) ?? 0) > 0
      ? [
          {
            kind: 'time-and-materials' as const,
            description: 'Work by the hour',
            unitPriceMinor: price(form.hour) ?? 0,
            workTypes: [...ONSITE],
            minimumMinutes: 15,
            roundToMinutes: 15,
          },
        ]
      : []),
  ];
  const submit = createSubmit(async () => {
    const { agreementId } = await api.agreements.createAgreement.mutate({
      clientId: form.clientId,
      name: form.name,
      startsOn: form.startsOn,
      currency: currency(),
      lines: lines(),
    });
    await invalidateTopic('agreement');
    props.onOpenChange(false);
    props.onMade(agreementId);
  });
  const wrong = (field: string) => submit.problem()?.fields[field];
  const priceField = (key: 'fee' | 'device' | 'hour', label: string) => (
    <Field label={label} error={isWrong(form[key])}>
      {(control) => (
        <Input
          {...control}
          inputmode="decimal"
          placeholder="0.00"
          class="text-right"
          value={form[key]}
          onInput={(event) => set(key, event.currentTarget.value)}
        />
      )}
    </Field>
  );
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit} novalidate>
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
      <div class="grid grid-cols-2 gap-3">
        <Field label="Name" isRequired error={wrong('name')}>
          {(control) => (
            <Input {...control} value={form.name} onInput={(event) => set('name', event.currentTarget.value)} />
          )}
        </Field>
        <Field label="From" isRequired error={wrong('startsOn')}>
          {(control) => (
            <Input
              {...control}
              type="date"
              value={form.startsOn}
              onInput={(event) => set('startsOn', event.currentTarget.value)}
            />
          )}
        </Field>
      </div>
      <div class="grid grid-cols-3 gap-3">
        {priceField('fee', `Fee a month, ${currency()}`)}
        {priceField('device', `A device, ${currency()}`)}
        {priceField('hour', `An hour, ${currency()}`)}
      </div>
      <p class="text-muted">
        Remote work is in the fee. Work on site, projects and travel are billed by the hour, in steps of 15 min.
      </p>
      <FormProblem problem={submit.problem()} />
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onOpenChange(false)}>Cancel</Button>
        <Button kind="primary" type="submit" isBusy={submit.isBusy()} disabled={lines().length === 0}>
          Draft contract
        </Button>
      </div>
    </form>
  );
}
