import type { SelectOption } from '#web/ui/select/select.tsx';

/** A custom field that a list can be narrowed by. */
export interface FieldChoice {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly choices: readonly SelectOption[];
}

/** A comparison of a custom field while it is edited. */
export interface FieldDraft {
  readonly fieldId: string;
  readonly op: string;
  readonly values: readonly string[];
}

const PRESENCE: readonly SelectOption[] = [
  { value: 'is-empty', label: 'is empty' },
  { value: 'is-set', label: 'is set' },
];
const SAME: readonly SelectOption[] = [
  { value: 'is', label: 'is' },
  { value: 'is-not', label: 'is not' },
];
const WORDS: readonly SelectOption[] = [
  { value: 'has-any', label: 'has the words' },
  { value: 'has-none', label: 'has not the words' },
];

/** The operators that fit a field of a type. */
export function operatorsOf(type: string): readonly SelectOption[] {
  switch (type) {
    case 'text':
    case 'long-text':
      return [...WORDS, ...PRESENCE];
    case 'number':
      return [
        { value: 'at-least', label: 'is at least' },
        { value: 'at-most', label: 'is at most' },
        ...SAME,
        ...PRESENCE,
      ];
    case 'date':
      return [{ value: 'before', label: 'is before' }, { value: 'after', label: 'is after' }, ...SAME, ...PRESENCE];
    default:
      return [...SAME, ...PRESENCE];
  }
}

export function isPresence(op: string): boolean {
  return op === 'is-empty' || op === 'is-set';
}

/** Whether it says enough to narrow by. */
export function isFinished({ op, values }: FieldDraft): boolean {
  return isPresence(op) || values.some((value) => value.trim() !== '');
}

/** As the address and the server have it: `<field id>:at-least:10`. */
export function fieldText({ fieldId, op, values }: FieldDraft): string {
  if (isPresence(op)) return `${fieldId}:${op}`;
  const given = values.map((value) => value.trim()).filter((value) => value !== '');
  return `${fieldId}:${op}:${given.map(encodeURIComponent).join('|')}`;
}

/** The comparisons of an address; what cannot be read is left out. */
export function readFields(text: string): FieldDraft[] {
  if (text === '') return [];
  return text.split(',').flatMap((one) => {
    const [fieldId = '', op = '', ...rest] = one.split(':');
    try {
      const values = rest.length === 0 ? [] : rest.join(':').split('|').map(decodeURIComponent);
      return fieldId === '' || op === '' ? [] : [{ fieldId, op, values }];
    } catch {
      return [];
    }
  });
}
