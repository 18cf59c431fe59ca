import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { count, type InstallPlan } from './patch-words.ts';

export interface InstallDialogProps {
  readonly isOpen: boolean;
  readonly assetIds: readonly string[];
  /** All that is approved, where left out. */
  readonly updateIds?: readonly string[] | undefined;
  readonly onClose: () => void;
  readonly onOrdered: (batchId: string) => void;
}

/** Shows what would be installed where, and takes the number of machines as the word to go. */
export function InstallDialog(props: InstallDialogProps): JSX.Element {
  return (
    <Dialog
      isOpen={props.isOpen}
      onOpenChange={(isOpen) => !isOpen && props.onClose()}
      title="Install approved updates"
      width="regular"
    >
      <Show when={props.isOpen}>
        <Preview {...props} />
      </Show>
    </Dialog>
  );
}

function Preview(props: InstallDialogProps): JSX.Element {
  const input = () => ({
    assetIds: [...props.assetIds] as never[],
    ...(props.updateIds === undefined ? {} : { updateIds: [...props.updateIds] as never[] }),
  });
  const plan = createRecordQuery({
    key: () => ['patch-status', 'one', 'plan', props.assetIds, props.updateIds],
    fetch: (signal) => api.patching.previewInstall.query(input(), { signal }),
  });
  return (
    <>
      <Show when={plan.problem()}>
        {(problem) => (
          <ErrorState title="It cannot be said what this would do" problem={problem()} onRetry={plan.retry} />
        )}
      </Show>
      <Show
        when={plan.value()}
        fallback={
          <Show when={plan.problem() === undefined}>
            <SkeletonText lines={4} />
          </Show>
        }
      >
        {(value) => (
          <Show when={value().assetCount > 0} fallback={<Nothing plan={value()} onClose={props.onClose} />}>
            <Confirm {...props} plan={value()} input={input} onStale={plan.retry} />
          </Show>
        )}
      </Show>
    </>
  );
}

function Nothing(props: { plan: InstallPlan; onClose: () => void }): JSX.Element {
  const busy = (): number => props.plan.assets.filter((asset) => asset.isBusy).length;
  const heldBack = (): number => props.plan.assets.reduce((total, asset) => total + asset.heldBackCount, 0);
  return (
    <div class="flex flex-col gap-4">
      <p>
        Nothing to install here. <Show when={heldBack() > 0}>{count(heldBack(), 'update')} wait for approval. </Show>
        <Show when={busy() > 0}>On {count(busy(), 'machine')} an installation is under way.</Show>
      </p>
      <div class="flex justify-end">
        <Button onClick={() => props.onClose()}>Close</Button>
      </div>
    </div>
  );
}

function Confirm(
  props: InstallDialogProps & {
    plan: InstallPlan;
    input: () => { assetIds: never[]; updateIds?: never[] };
    onStale: () => void;
  },
): JSX.Element {
  const [typed, setTyped] = createSignal('');
  const [reason, setReason] = createSignal('');
  const numbers = (): string =>
    `${count(props.plan.assetCount, 'machine')} of ${count(props.plan.clientCount, 'client')}`;
  const isTooMany = (): boolean => props.plan.assetCount > props.plan.maxAssetCount;
  const isConfirmed = (): boolean =>
    typed().trim() === String(props.plan.assetCount) && reason().trim() !== '' && !isTooMany();
  const submit = createSubmit(async () => {
    if (!isConfirmed()) return;
    try {
      const { batchId } = await api.patching.installUpdates.mutate({
        ...props.input(),
        expectedAssetCount: props.plan.assetCount,
        expectedClientCount: props.plan.clientCount,
        reason: reason(),
      });
      await Promise.all([invalidateTopic('patch-install'), invalidateTopic('patch-status')]);
      showDone(`Ordered on ${numbers()}`);
      props.onClose();
      props.onOrdered(batchId);
    } catch (error) {
      // The numbers on the screen may be old now; what is confirmed next must be what is there.
      props.onStale();
      throw error;
    }
  });
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <FormProblem problem={submit.problem()} />
      <p class="text-large">
        Installs <strong>{count(props.plan.packageCount, 'update')}</strong> on <strong>{numbers()}</strong>.
      </p>
      <ul class="max-h-56 overflow-y-auto rounded-control border border-line">
        <For each={props.plan.assets}>
          {(asset) => (
            <li
              class="flex items-baseline justify-between gap-4 border-b border-line px-3 py-1.5 last:border-b-0"
              title={asset.packages.map((item) => `${item.name} ${item.version}`).join('\n')}
            >
              <span class="truncate-line font-medium">{asset.name}</span>
              <span class="whitespace-nowrap text-muted">
                {asset.isBusy ? 'installation under way' : count(asset.packages.length, 'update')}
                <Show when={asset.heldBackCount > 0}> · {asset.heldBackCount.toLocaleString()} not approved</Show>
              </span>
            </li>
          )}
        </For>
      </ul>
      <Show when={isTooMany()}>
        <p class="text-warning-text">
          At most {count(props.plan.maxAssetCount, 'machine')} at once. Choose fewer, and look at the results before the
          next.
        </p>
      </Show>
      <Field
        label="Reason"
        isRequired
        error={submit.problem()?.fields['reason']}
        hint="The client can read it in the portal."
      >
        {(control) => (
          <Input
            {...control}
            value={reason()}
            onInput={(event) => setReason(event.currentTarget.value)}
            maxLength={500}
          />
        )}
      </Field>
      <Field label={`Type ${props.plan.assetCount}, the number of machines, to confirm`} isRequired>
        {(control) => (
          <Input
            {...control}
            class="max-w-28"
            inputMode="numeric"
            autocomplete="off"
            value={typed()}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        )}
      </Field>
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button kind="primary" type="submit" disabled={!isConfirmed()} isBusy={submit.isBusy()}>
          Install on {numbers()}
        </Button>
      </div>
    </form>
  );
}
