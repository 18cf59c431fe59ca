/** What a field can hold. */
export const FIELD_TYPES = [
  { value: 'text', label: 'Text' },
  { value: 'long-text', label: 'Long text' },
  { value: 'number', label: 'Number' },
  { value: 'date', label: 'Date' },
  { value: 'choice', label: 'One choice' },
  { value: 'multi-choice', label: 'Several choices' },
  { value: 'checkbox', label: 'Yes or no' },
  { value: 'contact', label: 'Contact' },
  { value: 'asset', label: 'Asset' },
] as const;
export type FieldType = (typeof FIELD_TYPES)[number]['value'];
