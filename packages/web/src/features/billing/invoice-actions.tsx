import { Match, Show, Switch, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { moneyText } from '#web/ui/money/money-text.ts';
import { showDone } from '#web/ui/toast/toast-store.ts';
import type { InvoiceDetail } from './billing-words.ts';

/** What can be done with an invoice now; the main step first. */
export function InvoiceActions(props: { invoice: InvoiceDetail; onGone: () => void }): JSX.Element {
  const { can } = useSession();
  const [isAsking, setAsking] = createSignal<'approve' | 'void' | 'credit' | null>(null);
  const about = () => ({ invoiceId: props.invoice.id, version: props.invoice.version });
  const act = (did: () => Promise<string>) =>
    createSubmit(async () => {
      const said = await did();
      await invalidateTopic('invoice', props.invoice.id);
      showDone(said);
    });
  const send = act(async () => `Sent to ${(await api.billing.sendInvoice.mutate(about())).recipients.join(', ')}`);
  const pay = act(async () => {
    await api.billing.recordPayment.mutate({ ...about(), paidOn: Temporal.Now.plainDateISO().toString() });
    return 'Recorded as paid today';
  });
  const redraft = act(async () => {
    const { agreementId, serviceFrom } = props.invoice;
    if (agreementId === null || serviceFrom === null) return 'Nothing to count';
    await api.billing.draftInvoice.mutate({ agreementId, serviceFrom });
    return 'Counted again';
  });
  const discard = createSubmit(async () => {
    await api.billing.discardDraft.mutate(about());
    props.onGone();
    await invalidateTopic('invoice');
    showDone('Draft discarded; its period and its time are free again');
  });
  const isIssuer = () => can('billing.issue-invoice');
  return (
    <div class="flex flex-col gap-2">
      <FormProblem problem={send.problem() ?? pay.problem() ?? redraft.problem() ?? discard.problem()} />
      <div class="flex flex-wrap items-center gap-2">
        <Switch>
          <Match when={props.invoice.state === 'draft'}>
            <Show when={isIssuer()}>
              <Button kind="primary" onClick={() => setAsking('approve')}>
                Approve…
              </Button>
            </Show>
            <Button isBusy={redraft.isBusy()} onClick={redraft.run}>
              Count again
            </Button>
            <Button kind="quiet" isBusy={discard.isBusy()} onClick={discard.run}>
              Discard
            </Button>
          </Match>
          <Match when={isIssuer() && (props.invoice.state === 'approved' || props.invoice.state === 'sent')}>
            <Button
              kind={props.invoice.state === 'approved' ? 'primary' : 'secondary'}
              isBusy={send.isBusy()}
              onClick={send.run}
            >
              {props.invoice.state === 'approved' ? 'Send' : 'Send again'}
            </Button>
            <Show when={props.invoice.kind === 'invoice' && !props.invoice.isCredited}>
              <Button
                kind={props.invoice.state === 'sent' ? 'primary' : 'secondary'}
                isBusy={pay.isBusy()}
                onClick={pay.run}
              >
                Paid today
              </Button>
            </Show>
            <Show when={props.invoice.state === 'approved'}>
              <Button kind="danger" onClick={() => setAsking('void')}>
                Void…
              </Button>
            </Show>
          </Match>
        </Switch>
        <Show
          when={
            isIssuer() &&
            props.invoice.kind === 'invoice' &&
            !props.invoice.isCredited &&
            ['sent', 'paid'].includes(props.invoice.state)
          }
        >
          <Button kind="danger" onClick={() => setAsking('credit')}>
            Credit…
          </Button>
        </Show>
      </div>
      <Show when={isAsking()}>
        {(what) => <Ask invoice={props.invoice} what={what()} onClose={() => setAsking(null)} />}
      </Show>
    </div>
  );
}

const WORDS = {
  approve: { title: 'Approve this invoice', button: 'Approve', done: 'Approved' },
  void: { title: 'Void this invoice', button: 'Void', done: 'Voided' },
  credit: { title: 'Credit this invoice', button: 'Issue the credit note', done: 'Credited' },
} as const;

/** Money changes here, so it is asked, with the number. */
function Ask(props: { invoice: InvoiceDetail; what: keyof typeof WORDS; onClose: () => void }): JSX.Element {
  const [reason, setReason] = createSignal('');
  const total = () => moneyText(props.invoice.totalMinor, props.invoice.currency);
  const submit = createSubmit(async () => {
    const about = { invoiceId: props.invoice.id, version: props.invoice.version };
    let number = props.invoice.number ?? '';
    if (props.what === 'approve') ({ number } = await api.billing.approveInvoice.mutate(about));
    else if (props.what === 'void') await api.billing.voidInvoice.mutate({ ...about, reason: reason() });
    else ({ number } = await api.billing.creditInvoice.mutate({ ...about, reason: 'bill-again', note: reason() }));
    props.onClose();
    await invalidateTopic('invoice');
    showDone(`${WORDS[props.what].done}: ${number}`);
  });
  const description = () =>
    ({
      approve: `It gets the next number and can no longer be changed. ${total()} with ${props.invoice.lines.length} lines.`,
      void: `${props.invoice.number ?? ''} over ${total()} keeps its number; its period and its time can be billed again.`,
      credit: `A credit note over ${total()} is issued; the period and its time can be billed again.`,
    })[props.what];
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title={WORDS[props.what].title}
      description={description()}
    >
      <form class="flex flex-col gap-4" onSubmit={submit.onSubmit} novalidate>
        <Show when={props.what !== 'approve'}>
          <Field
            label="Reason"
            isRequired
            error={submit.problem()?.fields['reason'] ?? submit.problem()?.fields['note']}
          >
            {(control) => (
              <Input {...control} value={reason()} onInput={(event) => setReason(event.currentTarget.value)} />
            )}
          </Field>
        </Show>
        <FormProblem problem={submit.problem()} />
        <div class="flex justify-end gap-2">
          <Button onClick={props.onClose}>Cancel</Button>
          <Button type="submit" kind={props.what === 'approve' ? 'primary' : 'danger'} isBusy={submit.isBusy()}>
            {WORDS[props.what].button}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
