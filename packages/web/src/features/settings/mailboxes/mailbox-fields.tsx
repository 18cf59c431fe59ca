import { For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { CopyButton } from '#web/ui/copy-button/copy-button.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select, type SelectOption } from '#web/ui/select/select.tsx';
import { Textarea } from '#web/ui/textarea/textarea.tsx';
import { consentVendorOf, isGoogle, isMicrosoft, secretsOf, type MailboxForm } from './mailbox-form.ts';
import { createRegistration } from './mailbox-source.ts';

/** What the form's parts share: its values, how one is changed, and what the server refused of them. */
export interface FormParts {
  readonly form: MailboxForm;
  readonly set: (change: Partial<MailboxForm>) => void;
  readonly error: (path: string) => string | undefined;
  /** Secrets are stored already: an empty field leaves them as they are. */
  readonly hasSecrets: boolean;
}

const SECURITY: readonly SelectOption[] = [
  { value: 'tls', label: 'TLS from the start' },
  { value: 'starttls', label: 'STARTTLS' },
  { value: 'none', label: 'None (private network only)' },
];
const SIGN_IN: readonly SelectOption[] = [
  { value: 'password', label: 'User name and password' },
  { value: 'microsoft', label: 'OAuth with Microsoft' },
  { value: 'google', label: 'OAuth with Google' },
];
const GRANTS: readonly SelectOption[] = [
  { value: 'app', label: 'The app itself' },
  { value: 'person', label: 'A person who consents' },
];
const START: readonly SelectOption[] = [
  { value: 'new', label: 'Only mail from now on' },
  { value: 'all', label: 'Also what is there' },
];
const AFTERWARDS: readonly SelectOption[] = [
  { value: 'seen', label: 'Marked as read' },
  { value: 'move', label: 'Moved to a folder' },
  { value: 'leave', label: 'Left as it is' },
];

/** One line of text that is a field of the form. */
function Line(
  props: FormParts & {
    name: keyof MailboxForm;
    path: string;
    label: string;
    hint?: string;
    type?: string;
    isRequired?: boolean;
    placeholder?: string;
  },
): JSX.Element {
  return (
    <Field label={props.label} isRequired={props.isRequired} hint={props.hint} error={props.error(props.path)}>
      {(control) => (
        <Input
          {...control}
          type={props.type ?? 'text'}
          required={props.isRequired ?? false}
          placeholder={props.placeholder}
          autocomplete="off"
          value={props.form[props.name]}
          onInput={(event) => props.set({ [props.name]: event.currentTarget.value })}
        />
      )}
    </Field>
  );
}

/** One of a few that is a field of the form. */
function Choice(
  props: FormParts & { name: keyof MailboxForm; path: string; label: string; options: readonly SelectOption[] },
): JSX.Element {
  return (
    <Field label={props.label} error={props.error(props.path)}>
      {(control) => (
        <Select
          {...control}
          options={props.options}
          value={props.form[props.name]}
          onChange={(value) => props.set({ [props.name]: value })}
        />
      )}
    </Field>
  );
}

/** Where the server is and how we sign in. */
export function ServerFields(props: FormParts): JSX.Element {
  const app = () => (props.form.kind === 'imap' ? 'settings.signIn' : 'settings');
  return (
    <>
      <Show when={props.form.kind === 'imap'}>
        <div class="grid grid-cols-[1fr_6rem_1fr] gap-3 max-md:grid-cols-1">
          <Line {...props} name="host" path="settings.host" label="Server" isRequired placeholder="imap.example.com" />
          <Line {...props} name="port" path="settings.port" label="Port" type="number" isRequired />
          <Choice {...props} name="security" path="settings.security" label="Encryption" options={SECURITY} />
        </div>
        <div class="grid grid-cols-2 gap-3 max-md:grid-cols-1">
          <Line {...props} name="user" path="settings.user" label="User name" placeholder={props.form.address} />
          <Choice {...props} name="signIn" path="settings.signIn" label="Signs in with" options={SIGN_IN} />
        </div>
      </Show>
      <Show when={isMicrosoft(props.form) || isGoogle(props.form)}>
        <div class="grid grid-cols-2 gap-3 max-md:grid-cols-1">
          <Choice {...props} name="grant" path={`${app()}.grant`} label="In the name of" options={GRANTS} />
          <Show when={isMicrosoft(props.form) || props.form.grant === 'person'}>
            <Line {...props} name="clientId" path={`${app()}.clientId`} label="The app’s client id" isRequired />
          </Show>
          <Show when={isMicrosoft(props.form)}>
            <Line {...props} name="tenant" path={`${app()}.tenant`} label="Tenant id or domain" isRequired />
          </Show>
        </div>
      </Show>
      <Show when={consentVendorOf(props.form)}>
        <RedirectAddress />
      </Show>
      <For each={secretsOf(props.form)}>{(name) => <Secret {...props} name={name} />}</For>
    </>
  );
}

/** What the app must have registered at the vendor, to be copied there. */
function RedirectAddress(): JSX.Element {
  const registration = createRegistration();
  return (
    <Field label="Redirect address of the app">
      {(control) => (
        <div class="flex gap-2">
          <Input {...control} readOnly value={registration.value()?.redirectUri ?? ''} />
          <CopyButton text={registration.value()?.redirectUri ?? ''} />
        </div>
      )}
    </Field>
  );
}

const SECRETS = {
  password: 'Password or app password',
  clientSecret: 'The app’s client secret',
  serviceKey: 'Key file of the service account (JSON)',
} as const;

function Secret(props: FormParts & { name: keyof typeof SECRETS }): JSX.Element {
  const hint = () => (props.hasSecrets ? 'Stored, and never shown. Leave it empty to keep it.' : undefined);
  return (
    <Field
      label={SECRETS[props.name]}
      isRequired={!props.hasSecrets}
      hint={hint()}
      error={props.error(`secrets.${props.name}`)}
    >
      {(control) => (
        <Switch>
          <Match when={props.name === 'serviceKey'}>
            <Textarea
              {...control}
              rows={4}
              autocomplete="off"
              value={props.form.serviceKey}
              onInput={(event) => props.set({ serviceKey: event.currentTarget.value })}
            />
          </Match>
          <Match when={props.name !== 'serviceKey'}>
            <Input
              {...control}
              type="password"
              autocomplete="new-password"
              value={props.form[props.name]}
              onInput={(event) => props.set({ [props.name]: event.currentTarget.value })}
            />
          </Match>
        </Switch>
      )}
    </Field>
  );
}

/** Which mails count, and what is done with them at the vendor's. */
export function ReadingFields(props: FormParts): JSX.Element {
  const isGmail = () => props.form.kind === 'gmail';
  return (
    <Show when={props.form.kind !== 'smtp'}>
      <div class="grid grid-cols-2 gap-3 max-md:grid-cols-1">
        <Line
          {...props}
          name="folder"
          path={isGmail() ? 'settings.label' : 'settings.folder'}
          label={isGmail() ? 'Label (its id)' : 'Folder'}
          placeholder={props.form.kind === 'graph' ? 'inbox' : 'INBOX'}
        />
        <Choice {...props} name="startWith" path="settings.startWith" label="Begin with" options={START} />
        <Choice
          {...props}
          name="action"
          path="settings.afterwards.action"
          label="Once it is safe here, mail is"
          options={AFTERWARDS}
        />
        <Show when={props.form.action === 'move'}>
          <Line
            {...props}
            name="moveTo"
            path="settings.afterwards.folder"
            label={isGmail() ? 'To the label (its id)' : 'To the folder'}
            isRequired
          />
        </Show>
      </div>
    </Show>
  );
}

/** Whose checks of senders are believed, and whose a mail is where nothing tells. */
export function TrustFields(props: FormParts & { clients: readonly SelectOption[] }): JSX.Element {
  return (
    <div class="grid grid-cols-2 gap-3 max-md:grid-cols-1">
      <Line
        {...props}
        name="trustedAuthservId"
        path="trustedAuthservId"
        label="Trusted mail server"
        placeholder="mx.example.com"
        hint="As it names itself in Authentication-Results. Empty: no sender counts as checked."
      />
      <Choice
        {...props}
        name="defaultClientId"
        path="defaultClientId"
        label="Mail of unknown senders is of"
        options={[{ value: '', label: 'Nobody: it goes to quarantine' }, ...props.clients]}
      />
      <Line
        {...props}
        name="defaultQueue"
        path="defaultQueue"
        label="New tickets go to the queue"
        hint="Its name. Empty: to none."
      />
    </div>
  );
}
