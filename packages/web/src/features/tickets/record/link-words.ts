import type { TicketDetail } from '../ticket-words.ts';

type LinkKind = TicketDetail['links'][number]['kind'];

/** How two tickets can hang together, as the dialog says it of this one. */
export const LINK_CHOICES = [
  { value: 'related', label: 'is related to', kind: 'related', isFromOther: false },
  { value: 'child', label: 'is a child of', kind: 'child-of', isFromOther: false },
  { value: 'parent', label: 'is the parent of', kind: 'child-of', isFromOther: true },
  { value: 'caused', label: 'is caused by', kind: 'caused-by', isFromOther: false },
  { value: 'cause', label: 'is the problem behind', kind: 'caused-by', isFromOther: true },
  { value: 'duplicate', label: 'is a duplicate of', kind: 'duplicate-of', isFromOther: false },
] as const;

const FROM: Readonly<Record<LinkKind, string>> = {
  related: 'Related',
  'child-of': 'Parent',
  'caused-by': 'Caused by',
  'duplicate-of': 'Duplicate of',
  'split-from': 'Split off from',
};
const TO: Readonly<Record<LinkKind, string>> = {
  related: 'Related',
  'child-of': 'Child',
  'caused-by': 'Incident',
  'duplicate-of': 'Has the duplicate',
  'split-from': 'Was split off',
};

/** What the far ticket is to this one. */
export function linkTitle(link: { kind: LinkKind; direction: 'from' | 'to' }): string {
  return (link.direction === 'from' ? FROM : TO)[link.kind];
}
