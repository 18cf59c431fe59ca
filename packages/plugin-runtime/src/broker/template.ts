import { ConfigInvalid, NotSupported, type BoundScope, type Json, type Template } from '@bailiwick/sdk';

/** What the places of a template stand for. */
export interface Values {
  readonly config: Readonly<Record<string, Json>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly scope: Pick<BoundScope, 'id'> | null;
  /** Only where a token is placed. */
  readonly token?: string;
}

const place = /\{(config\.[A-Za-z0-9_]+|secret\.[A-Za-z0-9_]+|scope\.id|token)\}/g;

/**
 * Fills a template for a place where any text may stand: a JSON string, a form field, a password.
 *
 * @throws ConfigInvalid where a field has no value, NotSupported where the call has no scope
 */
export function fill(template: Template, values: Values): string {
  return template.replace(place, (_, name: string) => valueOf(name, values));
}

/** Fills a header. @throws ConfigInvalid where a value would break out of its line */
export function fillHeader(template: Template, values: Values): string {
  return template.replace(place, (_, name: string) => {
    const value = valueOf(name, values);
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value))
      throw new ConfigInvalid(
        fieldOf(name),
        'The value may not hold line breaks or other signs that a header cannot carry.',
      );
    return value;
  });
}

/**
 * Fills an address. A place at the very start stands for a whole http address; every other value is encoded, so that it cannot leave its segment.
 *
 * @throws ConfigInvalid where a value is no address, or would climb out of its path
 */
export function fillUrl(template: Template, values: Values): string {
  return template.replace(place, (_, name: string, at: number) => {
    const value = valueOf(name, values);
    if (at === 0) return startOf(value, fieldOf(name), template.slice(name.length + 2));
    if (value === '.' || value === '..') throw new ConfigInvalid(fieldOf(name), 'The value may not be a dot or two.');
    return encodeURIComponent(value);
  });
}

/** Fills every text inside a JSON value; keys stay as they are. */
export function fillJson(value: unknown, values: Values): unknown {
  if (typeof value === 'string') return fill(value, values);
  if (Array.isArray(value)) return value.map((entry) => fillJson(entry, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, fillJson(entry, values)]));
}

/** Whether a template puts something secret in. */
export function isSecret(template: Template): boolean {
  return template.includes('{secret.') || template.includes('{token}');
}

function startOf(value: string, field: string, rest: string): string {
  const url = URL.parse(value.includes('://') ? value : `https://${value}`);
  if (
    url === null ||
    (url.protocol !== 'https:' && url.protocol !== 'http:') ||
    url.username !== '' ||
    url.password !== ''
  )
    throw new ConfigInvalid(field, 'The value must be an http or https address without a user name.');
  const start = `${url.origin}${url.pathname}`;
  return rest.startsWith('/') ? start.replace(/\/+$/, '') : start;
}

function valueOf(name: string, values: Values): string {
  if (name === 'token') return values.token ?? missing('token');
  if (name === 'scope.id') {
    if (values.scope !== null) return values.scope.id;
    throw new NotSupported('The credential is made for each scope, and this call is on the whole connection.');
  }
  const field = fieldOf(name);
  const from: Readonly<Record<string, Json>> = name.startsWith('secret.') ? values.secrets : values.config;
  const value = Object.hasOwn(from, field) ? from[field] : undefined;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  return missing(field);
}

function missing(field: string): never {
  throw new ConfigInvalid(field, `The field "${field}" has no value.`);
}

function fieldOf(name: string): string {
  return name.slice(name.indexOf('.') + 1);
}
