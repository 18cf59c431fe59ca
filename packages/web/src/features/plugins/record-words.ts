import type { PluginRecord } from './plugin-words.ts';

/** What people look for first; the rest follows by name. */
const FIRST = ['device', 'user', 'group', 'licence', 'mailbox', 'cloudResource', 'cost', 'finding', 'alert'];

/** Types of records in the order in which people look for them. */
export function byInterest<Count extends { readonly entity: string }>(counts: readonly Count[]): Count[] {
  const place = ({ entity }: Count): number => (FIRST.includes(entity) ? FIRST.indexOf(entity) : FIRST.length);
  return counts.toSorted((a, b) => place(a) - place(b) || (a.entity < b.entity ? -1 : 1));
}

const ABBREVIATIONS = /\b(?:ip|mac|mfa|os|url|uuid|cpu|id)\b/g;

/** `lastSeenAt` as "Last seen at", `osName` as "OS name", `x:acme/probe` as it is. */
function fieldWords(key: string): string {
  if (key.includes(':')) return key;
  const words = key
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replaceAll(ABBREVIATIONS, (word) => word.toUpperCase());
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What a record says, field by field, without those that say nothing. */
export function recordFields(record: Pick<PluginRecord, 'data' | 'observed'>): { term: string; text: string }[] {
  return Object.entries({ ...record.data, ...record.observed })
    .filter(([, value]) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0))
    .map(([key, value]) => ({ term: fieldWords(key), text: valueWords(value) }));
}

/** The few fields that say most, by what the record has. */
export function gistOf(record: Pick<PluginRecord, 'entity' | 'data'>): string {
  const { data } = record;
  const said = (key: string): string => (data[key] === undefined || data[key] === null ? '?' : valueWords(data[key]));
  if (record.entity === 'licence') return `${said('assigned')} of ${said('total')} assigned`;
  if (record.entity === 'cost') return `${said('billedCost')} ${said('billingCurrency')}`;
  return ['state', 'severity', 'loginName', 'model', 'osName', 'value', 'type', 'version']
    .map((key) => data[key])
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .join(', ');
}

function valueWords(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value.map(String).join(', ');
  return JSON.stringify(value) ?? '';
}
