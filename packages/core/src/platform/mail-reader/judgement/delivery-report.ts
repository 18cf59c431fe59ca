import { readHeaderSection, type HeaderFields } from '../header/header-fields.ts';
import type { BounceRecipient } from '../mail-reading.ts';
import { ReadingNotes } from '../reading-notes.ts';

const MAX_RECIPIENTS = 1000;

/** What RFC 3464 reports say of each recipient; those that were delivered, relayed or expanded are counted apart. */
export interface DeliveryReport {
  readonly recipients: readonly BounceRecipient[];
  readonly delivered: number;
}

/** Reads the text of `message/delivery-status` parts: groups of fields, the first of which is about the mail and each other one about a recipient. */
export function readDeliveryReport(texts: readonly string[]): DeliveryReport {
  const groups = texts.flatMap((text) => text.split(/\r?\n[ \t]*\r?\n/)).slice(0, MAX_RECIPIENTS + texts.length);
  const recipients: BounceRecipient[] = [];
  let delivered = 0;
  for (const group of groups) {
    const bytes = Buffer.from(group.trim(), 'utf8');
    const { fields } = readHeaderSection(bytes, 0, bytes.length, new ReadingNotes());
    if (!fields.has('final-recipient') && !fields.has('original-recipient') && !fields.has('action')) continue;
    const action = actionOf(fields);
    if (action === null) delivered += 1;
    else
      recipients.push({
        finalRecipient: afterType(fields.get('final-recipient') ?? fields.get('original-recipient')),
        action,
        status: statusIn(fields.get('status') ?? ''),
        diagnostic: afterType(fields.get('diagnostic-code')),
      });
  }
  return { recipients, delivered };
}

/** `5.1.1` in a server's answer; null where it has none. */
export function statusIn(text: string): string | null {
  return /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(text)?.[0] ?? null;
}

/** Null where the recipient has it. Some servers leave the action out or make up one; the status then tells. */
function actionOf(fields: HeaderFields): 'failed' | 'delayed' | null {
  const action = /^[a-z]+/i.exec(fields.get('action') ?? '')?.[0].toLowerCase();
  if (action === 'failed' || action === 'delayed') return action;
  if (action === 'delivered' || action === 'relayed' || action === 'expanded') return null;
  const status = statusIn(fields.get('status') ?? '') ?? '5';
  return status.startsWith('2') ? null : status.startsWith('4') ? 'delayed' : 'failed';
}

/** `rfc822; jo@hartley.example` without its type. */
function afterType(value: string | undefined): string | null {
  const text =
    value
      ?.replace(/^\s*[a-z0-9-]{1,30}\s*;/i, '')
      .replaceAll(/\s+/g, ' ')
      .trim() ?? '';
  const plain = /^<[^<>]+>$/.test(text) ? text.slice(1, -1) : text;
  return plain === '' ? null : plain.slice(0, 1000).toWellFormed();
}
