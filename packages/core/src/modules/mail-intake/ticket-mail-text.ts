import { escapeHtml, htmlOfText } from '#platform/rich-text/rich-text';

/** What was said before, for the reader who has lost the thread. */
export interface QuotedWords {
  readonly name: string;
  /** In the MSP's time zone. */
  readonly at: Temporal.ZonedDateTime;
  readonly text: string;
}

/** A link that a reader may follow, such as to rate the work. */
export interface MailLink {
  readonly label: string;
  readonly url: string;
}

/** What a mail of a ticket says. */
export interface TicketMailWords {
  readonly number: number;
  readonly mspName: string;
  /** Text and HTML of what is said now. */
  readonly text: string;
  readonly html: string | null;
  /** Who says it; null where the desk itself does. */
  readonly author: string | null;
  /** How it can be answered. */
  readonly closing: string;
  readonly links: readonly MailLink[];
  /** Files that are too large to travel along. */
  readonly leftOut: readonly string[];
  readonly quoted: QuotedWords | null;
}

const MAX_QUOTE = 5000;

/** Text and HTML of a mail, which say the same. */
export function ticketMailBodies(words: TicketMailWords): { text: string; html: string } {
  const foot = [
    words.closing,
    ...(words.leftOut.length === 0
      ? []
      : [`Too large for a mail, and kept with the ticket: ${words.leftOut.join(', ')}`]),
  ];
  const signature = words.author === null ? [words.mspName] : [words.author, words.mspName];
  const quote =
    words.quoted === null
      ? null
      : { head: headOf(words.quoted), text: words.quoted.text.slice(0, MAX_QUOTE).toWellFormed() };
  return { text: asText(words, signature, foot, quote), html: asHtml(words, signature, foot, quote) };
}

/** `Re: [T-1042] Printer on fire`: programs that thread by subject leave out what stands before it. */
export function ticketMailSubject(ticket: { number: number; subject: string }, isAnswer: boolean): string {
  const plain = ticket.subject
    .replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]+/gu, ' ')
    .replace(/^(?:\s*(?:re|aw|sv|rép|ref)\s*:)+\s*/iu, '');
  return `${isAnswer ? 'Re: ' : ''}[T-${ticket.number}] ${plain}`.slice(0, 300).toWellFormed();
}

interface Quote {
  readonly head: string;
  readonly text: string;
}

function asText(
  words: TicketMailWords,
  signature: readonly string[],
  foot: readonly string[],
  quote: Quote | null,
): string {
  const links = words.links.map(({ label, url }) => `${label}: ${url}`);
  const quoted =
    quote === null
      ? []
      : [
          `${quote.head}\n${quote.text
            .split('\n')
            .map((line) => (line === '' ? '>' : `> ${line}`))
            .join('\n')}`,
        ];
  return `${[words.text, signature.join('\n'), ...links, foot.join('\n'), ...quoted].join('\n\n')}\n`;
}

function asHtml(
  words: TicketMailWords,
  signature: readonly string[],
  foot: readonly string[],
  quote: Quote | null,
): string {
  const links = words.links.map(({ label, url }) => `<p><a href="${escapeHtml(url)}">${escapeHtml(label)}</a></p>`);
  const quoted =
    quote === null
      ? ''
      : `<p>${escapeHtml(quote.head)}</p><blockquote type="cite">${htmlOfText(quote.text)}</blockquote>`;
  return [
    words.html ?? htmlOfText(words.text),
    `<p>${signature.map(escapeHtml).join('<br>')}</p>`,
    ...links,
    `<p style="color:#666666">${foot.map(escapeHtml).join('<br>')}</p>`,
    quoted,
  ].join('\n');
}

/** As mail programs head a quotation, so that theirs and ours fold it away. */
function headOf({ name, at }: QuotedWords): string {
  const day = at.toLocaleString('en-GB', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
  const time = at.toLocaleString('en-GB', { hour: '2-digit', minute: '2-digit' });
  return `On ${day} at ${time}, ${name} wrote:`;
}
