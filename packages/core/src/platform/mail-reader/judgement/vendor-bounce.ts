import { statusIn } from './delivery-report.ts';
import type { HeaderFields } from '../header/header-fields.ts';
import type { BounceRecipient } from '../mail-reading.ts';
import { readMessageIds } from '../header/message-ids.ts';

/** A bounce that is told in words only. */
export interface VendorBounce {
  readonly vendor: string;
  readonly recipients: readonly BounceRecipient[];
  readonly originalMessageId: string | null;
}

interface Bounced {
  readonly fields: HeaderFields;
  readonly subject: string;
  readonly text: string;
  /** True where a server's own address or an empty return path sent it; a person who quotes a bounce is no server. */
  readonly isFromServer: boolean;
}

const ADDRESS = '[^\\s<>()"\',;:]{1,128}@[^\\s<>()"\',;:]{1,200}';

/** By what each program's own words are known, and where in them the recipient stands and the reason. */
const VENDORS: readonly { vendor: string; says: RegExp; recipient?: RegExp }[] = [
  {
    vendor: 'qmail',
    says: /This is the qmail-send program at|Hi\. The MTA program at/,
    recipient: new RegExp(`^<(${ADDRESS})>:\\n((?:.+\\n?){1,10})`, 'm'),
  },
  {
    vendor: 'Postfix',
    says: /This is the (?:mail system|Postfix program) at host/,
    recipient: new RegExp(`^<(${ADDRESS})>(?: \\([^)]{0,200}\\))?: ((?:.+\\n?){1,10})`, 'm'),
  },
  {
    vendor: 'Exim',
    says: /This message was created automatically by mail delivery software/,
    recipient: new RegExp(`^ {2}(${ADDRESS})\\n((?: +.+\\n?){1,10})`, 'm'),
  },
  {
    vendor: 'Sendmail',
    says: /The following addresses had (?:permanent fatal errors|transient non-fatal errors|delivery problems)/,
    recipient: new RegExp(`^<?(${ADDRESS})>?\\n((?: +.+\\n?){0,10})`, 'm'),
  },
  {
    vendor: 'Exchange',
    says: /did not reach (?:some or all of the intended|the following) recipients?|Delivery has failed to these recipients or|konnte (?:einige|den folgenden) Empfänger nicht erreich|n'a pas été remis|No se puede entregar a estos destinatarios/i,
  },
  {
    vendor: 'Domino',
    says: /was not delivered to:\s/i,
    recipient: new RegExp(`not delivered to:\\s{0,20}(${ADDRESS})\\s{0,20}because:\\s{0,20}(.{0,300})`),
  },
  { vendor: 'GroupWise', says: /had the following undeliverable recipient/i },
  {
    vendor: 'MDaemon',
    says: /MDaemon[^\n]{0,100}(?:could not|unable)|The following recipient\(s\) could not be reached/i,
  },
  { vendor: 'Yahoo', says: /Sorry, we were unable to deliver your message/i },
  {
    vendor: 'Gmail',
    says: /Delivery to the following recipients? (?:failed|has been delayed)|Your message wasn't delivered to|Address not found/i,
  },
  { vendor: 'Mimecast', says: /could not be delivered to one or more recipients/i },
];
const UNDELIVERED =
  /undeliver(?:ed|able)|delivery (?:status|failure|has failed|notification)|failure notice|returned (?:mail|to sender)|mail delivery (?:failed|failure|system|problem)|message delayed|non remis|échec de la remise|unzustellbar|nicht zustellbar|no se puede entregar|no entregado/i;
const DELAYED =
  /delayed|has not (?:yet )?been delivered|will (?:be )?(?:retr|keep trying)|transient non-fatal|warning: /i;
const COPY =
  /-{2,} ?(?:Below this line is a copy of the message|This is a copy of the message|Original message|The original message|Returned message)/i;

/** Recognises a bounce without RFC 3464 by its sender together with its words; null for anything else. */
export function readVendorBounce(mail: Bounced): VendorBounce | null {
  const failed = mail.fields.get('x-failed-recipients');
  if (failed === undefined && !mail.isFromServer) return null;
  const text = mail.text.slice(0, 20_000);
  const rule = VENDORS.find(({ says }) => says.test(text));
  if (failed === undefined && rule === undefined && !UNDELIVERED.test(mail.subject)) return null;
  const copyAt = COPY.exec(text)?.index ?? text.length;
  const told = text.slice(0, copyAt);
  const [, named, reason] = rule?.recipient?.exec(told) ?? [];
  const diagnostic = (reason ?? smtpAnswer(told))?.replaceAll(/\s+/g, ' ').trim() ?? null;
  const addresses = failed?.match(new RegExp(ADDRESS, 'g'))?.slice(0, 1000) ?? [
    named ?? new RegExp(ADDRESS).exec(told)?.[0] ?? null,
  ];
  return {
    vendor: rule?.vendor ?? (failed === undefined ? 'a mail server' : 'Exim'),
    recipients: addresses.map((finalRecipient) => ({
      finalRecipient,
      action: DELAYED.test(`${mail.subject}\n${told}`) ? 'delayed' : 'failed',
      status: statusIn(diagnostic ?? told),
      diagnostic: diagnostic === null || diagnostic === '' ? null : diagnostic.slice(0, 1000),
    })),
    originalMessageId: readMessageIds([/^Message-ID:(.{1,998})$/im.exec(text.slice(copyAt))?.[1] ?? ''])[0] ?? null,
  };
}

/** The line with a server's answer, `550 5.1.1 …`. */
function smtpAnswer(text: string): string | undefined {
  return /(?:^|[\s:#<])((?:[45]\d\d[ -]|#?[45]\.\d{1,3}\.\d{1,3}\b).{0,300})/m.exec(text)?.[1];
}
