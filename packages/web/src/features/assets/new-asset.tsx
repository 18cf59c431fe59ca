import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { createStore } from 'solid-js/store';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { findClients } from '#web/app/scope/client-source.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { AssetForm, EMPTY_FACTS, FORM_FACTS, type AssetFormValues } from './asset-form.tsx';

interface NewAssetProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly clientId: string | undefined;
  readonly onMade: (assetId: string) => void;
}

/** Adds what no agent finds: a switch, a printer, a contract phone. */
export function NewAsset(props: NewAssetProps): JSX.Element {
  return (
    <Dialog
      isOpen={props.isOpen}
      onOpenChange={props.onOpenChange}
      title="New asset"
      width="wide"
      description="For what no agent can see. Machines with an agent appear by themselves."
    >
      <Show when={props.isOpen}>
        <NewForm {...props} />
      </Show>
    </Dialog>
  );
}

function NewForm(props: NewAssetProps): JSX.Element {
  const [clientId, setClientId] = createSignal(props.clientId ?? '');
  const [values, set] = createStore<AssetFormValues>({ name: '', kind: 'other', facts: { ...EMPTY_FACTS } });
  const clients = createRecordQuery({ key: () => ['tenancy.client', 'list', 'choices'], fetch: () => findClients('') });
  const submit = createSubmit(async () => {
    const facts = Object.fromEntries(
      FORM_FACTS.flatMap((field) => (values.facts[field].trim() === '' ? [] : [[field, values.facts[field]]])),
    );
    const { assetId } = await api.assets.createAsset.mutate({
      clientId: clientId() as never,
      name: values.name,
      kind: values.kind,
      facts,
    });
    await invalidateTopic('asset');
    props.onOpenChange(false);
    props.onMade(assetId);
  });
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <FormProblem problem={submit.problem()} />
      <Field label="Client" isRequired error={submit.problem()?.fields['clientId']}>
        {(control) => (
          <Select
            {...control}
            value={clientId()}
            onChange={setClientId}
            options={[
              { value: '', label: clients.isLoading() ? 'Loading…' : 'Choose a client' },
              ...(clients.value() ?? []).map((client) => ({ value: client.id, label: client.name })),
            ]}
          />
        )}
      </Field>
      <AssetForm values={values} set={set} errors={submit.problem()?.fields ?? {}} hint={() => undefined} />
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onOpenChange(false)}>Cancel</Button>
        <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
          Add asset
        </Button>
      </div>
    </form>
  );
}
