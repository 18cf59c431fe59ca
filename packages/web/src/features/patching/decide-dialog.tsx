import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { count, DECISIONS, type Decision } from './patch-words.ts';

type Made = Exclude<Decision, 'undecided'>;
export type DecideTarget =
  | { readonly level: 'msp' }
  | { readonly level: 'client'; readonly clientId: string }
  | { readonly level: 'asset'; readonly assetId: string };

export interface DecideDialogProps {
  /** What is decided; closed while undefined. */
  readonly decision: Made | undefined;
  readonly updates: readonly { readonly id: string; readonly name: string; readonly version: string }[];
  readonly target: DecideTarget;
  readonly onClose: () => void;
  readonly onDone?: () => void;
}

const VERBS: Readonly<Record<Made, string>> = { approve: 'Approve', reject: 'Reject', defer: 'Defer' };
const MEANS: Readonly<Record<Made, string>> = {
  approve: 'Approved updates may be installed. Nothing is installed by this.',
  reject: 'A rejection wins over every approval, on any level, until it is taken back.',
  defer: 'Deferred updates wait, unless something more specific approves them.',
};
const WHERE: Readonly<Record<DecideTarget['level'], string>> = {
  msp: 'for all clients',
  client: 'for this client',
  asset: 'for this machine',
};
const UNTIL = [
  { value: '', label: 'until it is changed' },
  { value: '7', label: 'for 7 days' },
  { value: '30', label: 'for 30 days' },
  { value: '90', label: 'for 90 days' },
];

/** Asks why and for how long, and says for whom. */
export function DecideDialog(props: DecideDialogProps): JSX.Element {
  return (
    <Show when={props.decision}>
      {(decision) => (
        <Dialog
          isOpen
          onOpenChange={() => props.onClose()}
          title={`${VERBS[decision()]} ${props.updates.length === 1 ? (props.updates[0]?.name ?? '') : count(props.updates.length, 'update')} ${WHERE[props.target.level]}`}
          description={MEANS[decision()]}
        >
          <DecideForm {...props} decision={decision()} />
        </Dialog>
      )}
    </Show>
  );
}

function DecideForm(props: DecideDialogProps & { decision: Made }): JSX.Element {
  const [reason, setReason] = createSignal('');
  const [days, setDays] = createSignal(props.decision === 'defer' ? '7' : '');
  const submit = createSubmit(async () => {
    const expiresAt =
      days() === ''
        ? undefined
        : Temporal.Now.instant()
            .add({ hours: 24 * Number(days()) })
            .toString();
    const { updateCount } = await api.patching.decideUpdates.mutate({
      updateIds: props.updates.map((update) => update.id) as never[],
      target: props.target as never,
      decision: props.decision,
      ...(reason().trim() === '' ? {} : { reason: reason() }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    });
    await Promise.all([invalidateTopic('patch-update'), invalidateTopic('patch-status')]);
    showDone(
      `${count(updateCount, 'update')}: ${DECISIONS[props.decision].word.toLowerCase()} ${WHERE[props.target.level]}`,
    );
    props.onDone?.();
    props.onClose();
  });
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <FormProblem problem={submit.problem()} />
      <Field
        label="Reason"
        isRequired={props.decision === 'reject'}
        error={submit.problem()?.fields['reason']}
        hint="Stays with the decision, for whoever asks later."
      >
        {(control) => (
          <Input
            {...control}
            value={reason()}
            onInput={(event) => setReason(event.currentTarget.value)}
            maxLength={500}
            autofocus
          />
        )}
      </Field>
      <Field label="Holds" error={submit.problem()?.fields['expiresAt']}>
        {(control) => <Select {...control} value={days()} onChange={setDays} options={UNTIL} />}
      </Field>
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button kind={props.decision === 'reject' ? 'danger' : 'primary'} type="submit" isBusy={submit.isBusy()}>
          {VERBS[props.decision]}
        </Button>
      </div>
    </form>
  );
}
