import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { createStore } from 'solid-js/store';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { AssetForm, EMPTY_FACTS, FORM_FACTS, type AssetFormValues } from './asset-form.tsx';
import type { AssetDetail } from './asset-words.ts';

interface EditAssetProps {
  readonly asset: AssetDetail;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

/** Changes what is kept by hand. Typed values are locked; an emptied field lets go and takes the machine's word again. */
export function EditAsset(props: EditAssetProps): JSX.Element {
  return (
    <Dialog
      isOpen={props.isOpen}
      onOpenChange={props.onOpenChange}
      title={`Edit ${props.asset.name}`}
      width="wide"
      description="What you type holds until you empty the field again, whatever the agent reports."
    >
      <Show when={props.isOpen}>
        <EditForm {...props} />
      </Show>
    </Dialog>
  );
}

function EditForm(props: EditAssetProps): JSX.Element {
  const factOf = (field: string) => props.asset.facts.find((fact) => fact.field === field);
  const textOf = (field: string): string => {
    const value = factOf(field)?.value;
    return typeof value === 'string' ? value : '';
  };
  const before: AssetFormValues = {
    name: props.asset.name,
    kind: props.asset.kind,
    facts: { ...EMPTY_FACTS, ...Object.fromEntries(FORM_FACTS.map((field) => [field, textOf(field)])) },
  };
  const [values, set] = createStore<AssetFormValues>({ ...before, facts: { ...before.facts } });
  const submit = createSubmit(async () => {
    const changed = FORM_FACTS.filter((field) => values.facts[field].trim() !== before.facts[field]);
    const input = {
      assetId: props.asset.id,
      version: props.asset.version,
      ...(values.name.trim() === before.name ? {} : { name: values.name.trim() === '' ? null : values.name }),
      ...(values.kind === before.kind ? {} : { kind: values.kind }),
      facts: Object.fromEntries(
        changed.map((field) => [field, values.facts[field].trim() === '' ? null : values.facts[field]]),
      ),
    };
    await api.assets.updateAsset.mutate(input);
    await invalidateTopic('asset', props.asset.id);
    props.onOpenChange(false);
    showDone('Asset changed');
  });
  const hint = (field: string): string | undefined => {
    const fact = factOf(field);
    const reported = fact?.others.find((other) => typeof other.value === 'string')?.value;
    return fact?.isLocked === true && reported !== undefined
      ? `Reported: ${String(reported)}. Empty the field to take it.`
      : undefined;
  };
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <FormProblem problem={submit.problem()} />
      <AssetForm values={values} set={set} errors={submit.problem()?.fields ?? {}} hint={hint} />
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onOpenChange(false)}>Cancel</Button>
        <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
          Save
        </Button>
      </div>
    </form>
  );
}
