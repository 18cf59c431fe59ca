import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { createStore } from 'solid-js/store';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { LANGUAGES, toLanguage } from '#web/language/language.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { AmountField, isNoAmount } from '#web/ui/money/amount-field.tsx';
import { minorAmount, typedAmount } from '#web/ui/money/minor-amount.ts';
import { useSession } from '#web/app/session/session.tsx';
import { PORTAL_ROLES, type Contact } from './client-words.ts';

interface ContactFormProps {
  readonly clientId: string;
  /** Whom to change, `new` to add somebody; undefined closes the form. */
  readonly contact: Contact | 'new' | undefined;
  readonly onClose: () => void;
}

/** Adds or changes a contact. */
export function ContactForm(props: ContactFormProps): JSX.Element {
  return (
    <Dialog
      isOpen={props.contact !== undefined}
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title={props.contact === 'new' ? 'New contact' : 'Change contact'}
    >
      <Show when={props.contact} keyed>
        {(contact) => (
          <Form clientId={props.clientId} contact={contact === 'new' ? undefined : contact} onClose={props.onClose} />
        )}
      </Show>
    </Dialog>
  );
}

function Form(props: { clientId: string; contact: Contact | undefined; onClose: () => void }): JSX.Element {
  const [isActive, setActive] = createSignal(props.contact?.isActive ?? true);
  const [values, set] = createStore({
    name: props.contact?.name ?? '',
    email: props.contact?.email ?? '',
    phone: props.contact?.phone ?? '',
    portalRole: props.contact?.portalRole ?? ('member' as Contact['portalRole']),
    isVip: props.contact?.isVip ?? false,
    seesCompanyTickets: props.contact?.seesCompanyTickets ?? false,
    language: props.contact?.language ?? null,
    isApprover: props.contact?.isApprover ?? false,
  });
  const { session } = useSession();
  const currency = props.contact?.approvalLimitCurrency ?? session().msp.currency;
  const limitBefore = props.contact?.approvalLimitMinor ?? null;
  const [limit, setLimit] = createSignal(limitBefore === null ? '' : typedAmount(limitBefore, currency));
  const submit = createSubmit(async () => {
    if (isNoAmount(limit(), currency)) return;
    const { contact } = props;
    const approvalLimitMinor = values.isApprover ? (minorAmount(limit(), currency) ?? null) : null;
    const given = {
      ...values,
      approvalLimitMinor,
      approvalLimitCurrency: approvalLimitMinor === null ? null : currency,
    };
    if (contact === undefined) await api.tenancy.createContact.mutate({ clientId: props.clientId, ...given });
    else
      await api.tenancy.updateContact.mutate({
        contactId: contact.id,
        version: contact.version,
        ...given,
        isActive: isActive(),
      });
    await invalidateTopic('tenancy.contact');
    props.onClose();
  });
  const errors = () => submit.problem()?.fields ?? {};
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <FormProblem problem={submit.problem()} />
      <Field label="Name" isRequired error={errors()['name']}>
        {(control) => (
          <Input
            {...control}
            required
            autofocus
            maxLength={120}
            value={values.name}
            onInput={(event) => set('name', event.currentTarget.value)}
          />
        )}
      </Field>
      <div class="grid grid-cols-2 gap-4 max-md:grid-cols-1">
        <Field label="E-mail" isRequired error={errors()['email']}>
          {(control) => (
            <Input
              {...control}
              type="email"
              required
              value={values.email}
              onInput={(event) => set('email', event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="Phone" error={errors()['phone']}>
          {(control) => (
            <Input
              {...control}
              type="tel"
              maxLength={40}
              value={values.phone}
              onInput={(event) => set('phone', event.currentTarget.value)}
            />
          )}
        </Field>
      </div>
      <Field label="In the portal" hint="Nobody gets in before you invite them." error={errors()['portalRole']}>
        {(control) => (
          <Select
            {...control}
            value={values.portalRole}
            onChange={(role) => set('portalRole', role as Contact['portalRole'])}
            options={Object.entries(PORTAL_ROLES).map(([value, label]) => ({ value, label }))}
          />
        )}
      </Field>
      <Show when={values.portalRole !== 'none'}>
        <Field label="Language" error={errors()['language']}>
          {(control) => (
            <Select
              {...control}
              value={values.language ?? ''}
              onChange={(language) => set('language', toLanguage(language) ?? null)}
              options={[{ value: '', label: 'As their browser' }, ...LANGUAGES]}
            />
          )}
        </Field>
      </Show>
      <div class="flex flex-wrap gap-x-6 gap-y-2">
        <Show when={values.portalRole === 'member'}>
          <Checkbox
            label="Sees colleagues’ tickets"
            isChecked={values.seesCompanyTickets}
            onChange={(sees) => set('seesCompanyTickets', sees)}
          />
        </Show>
        <Show when={values.portalRole !== 'none'}>
          <Checkbox
            label="Approves for the client"
            isChecked={values.isApprover}
            onChange={(approves) => set('isApprover', approves)}
          />
        </Show>
        <Checkbox label="VIP" isChecked={values.isVip} onChange={(isVip) => set('isVip', isVip)} />
        <Show when={props.contact}>
          <Checkbox label="Works there" isChecked={isActive()} onChange={setActive} />
        </Show>
      </div>
      <Show when={values.portalRole !== 'none' && values.isApprover}>
        <AmountField
          label="Approves up to"
          hint="Empty: any amount."
          currency={currency}
          value={limit()}
          onChange={setLimit}
          error={errors()['approvalLimitMinor']}
        />
      </Show>
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
          {props.contact === undefined ? 'Add contact' : 'Save'}
        </Button>
      </div>
    </form>
  );
}
