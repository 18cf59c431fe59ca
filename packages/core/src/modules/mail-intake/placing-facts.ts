import type { InboundMail } from '#modules/mail-inbox';
import type { TenancyTables } from '#modules/tenancy';
import type { TicketTables } from '#modules/tickets';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import type { MailContent } from '#platform/mail-reader/mail-content';
import { MAIL_LIMITS } from '#platform/mail-reader/mail-limits';
import type { KeyRing } from '#platform/secrets/key-ring';
import type { PlacingFacts, TicketClaim } from './decide-placing.ts';
import type { KnownMail, KnownMails } from './known-mail-queries.ts';
import type { MailIntakeTables } from './mail-intake-table.ts';
import {
  archivedOf,
  clientsOfDomain,
  contactsOf,
  ownAddresses,
  survivorsOf,
  ticketsByNumber,
  watchedBy,
  type TicketFound,
  type TicketKey,
} from './placing-queries.ts';
import { isReplyTokenOf, writtenToken, type WrittenToken } from './reply-token.ts';
import { judgeSender, NAMELESS_SERVER } from './sender-authentication.ts';

const MAX_TOKENS = 20;
const OUT_OF_OFFICE =
  /^(?:automatic reply|auto(?:matic)?[- ]reply|out of (?:the )?office|automatische antwort|abwesenheit|réponse automatique|absence du bureau|respuesta automática|fuera de (?:la )?oficina)/iu;

type Tx = ScopedTransaction<MailIntakeTables & TicketTables & TenancyTables>;

/** Looks up what the placing of a mail depends on. */
export class PlacingFactsReader {
  readonly #key: Buffer;
  readonly #known: KnownMails;
  readonly #from: string;

  constructor(deps: { ring: KeyRing; known: KnownMails; from: string }) {
    this.#key = deps.ring.derive('mail reply token');
    this.#known = deps.known;
    this.#from = deps.from.toLowerCase();
  }

  /** The key of reply tokens. */
  get tokenKey(): Buffer {
    return this.#key;
  }

  async read(within: AnyTransaction, mail: InboundMail, content: MailContent): Promise<PlacingFacts> {
    const tx = within.typed<MailIntakeTables & TicketTables & TenancyTables>();
    const { reading, fields } = content;
    const sender = reading.from?.address.toLowerCase() ?? null;
    const domain = sender?.split('@').at(-1) ?? null;
    // What needs nothing of each other leaves together.
    const [known, byNumber, contacts, own] = await Promise.all([
      this.#known.of(tx, idsOf(content)),
      ticketsByNumber(tx, numbersOf(content, mail)),
      sender === null ? [] : contactsOf(tx, sender),
      sender === null ? new Set<string>() : ownAddresses(tx),
    ]);
    const isUnknown = contacts.length === 0;
    const [tickets, domainClients] = await Promise.all([
      this.#ticketsOf(tx, content, mail, known, byNumber),
      isUnknown && domain !== null && sender !== null ? clientsOfDomain(tx, domain, sender) : [],
    ]);
    const claimed = [...new Set(tickets.claims.map(({ ticketId }) => ticketId))];
    const bounced = reading.isBounce
      ? known.find((one) => one.messageId === reading.bounce?.originalMessageId && one.direction === 'out')
      : undefined;
    const mailboxClient = mail.mailbox.defaultClientId;
    const all = [
      ...contacts.map((one) => one.clientId),
      ...domainClients,
      ...tickets.claims.map((one) => one.clientId),
      ...(mailboxClient === null ? [] : [mailboxClient]),
    ];
    const [watched, recent, archived] = await Promise.all([
      sender === null ? new Set<string>() : watchedBy(tx, sender, claimed),
      sender === null ? new Map<string, number>() : this.#known.recent(tx, sender, claimed, mail.receivedAt),
      archivedOf(tx, all),
    ]);
    return {
      sender,
      verdict: judgeSender(fields.all('authentication-results'), trustedServerOf(mail), domain),
      isOurs: known.some((one) => one.direction === 'out' && one.messageId === reading.messageId),
      isFromOwnAddress: sender !== null && (own.has(sender) || sender === this.#from),
      isAutomatic: reading.isAutoReply,
      isAutomaticAnswer: reading.isAutoReply && isAnswer(content),
      isBounce: reading.isBounce,
      isTooLarge: mail.raw.byteLength > MAIL_LIMITS.mailBytes,
      bounced: bounced ?? (reading.isBounce ? (tickets.claims.find(({ by }) => by === 'token') ?? null) : null),
      claims: tickets.claims,
      falseToken: tickets.falseToken,
      contacts,
      domainClients,
      mailboxClient,
      archived,
      isMailedWatcher: (ticketId) => watched.has(ticketId),
      recentOnTicket: (ticketId) => recent.get(ticketId) ?? 0,
    };
  }

  async #ticketsOf(
    tx: Tx,
    content: MailContent,
    mail: InboundMail,
    known: readonly KnownMail[],
    byNumber: ReadonlyMap<number, TicketFound>,
  ): Promise<{ claims: TicketClaim[]; falseToken: TicketKey | null }> {
    const { threadKeys } = content.reading;
    const tokens = tokensOf(content, mail);
    const tag = tagOf(content);
    const claims: TicketClaim[] = [];
    let falseToken: TicketKey | null = null;
    for (const { number, text } of tokens) {
      const ticket = byNumber.get(number);
      if (ticket === undefined) continue;
      if (isReplyTokenOf(this.#key, tx.scope.mspId, { id: ticket.originalId, number }, text))
        claims.push({ ...ticket.now, by: 'token' });
      else falseToken ??= ticket.now;
    }
    for (const [by, ids] of [
      ['in-reply-to', threadKeys.inReplyTo === null ? [] : [threadKeys.inReplyTo]],
      ['references', threadKeys.references.toReversed()],
    ] as const)
      for (const id of ids) {
        const one = known.find(({ messageId }) => messageId === id);
        if (one !== undefined) claims.push({ by, ticketId: one.ticketId, number: one.number, clientId: one.clientId });
      }
    const tagged = tag === null ? undefined : byNumber.get(tag);
    // Other programs number their own tickets in the same way, so a bare number counts only beside the subject of ours.
    if (tagged !== undefined && isTagOf(content.reading.subject ?? '', tagged))
      claims.push({ ...tagged.now, by: 'tag' });
    const survivors = await survivorsOf(
      tx,
      claims.map(({ ticketId }) => ticketId),
    );
    return { claims: claims.map((claim) => ({ ...claim, ...survivors.get(claim.ticketId) })), falseToken };
  }
}

/** All that may be known of before: the mail's own id, those that it answers, the one that came back. */
function idsOf({ reading }: MailContent): string[] {
  const { inReplyTo, references } = reading.threadKeys;
  return [reading.messageId, inReplyTo, ...references, reading.bounce?.originalMessageId].filter(
    (id) => id !== null && id !== undefined,
  );
}

function tokensOf({ reading }: MailContent, mail: InboundMail): WrittenToken[] {
  const { replyToken, inReplyTo, references } = reading.threadKeys;
  const envelope = mail.envelope?.to.map((address) => /\+([^@+]+)@/.exec(address)?.[1] ?? '') ?? [];
  const written = [
    ...envelope,
    replyToken ?? '',
    inReplyTo ?? '',
    ...references.toReversed(),
    reading.bounce?.originalMessageId ?? '',
  ]
    .map(writtenToken)
    .filter((token) => token !== null);
  return [...new Map(written.map((token) => [token.text, token])).values()].slice(0, MAX_TOKENS);
}

function tagOf({ reading }: MailContent): number | null {
  const { subjectTag } = reading.threadKeys;
  return subjectTag === null ? null : Number(subjectTag);
}

/** All numbers of tickets that the mail names, whatever that proves. */
function numbersOf(content: MailContent, mail: InboundMail): number[] {
  const tag = tagOf(content);
  return [...tokensOf(content, mail).map(({ number }) => number), ...(tag === null ? [] : [tag])];
}

function isTagOf(subject: string, ticket: TicketFound): boolean {
  if (/\[\s*T-\d+\s*\]/.test(subject)) return true;
  return ticket.subject !== '' && subject.toLowerCase().includes(ticket.subject.toLowerCase());
}

/** RFC 3834 §3: an answer by a program says so; what else it sends tells something new. */
function isAnswer({ reading, fields }: MailContent): boolean {
  const submitted = (fields.get('auto-submitted') ?? '').trim().toLowerCase();
  if (submitted.startsWith('auto-generated')) return false;
  return (
    submitted.startsWith('auto-replied') ||
    /^auto_reply/i.test(fields.get('precedence') ?? '') ||
    ['x-autoreply', 'x-autorespond', 'x-autoresponse', 'x-vacation'].some((name) => fields.has(name)) ||
    OUT_OF_OFFICE.test(reading.subject ?? '')
  );
}

function trustedServerOf({ mailbox }: InboundMail): string | null {
  if (mailbox.trustedAuthservId !== null) return mailbox.trustedAuthservId;
  if (mailbox.kind === 'gmail') return 'mx.google.com';
  return mailbox.kind === 'graph' ? NAMELESS_SERVER : null;
}
