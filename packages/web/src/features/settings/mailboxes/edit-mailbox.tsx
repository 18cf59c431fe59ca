import { createStore } from 'solid-js/store';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { findClients } from '#web/app/scope/client-source.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { StateMark } from '#web/ui/status-pill/status-pill.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { ReadingFields, ServerFields, TrustFields, type FormParts } from './mailbox-fields.tsx';
import { consentVendorOf, formOf, inputOf, type MailboxForm } from './mailbox-form.ts';
import { goConsent, refreshMailboxes, type Mailbox, type MailboxChecks } from './mailbox-source.ts';
import { guideOf, KIND_WORDS, VENDOR_WORDS } from './mailbox-words.ts';

/** Those whose refusal stands beside them. */
const FIELDS = [
  'name',
  'address',
  'settings.host',
  'settings.port',
  'settings.security',
  'settings.user',
  'settings.signIn.clientId',
  'settings.signIn.tenant',
  'settings.clientId',
  'settings.tenant',
  'settings.folder',
  'settings.label',
  'settings.afterwards.folder',
  'secrets.password',
  'secrets.clientSecret',
  'secrets.serviceKey',
  'trustedAuthservId',
  'defaultQueue',
];
const KINDS = ['graph', 'gmail', 'imap', 'smtp'] as const;

/** Connects a mailbox, or changes how one is connected. */
export function EditMailbox(props: { mailbox: Mailbox | 'new' | undefined; onClose: () => void }): JSX.Element {
  return (
    <Dialog
      isOpen={props.mailbox !== undefined}
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title={props.mailbox === 'new' ? 'Connect a mailbox' : 'Change the mailbox'}
      width="wide"
    >
      <Show when={props.mailbox} keyed>
        {(mailbox) => <MailboxEditor mailbox={mailbox === 'new' ? undefined : mailbox} onClose={props.onClose} />}
      </Show>
    </Dialog>
  );
}

function MailboxEditor(props: { mailbox: Mailbox | undefined; onClose: () => void }): JSX.Element {
  const [form, setForm] = createStore<MailboxForm>(formOf(props.mailbox));
  const [checks, setChecks] = createSignal<MailboxChecks>();
  const clients = createRecordQuery({ key: () => ['tenancy.client', 'list', 'choices'], fetch: () => findClients('') });
  /** Saved by the first try of two: the second goes on with it. */
  const [kept, setKept] = createSignal<{ id: Mailbox['id']; version: number }>();
  const vendor = () => consentVendorOf(form);
  const needsConsent = () => {
    const { status, consent } = props.mailbox ?? {};
    return vendor() !== undefined && (consent?.vendor !== vendor() || status === 'needs-consent');
  };
  const keep = async (): Promise<Mailbox['id']> => {
    const input = inputOf(form);
    const had = kept() ?? props.mailbox;
    if (had === undefined) {
      const { mailboxId } = await api['mail-inbox'].createMailbox.mutate(input);
      setKept({ id: mailboxId, version: 1 });
      return mailboxId;
    }
    const { version } = await api['mail-inbox'].updateMailbox.mutate({
      mailboxId: had.id,
      version: had.version,
      ...input,
    });
    setKept({ id: had.id, version });
    return had.id;
  };
  const save = createSubmit(async () => {
    const mailboxId = await keep();
    await refreshMailboxes();
    if (needsConsent()) return goConsent(mailboxId);
    showDone(props.mailbox === undefined ? `Connected ${form.address}` : `Changed ${form.address}`);
    props.onClose();
  });
  const check = createSubmit(async () => {
    setChecks(undefined);
    const { address, settings, secrets } = inputOf(form);
    const mailboxId = props.mailbox?.id ?? null;
    setChecks((await api['mail-inbox'].checkMailbox.mutate({ mailboxId, address, settings, secrets })).checks);
  });
  const problem = () => save.problem() ?? check.problem();
  const parts: FormParts = {
    form,
    set: (change) => setForm(change),
    error: (path) => problem()?.fields[path],
    get hasSecrets() {
      return props.mailbox !== undefined;
    },
  };
  return (
    <form class="flex flex-col gap-4" onSubmit={save.onSubmit}>
      <FormProblem problem={problem()} fields={FIELDS} />
      <Show when={props.mailbox === undefined}>
        <Field label="Where the mailbox is">
          {(control) => (
            <Select
              {...control}
              autofocus
              options={KINDS.map((value) => ({ value, label: KIND_WORDS[value] }))}
              value={form.kind}
              onChange={(kind) => setForm('kind', kind as MailboxForm['kind'])}
            />
          )}
        </Field>
      </Show>
      <ol class="list-decimal rounded-control bg-sunken py-3 pr-4 pl-8 text-muted">
        <For each={guideOf(form)}>{(step) => <li>{step}</li>}</For>
      </ol>
      <div class="grid grid-cols-2 gap-3 max-md:grid-cols-1">
        <Field label="Address" isRequired error={parts.error('address')}>
          {(control) => (
            <Input
              {...control}
              type="email"
              required
              maxLength={254}
              placeholder="support@example.com"
              value={form.address}
              onInput={(event) => setForm('address', event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="Name" error={parts.error('name')}>
          {(control) => (
            <Input
              {...control}
              maxLength={100}
              placeholder={form.address}
              value={form.name}
              onInput={(event) => setForm('name', event.currentTarget.value)}
            />
          )}
        </Field>
      </div>
      <ServerFields {...parts} />
      <ReadingFields {...parts} />
      <TrustFields
        {...parts}
        clients={(clients.value() ?? []).map((client) => ({ value: client.id, label: client.name }))}
      />
      <div aria-live="polite">
        <Show when={checks()}>{(found) => <Checks checks={found()} />}</Show>
      </div>
      <div class="flex flex-wrap justify-end gap-2">
        <Show when={form.kind !== 'smtp' && !needsConsent()}>
          <Button isBusy={check.isBusy()} onClick={check.run}>
            Check
          </Button>
          <span class="flex-1" />
        </Show>
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button kind="primary" type="submit" isBusy={save.isBusy()}>
          <Show when={needsConsent() && vendor()} fallback={props.mailbox === undefined ? 'Connect' : 'Save'}>
            {(named) => <>Connect with {VENDOR_WORDS[named()]}</>}
          </Show>
        </Button>
      </div>
    </form>
  );
}

function Checks(props: { checks: MailboxChecks }): JSX.Element {
  return (
    <ul class="flex flex-col gap-1 rounded-control border border-line p-3">
      <For each={props.checks}>
        {(one) => (
          <li class="flex items-baseline gap-2">
            <StateMark state={one.isOk ? 'ok' : 'critical'} label={one.isOk ? 'Fine' : 'Wrong'} />
            <span classList={{ 'text-critical-text': !one.isOk }}>{one.message}</span>
          </li>
        )}
      </For>
    </ul>
  );
}
