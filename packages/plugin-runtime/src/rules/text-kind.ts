import type { TextField } from '@bailiwick/sdk';
import { isStorableInstant } from './storable.ts';

/** What each kind of text must be, as a person reads it after the field's name. */
export const textKindInWords: Readonly<Record<TextField['kind'], string>> = {
  text: 'must be one line',
  multiline: 'must be a text',
  secret: 'must be a text',
  url: 'must be an http or https address without a user name or password',
  decimal: 'must be a number in digits, such as -12.50',
  instant: 'must be a time with its offset, such as 2026-03-01T12:00:00Z',
  date: 'must be a day, such as 2026-03-01',
};

export function isTextOfKind(kind: TextField['kind'], value: string): boolean {
  switch (kind) {
    case 'text':
      return !/[\r\n]/.test(value);
    case 'multiline':
    case 'secret':
      return true;
    case 'url':
      return isWebAddress(value);
    case 'decimal':
      return /^-?\d{1,30}(?:\.\d{1,20})?$/.test(value);
    case 'instant':
      return isInstant(value);
    case 'date':
      return isDate(value);
  }
}

function isWebAddress(value: string): boolean {
  if (/\s/.test(value)) return false;
  const url = URL.parse(value);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return false;
  return url.username === '' && url.password === '';
}

function isInstant(value: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/.test(value)) return false;
  return isStorableInstant(value);
}

function isDate(value: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(value) || value.startsWith('0000')) return false;
  try {
    Temporal.PlainDate.from(value, { overflow: 'reject' });
    return true;
  } catch {
    return false;
  }
}
