import { createEffect, createSignal, on } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useSession } from '#web/app/session/session.tsx';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { ValuePicker } from '#web/features/settings/rules/value-picker.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { AmountField, isNoAmount } from '#web/ui/money/amount-field.tsx';
import { minorAmount } from '#web/ui/money/minor-amount.ts';
import { Select } from '#web/ui/select/select.tsx';
import { Textarea } from '#web/ui/textarea/textarea.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';

const MODES = [
  { value: 'one', label: 'One of them is enough' },
  { value: 'all', label: 'All of them' },
  { value: 'sequence', label: 'One after the other' },
];

/** Asks contacts of the client, or staff, to approve something. */
export function AskApproval(props: {
  ticketId: string;
  clientId: string;
  isOpen: boolean;
  onClose: () => void;
}): JSX.Element {
  const [subject, setSubject] = createSignal('');
  const [body, setBody] = createSignal('');
  const [mode, setMode] = createSignal('one');
  const { session } = useSession();
  const [amount, setAmount] = createSignal('');
  const [days, setDays] = createSignal('');
  const [isChosen, setChosen] = createSignal(false);
  const [contactIds, setContacts] = createSignal<string[]>([]);
  const [staffIds, setStaff] = createSignal<string[]>([]);
  const people = createPeople(props);
  const currency = (): string => session().msp.currency;
  // Who approves for the client is asked, unless somebody else is chosen.
  createEffect(
    on(
      () => [people.value(), minorAmount(amount(), currency())] as const,
      ([known, minor]) => {
        const theirs = (known?.contacts ?? []).filter(
          ({ isApprover, limitMinor }) =>
            isApprover && (limitMinor === null || minor === undefined || minor <= limitMinor),
        );
        if (!isChosen()) setContacts(theirs.map(({ value }) => value));
      },
    ),
  );
  const submit = createSubmit(async () => {
    if (isNoAmount(amount(), currency())) return;
    const amountMinor = minorAmount(amount(), currency());
    const hours = Number(days()) * 24;
    await api.approvals.requestApproval.mutate({
      ticketId: props.ticketId as never,
      subject: subject(),
      body: body(),
      mode: mode() as 'one',
      ...(amountMinor === undefined ? {} : { amountMinor, currency: currency() }),
      contactIds: contactIds() as never[],
      staffIds: staffIds() as never[],
      ...(hours > 0
        ? {
            dueAt: Temporal.Now.instant()
              .add({ hours: Math.round(hours) })
              .toString(),
          }
        : {}),
    });
    await Promise.all([invalidateTopic('approval'), invalidateTopic('ticket')]);
    showDone('They were asked. The ticket waits for the answer.');
    setSubject('');
    setBody('');
    setAmount('');
    setChosen(false);
    setContacts([]);
    setStaff([]);
    props.onClose();
  });
  const wrong = (field: string) => submit.problem()?.fields[field];
  return (
    <Dialog
      isOpen={props.isOpen}
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title="Ask for approval"
      description="Contacts get a mail and answer by its link or in the portal, staff in the console. An answer is not changed afterwards."
    >
      <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
        <FormProblem problem={submit.problem()} />
        <Field label="What is to be approved" isRequired error={wrong('subject')}>
          {(control) => (
            <Input
              {...control}
              maxLength={200}
              value={subject()}
              onInput={(event) => setSubject(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="Why, and what it means" error={wrong('body')}>
          {(control) => (
            <Textarea {...control} value={body()} onInput={(event) => setBody(event.currentTarget.value)} />
          )}
        </Field>
        <AmountField
          label="Amount"
          currency={currency()}
          value={amount()}
          onChange={setAmount}
          error={wrong('amountMinor') ?? wrong('currency')}
        />
        <Field label="Contacts" hint="Those who may enter the portal." error={wrong('contactIds')}>
          {() => (
            <ValuePicker
              label="Contacts"
              options={people.value()?.contacts ?? []}
              values={contactIds()}
              onChange={(ids) => {
                setChosen(true);
                setContacts(ids);
              }}
            />
          )}
        </Field>
        <Field label="Staff" error={wrong('staffIds')}>
          {() => (
            <ValuePicker label="Staff" options={people.value()?.staff ?? []} values={staffIds()} onChange={setStaff} />
          )}
        </Field>
        <Field label="Whose answer counts">
          {(control) => <Select {...control} value={mode()} onChange={setMode} options={MODES} />}
        </Field>
        <Field label="Days until it ends" hint="Empty: it waits for ever." error={wrong('dueAt')}>
          {(control) => (
            <Input
              {...control}
              class="w-24"
              inputmode="numeric"
              value={days()}
              onInput={(event) => setDays(event.currentTarget.value)}
            />
          )}
        </Field>
        <Button type="submit" kind="primary" class="self-end" isBusy={submit.isBusy()}>
          Ask
        </Button>
      </form>
    </Dialog>
  );
}

/** Whom an approval may ask. */
function createPeople(props: { clientId: string; isOpen: boolean }) {
  return createRecordQuery({
    key: () => ['approval', 'list', 'people', props.clientId],
    isEnabled: () => props.isOpen,
    fetch: async (signal) => {
      const [contacts, staff] = await Promise.all([
        api.tenancy.listContacts.query({ clientId: props.clientId as never, isActive: true, limit: 200 }, { signal }),
        api.tickets.listAssignees.query({}, { signal }),
      ]);
      return {
        contacts: contacts.items
          .filter(({ portalRole }) => portalRole !== 'none')
          .map(({ id, name, isApprover, approvalLimitMinor }) => ({
            value: id as string,
            label: isApprover ? `${name} (approves)` : name,
            isApprover,
            limitMinor: approvalLimitMinor,
          })),
        staff: staff.items
          .filter(({ id }) => id !== staff.meId)
          .map(({ id, name }) => ({ value: id as string, label: name })),
      };
    },
  });
}
