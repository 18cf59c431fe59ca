import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { findClients } from '#web/app/scope/client-source.ts';
import { Button } from '#web/ui/button/button.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { refreshRules, type Choice, type SlaRules } from './sla-source.ts';

const TYPES = [
  { value: '', label: 'Every type' },
  { value: 'incident', label: 'Incidents' },
  { value: 'request', label: 'Requests' },
  { value: 'problem', label: 'Problems' },
  { value: 'task', label: 'Tasks' },
];

/** Whose tickets have which policy; the most specific choice holds. */
export function SlaChoices(props: { rules: SlaRules; mayChange: boolean }): JSX.Element {
  const clients = createRecordQuery({ key: () => ['tenancy.client', 'list', 'choices'], fetch: () => findClients('') });
  const [clientId, setClientId] = createSignal('');
  const [agreementId, setAgreementId] = createSignal('');
  const contracts = createRecordQuery({
    key: () => ['agreements.agreement', 'list', 'choices', clientId()],
    fetch: async (signal) =>
      clientId() === ''
        ? []
        : (await api.agreements.listAgreements.query({ clientId: clientId() as never, limit: 100 }, { signal })).items,
  });
  const [type, setType] = createSignal('');
  const [policyId, setPolicyId] = createSignal('');
  const set = async (
    choice: Pick<Choice, 'clientId' | 'agreementId' | 'ticketType'>,
    chosen: string,
  ): Promise<void> => {
    const { clientId, agreementId, ticketType } = choice;
    await api.sla.setChoice.mutate({ clientId, agreementId, ticketType, policyId: chosen as never });
    await refreshRules();
  };
  const add = createSubmit(async () => {
    const choice = {
      clientId: orNull(clientId()),
      agreementId: clientId() === '' ? null : orNull(agreementId()),
      ticketType: orNull(type()),
    };
    await set(choice as Choice, policyId() === '' ? 'none' : policyId());
  });
  const [removed, setRemoved] = createSignal<Choice>();
  const remove = createSubmit(async () => {
    const choice = removed();
    if (choice !== undefined) await set(choice, 'inherit');
  });
  const clientName = (id: string) => clients.value()?.find((one) => one.id === id)?.name ?? 'One client';
  const policyName = (id: string | null) =>
    id === null ? 'No SLA' : (props.rules.policies.find((one) => one.id === id)?.name ?? 'A policy');
  const typeName = (value: string | null) => TYPES.find((one) => one.value === (value ?? ''))?.label ?? value;
  return (
    <section>
      <h3 class="font-semibold">Which policy holds</h3>
      <p class="text-muted">
        The contract that holds for a ticket before its client, the client before the type of ticket, the type before
        all.
      </p>
      <FormProblem problem={add.problem() ?? remove.problem()} />
      <ul class="mt-1 divide-y divide-line">
        <For
          each={props.rules.choices}
          fallback={<li class="py-2.5 text-muted">No ticket has a policy. Choose one for every client below.</li>}
        >
          {(choice) => (
            <li class="flex items-center gap-4 py-2">
              <span class="min-w-0 flex-1">
                {choice.clientId === null ? 'Every client' : clientName(choice.clientId)} ·{' '}
                {choice.agreementName === null ? '' : `contract ${choice.agreementName} · `}
                {typeName(choice.ticketType)}
              </span>
              <span class="font-medium">{policyName(choice.policyId)}</span>
              <Show when={props.mayChange}>
                <Button
                  size="small"
                  onClick={() => {
                    setRemoved(choice);
                    remove.run();
                  }}
                >
                  Take away
                </Button>
              </Show>
            </li>
          )}
        </For>
      </ul>
      <Show when={props.mayChange}>
        <form class="mt-2 flex flex-wrap items-center gap-2" onSubmit={add.onSubmit}>
          <Select
            class="w-48"
            aria-label="Client"
            value={clientId()}
            onChange={(id) => {
              setAgreementId('');
              setClientId(id);
            }}
            options={[
              { value: '', label: 'Every client' },
              ...(clients.value() ?? []).map(({ id, name }) => ({ value: id as string, label: name })),
            ]}
          />
          <Show when={(contracts.value() ?? []).length > 0}>
            <Select
              class="w-44"
              aria-label="Contract"
              value={agreementId()}
              onChange={setAgreementId}
              options={[
                { value: '', label: 'Every contract' },
                ...(contracts.value() ?? []).map(({ id, name }) => ({ value: id as string, label: name })),
              ]}
            />
          </Show>
          <Select class="w-36" aria-label="Type of ticket" value={type()} onChange={setType} options={TYPES} />
          <Select
            class="w-48"
            aria-label="Policy"
            value={policyId()}
            onChange={setPolicyId}
            options={[
              { value: '', label: 'No SLA' },
              ...props.rules.policies.map(({ id, name }) => ({ value: id as string, label: name })),
            ]}
          />
          <Button type="submit" isBusy={add.isBusy()}>
            Choose
          </Button>
        </form>
      </Show>
    </section>
  );
}

function orNull(value: string): string | null {
  return value === '' ? null : value;
}
