import type { ScopeHints } from '@bailiwick/sdk';
import { isUuid, type ClientId } from '#kernel/id';
import { usableEvidence } from '#modules/assets';

/** What tells one company from all others. */
export const KEY_KINDS = ['tenant-id', 'domain', 'tax-id', 'customer-number'] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** What a vendor told of a scope, normalised so that equal means the same. `namespace` is where a value is unique: everywhere, where it is empty. */
export interface Hint {
  readonly kind: KeyKind | 'device-serial' | 'email';
  readonly namespace: string;
  readonly value: string;
}

/** Why a scope is thought to be a client's. Strongest first: a connection's owner, keys, devices, people, names. */
export interface Evidence {
  readonly clientId: ClientId;
  readonly kind: 'owner' | KeyKind | 'device-serial' | 'email' | 'name';
  /** A sentence for people: `The domain hartley.example is this client's.` */
  readonly detail: string;
}

/** Domains where anybody may have a mailbox: they tell no company from another. */
const PUBLIC_MAIL_DOMAINS: ReadonlySet<string> = new Set([
  'aol.com',
  'btinternet.com',
  'gmail.com',
  'gmx.com',
  'gmx.de',
  'gmx.net',
  'googlemail.com',
  'hotmail.com',
  'icloud.com',
  'live.com',
  'mail.com',
  'mail.ru',
  'me.com',
  'msn.com',
  'onmicrosoft.com',
  'orange.fr',
  'outlook.com',
  'proton.me',
  'protonmail.com',
  't-online.de',
  'web.de',
  'yahoo.co.uk',
  'yahoo.com',
  'zoho.com',
]);

const DOMAIN = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/;

/** Shorter tenant ids are counters that every server of a vendor begins at one: they say something within their own connection only. */
const GLOBAL_TENANT_ID_LENGTH = 9;

/** Where hints come from: keys that are not unique in the world are unique there. */
export interface HintSource {
  /** The plugin's name, `publisher/name`. */
  readonly plugin: string;
  readonly connectionId: string;
}

/** A key in its one form, or null where it tells nobody apart: a public mail domain, a number too short. */
export function toKey(kind: KeyKind, value: string, source: HintSource): Hint | null {
  const text = value.trim();
  switch (kind) {
    case 'tenant-id':
      if (text === '') return null;
      if (isUuid(text)) return { kind, namespace: '', value: text.toLowerCase() };
      return {
        kind,
        namespace: text.length >= GLOBAL_TENANT_ID_LENGTH ? source.plugin : source.connectionId,
        value: text,
      };
    case 'domain':
      return toDomain(text);
    case 'tax-id': {
      const plain = text.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
      return plain.length < 6 || /^0+$/.test(plain) ? null : { kind, namespace: '', value: plain };
    }
    case 'customer-number':
      // Two servers of one vendor both have a customer 1001.
      return text === '' ? null : { kind, namespace: source.connectionId, value: text };
  }
}

function toDomain(text: string): Hint | null {
  const domain = text.toLowerCase().replace(/^.*@/, '').replace(/\.$/, '');
  if (!DOMAIN.test(domain) || PUBLIC_MAIL_DOMAINS.has(domain)) return null;
  return { kind: 'domain', namespace: '', value: domain };
}

/** What a scope's hints say, each once; placeholders and what nobody could compare are left out. */
export function toHints(hints: ScopeHints | undefined, source: HintSource): Hint[] {
  if (hints === undefined) return [];
  const keys = [
    ...(hints.tenantId === undefined ? [] : [toKey('tenant-id', hints.tenantId, source)]),
    ...(hints.domains ?? []).map((domain) => toKey('domain', domain, source)),
    ...(hints.taxId === undefined ? [] : [toKey('tax-id', hints.taxId, source)]),
    ...(hints.customerNumber === undefined ? [] : [toKey('customer-number', hints.customerNumber, source)]),
  ].filter((key) => key !== null);
  const serials = (hints.deviceSerials ?? []).flatMap((serialNumber): Hint[] =>
    usableEvidence('', { serialNumber }).map(({ value }) => ({ kind: 'device-serial', namespace: '', value })),
  );
  const emails = (hints.emails ?? []).map((email): Hint => ({
    kind: 'email',
    namespace: '',
    value: email.trim().toLowerCase(),
  }));
  const all = [...keys, ...serials, ...emails];
  return [...new Map(all.map((hint) => [keyOf(hint), hint])).values()];
}

/** A hint as the key of a map. */
export function keyOf(hint: Hint): string {
  return `${hint.kind} ${hint.namespace} ${hint.value}`;
}

/** Whether a hint tells a company from all others. */
export function isKey(hint: Hint): hint is Hint & { readonly kind: KeyKind } {
  return hint.kind !== 'device-serial' && hint.kind !== 'email';
}
