import type { ConsentVendor, Mailbox, MailboxInput } from './mailbox-source.ts';

/** What stands in the form: every field of every kind, so that going back and forth between kinds loses nothing. */
export interface MailboxForm {
  kind: Mailbox['kind'];
  name: string;
  address: string;
  host: string;
  port: string;
  security: 'tls' | 'starttls' | 'none';
  user: string;
  signIn: 'password' | 'microsoft' | 'google';
  grant: 'app' | 'person';
  clientId: string;
  tenant: string;
  folder: string;
  startWith: 'new' | 'all';
  action: 'leave' | 'seen' | 'move';
  moveTo: string;
  password: string;
  clientSecret: string;
  serviceKey: string;
  trustedAuthservId: string;
  defaultClientId: string;
  defaultQueue: string;
}

const EMPTY: MailboxForm = {
  kind: 'graph',
  name: '',
  address: '',
  host: '',
  port: '993',
  security: 'tls',
  user: '',
  signIn: 'password',
  grant: 'app',
  clientId: '',
  tenant: '',
  folder: '',
  startWith: 'new',
  action: 'seen',
  moveTo: '',
  password: '',
  clientSecret: '',
  serviceKey: '',
  trustedAuthservId: '',
  defaultClientId: '',
  defaultQueue: '',
};

/** The form of a mailbox, or an empty one. Secrets are never in it. */
export function formOf(mailbox: Mailbox | undefined): MailboxForm {
  if (mailbox === undefined) return { ...EMPTY };
  const { settings, name, address, kind, trustedAuthservId, defaultClientId } = mailbox;
  const form = { ...EMPTY, kind, name, address };
  form.trustedAuthservId = trustedAuthservId ?? '';
  form.defaultClientId = defaultClientId ?? '';
  form.defaultQueue = mailbox.defaultQueue ?? '';
  if (settings.kind === 'smtp') return form;
  form.action = settings.afterwards?.action ?? 'seen';
  form.moveTo = settings.afterwards?.folder ?? '';
  form.startWith = settings.startWith ?? 'new';
  form.folder = (settings.kind === 'gmail' ? settings.label : settings.folder) ?? '';
  if (settings.kind === 'imap') {
    const { host, port, security, user, signIn } = settings;
    Object.assign(form, { host, user, port: String(port ?? 993), security: security ?? 'tls' });
    form.signIn = signIn?.kind ?? 'password';
    if (signIn !== undefined && signIn.kind !== 'password') {
      form.grant = signIn.grant ?? 'app';
      form.clientId = signIn.clientId ?? '';
      if (signIn.kind === 'microsoft') form.tenant = signIn.tenant ?? '';
    }
    return form;
  }
  form.grant = settings.grant ?? 'app';
  form.clientId = settings.clientId ?? '';
  if (settings.kind === 'graph') form.tenant = settings.tenant ?? '';
  return form;
}

/** What is sent. Fields that are empty and may be are left to what the server takes then. */
export function inputOf(form: MailboxForm): MailboxInput {
  return {
    name: form.name.trim() === '' ? form.address : form.name,
    address: form.address,
    settings: settingsOf(form),
    secrets: {
      ...filled('password', form.password),
      ...filled('clientSecret', form.clientSecret),
      ...filled('serviceKey', form.serviceKey),
    },
    trustedAuthservId: form.trustedAuthservId.trim() === '' ? null : form.trustedAuthservId,
    defaultClientId: form.defaultClientId === '' ? null : form.defaultClientId,
    defaultQueue: form.defaultQueue.trim() === '' ? null : form.defaultQueue,
  };
}

function settingsOf(form: MailboxForm): MailboxInput['settings'] {
  const { kind, grant, startWith } = form;
  const afterwards = { action: form.action, folder: form.action === 'move' ? form.moveTo : null };
  const app = { grant, clientId: form.clientId, ...filled('tenant', form.tenant) };
  switch (kind) {
    case 'smtp':
      return { kind };
    case 'graph':
      return { kind, ...app, ...filled('folder', form.folder), startWith, afterwards };
    case 'gmail':
      return {
        kind,
        grant,
        ...filled('clientId', form.clientId),
        ...filled('label', form.folder),
        startWith,
        afterwards,
      };
    case 'imap':
      return {
        kind,
        host: form.host,
        port: Number(form.port),
        security: form.security,
        user: form.user.trim() === '' ? form.address : form.user,
        signIn:
          form.signIn === 'password'
            ? { kind: 'password' }
            : form.signIn === 'microsoft'
              ? { kind: 'microsoft', ...app }
              : { kind: 'google', grant, ...filled('clientId', form.clientId) },
        ...filled('folder', form.folder),
        startWith,
        afterwards,
      };
  }
}

/** Which secrets this way of signing in takes. */
export function secretsOf(form: MailboxForm): readonly ('password' | 'clientSecret' | 'serviceKey')[] {
  if (form.kind === 'smtp') return [];
  if (form.kind === 'imap' && form.signIn === 'password') return ['password'];
  if (form.grant === 'person') return ['clientSecret'];
  return isGoogle(form) ? ['serviceKey'] : ['clientSecret'];
}

/** The vendor whose consent page a person is sent to; undefined where the mailbox is read without one. */
export function consentVendorOf(form: MailboxForm): ConsentVendor | undefined {
  if (form.grant !== 'person') return undefined;
  return isGoogle(form) ? 'google' : isMicrosoft(form) ? 'microsoft' : undefined;
}

export function isGoogle(form: MailboxForm): boolean {
  return form.kind === 'gmail' || (form.kind === 'imap' && form.signIn === 'google');
}

export function isMicrosoft(form: MailboxForm): boolean {
  return form.kind === 'graph' || (form.kind === 'imap' && form.signIn === 'microsoft');
}

function filled<Name extends string>(name: Name, value: string): { [Key in Name]?: string } {
  return value.trim() === '' ? {} : ({ [name]: value } as { [Key in Name]?: string });
}
