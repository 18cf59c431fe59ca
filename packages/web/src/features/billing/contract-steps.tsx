import { useNavigate } from '@solidjs/router';
import { Match, Show, Switch, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { dayText, type ContractDetail } from './billing-words.ts';
import type { ContractTask } from './contract-dialog.tsx';

interface StepsProps {
  readonly contract: ContractDetail;
  readonly onTask: (task: ContractTask) => void;
  readonly onOpen: (id: string) => void;
}

/** What can be done with a contract, and for one in force what of it can still be changed, and how. */
export function ContractSteps(props: StepsProps): JSX.Element {
  const { can } = useSession();
  const navigate = useNavigate();
  const scoped = useScopedHref();
  const draft = createSubmit(async () => {
    const { invoiceId } = await api.billing.draftInvoice.mutate({ agreementId: props.contract.id });
    await invalidateTopic('invoice');
    navigate(scoped(`/billing?open=${invoiceId}`));
  });
  const activate = createSubmit(async () => {
    await api.agreements.activateAgreement.mutate({ agreementId: props.contract.id, version: props.contract.version });
    await invalidateTopic('agreement');
    showDone(`${props.contract.name} is in force`);
  });
  const mayManage = (): boolean => can('agreements.manage-agreements');
  return (
    <div class="flex flex-col gap-2">
      <FormProblem problem={draft.problem() ?? activate.problem()} />
      <Show when={props.contract.state === 'active' && mayManage()}>
        <Changes {...props} />
      </Show>
      <Show when={props.contract.state === 'draft' ? props.contract.succeedsId : null}>
        {(before) => (
          <p class="text-[0.9375em] text-muted">
            It comes in the place of{' '}
            <button type="button" class="rounded-tag underline" onClick={() => props.onOpen(before())}>
              the contract before it
            </button>
            , which ends on the day before {dayText(props.contract.startsOn)} as this one is put into force.
          </p>
        )}
      </Show>
      <div class="flex flex-wrap gap-2">
        <Switch>
          <Match when={props.contract.state === 'draft' && mayManage()}>
            <Button kind="primary" isBusy={activate.isBusy()} onClick={activate.run}>
              Put into force
            </Button>
            <Button onClick={() => props.onTask({ kind: 'edit', contract: props.contract })}>Edit…</Button>
          </Match>
          <Match when={props.contract.state !== 'draft' && can('billing.draft-invoice')}>
            <Button kind="primary" isBusy={draft.isBusy()} onClick={draft.run}>
              Draft the next invoice
            </Button>
          </Match>
        </Switch>
        <Show when={props.contract.state === 'active' && mayManage()}>
          <Show when={props.contract.successor === null}>
            <Button onClick={() => props.onTask({ kind: 'successor', contract: props.contract })}>Successor…</Button>
          </Show>
          <LastDay contract={props.contract} />
        </Show>
      </div>
    </div>
  );
}

function Changes(props: StepsProps): JSX.Element {
  return (
    <p class="text-[0.9375em] text-muted">
      Lines, prices and dates are in force and stay as agreed; the last day can be set.{' '}
      <Show when={props.contract.successor} fallback="Anything else changes by a successor, which ends this one.">
        {(next) => (
          <>
            Its successor is{' '}
            <button type="button" class="rounded-tag underline" onClick={() => props.onOpen(next().id)}>
              {next().name}
            </button>
            , {next().state === 'draft' ? 'a draft' : next().state} from {dayText(next().startsOn)}.
          </>
        )}
      </Show>
    </p>
  );
}

function LastDay(props: { contract: ContractDetail }): JSX.Element {
  const [isOpen, setOpen] = createSignal(false);
  const [day, setDay] = createSignal('');
  const submit = createSubmit(async () => {
    const { id: agreementId, version } = props.contract;
    await api.agreements.endAgreement.mutate({ agreementId, version, endsOn: day() });
    await invalidateTopic('agreement');
    showDone(`${props.contract.name} ends on ${dayText(day())}`);
    setOpen(false);
  });
  const open = (): void => {
    setDay(props.contract.endsOn ?? '');
    setOpen(true);
  };
  return (
    <>
      <Button onClick={open}>Last day…</Button>
      <Dialog
        isOpen={isOpen()}
        onOpenChange={setOpen}
        title={`Last day of ${props.contract.name}`}
        description="It holds until the end of that day, and for work done until then."
        width="narrow"
      >
        <form class="flex flex-col gap-4" onSubmit={submit.onSubmit} novalidate>
          <FormProblem problem={submit.problem()} fields={['endsOn']} />
          <Field label="Last day" isRequired error={submit.problem()?.fields['endsOn']}>
            {(control) => (
              <Input {...control} type="date" value={day()} onInput={(event) => setDay(event.currentTarget.value)} />
            )}
          </Field>
          <div class="flex justify-end gap-2">
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button kind="primary" type="submit" isBusy={submit.isBusy()} disabled={day() === ''}>
              Set the last day
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
