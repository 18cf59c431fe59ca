import type { MailWords } from '#platform/mail-language/mail-language';
import { escapeHtml, htmlOfText } from '#platform/rich-text/rich-text';
import type { MailQuestion } from './mail-intake-needs.ts';

/** What was said before, for the reader who has lost the thread. */
export interface QuotedWords {
  readonly name: string;
  /** In the MSP's time zone. */
  readonly at: Temporal.ZonedDateTime;
  readonly text: string;
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
  /** What its reader is asked, such as how the work was. */
  readonly question: MailQuestion | null;
  /** Files that are too large to travel along. */
  readonly leftOut: readonly string[];
  readonly quoted: QuotedWords | null;
}

const MAX_QUOTE = 5000;

/** Text and HTML of a mail, which say the same. */
export function ticketMailBodies(words: TicketMailWords, spoken: MailWords): { text: string; html: string } {
  const foot = [
    words.closing,
    ...(words.leftOut.length === 0 ? [] : [spoken.say.ticket.tooLarge(words.leftOut.join(', '))]),
  ];
  const signature = words.author === null ? [words.mspName] : [words.author, words.mspName];
  const quote =
    words.quoted === null
      ? null
      : { head: headOf(words.quoted, spoken), text: words.quoted.text.slice(0, MAX_QUOTE).toWellFormed() };
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
  const { question } = words;
  const asked =
    question === null
      ? []
      : [[question.title, ...question.links.map(({ label, url }) => `${label}: ${url}`), question.note].join('\n')];
  const quoted =
    quote === null
      ? []
      : [
          `${quote.head}\n${quote.text
            .split('\n')
            .map((line) => (line === '' ? '>' : `> ${line}`))
            .join('\n')}`,
        ];
  return `${[words.text, signature.join('\n'), ...asked, foot.join('\n'), ...quoted].join('\n\n')}\n`;
}

function asHtml(
  words: TicketMailWords,
  signature: readonly string[],
  foot: readonly string[],
  quote: Quote | null,
): string {
  const quoted =
    quote === null
      ? ''
      : `<p>${escapeHtml(quote.head)}</p><blockquote type="cite">${htmlOfText(quote.text)}</blockquote>`;
  return [
    words.html ?? htmlOfText(words.text),
    `<p>${signature.map(escapeHtml).join('<br>')}</p>`,
    ...(words.question === null ? [] : [questionHtml(words.question)]),
    `<p style="color:#666666">${foot.map(escapeHtml).join('<br>')}</p>`,
    quoted,
  ].join('\n');
}

/** A row of signs, each a link. */
function questionHtml({ title, note, links }: MailQuestion): string {
  const cells = links.map(
    ({ sign, label, url }) =>
      `<td align="center" style="padding: 0 8px"><a href="${escapeHtml(url)}" style="text-decoration: none; color: inherit"><span style="font-size: 32px">${sign}</span><br>${escapeHtml(label)}</a></td>`,
  );
  return `<p><strong>${escapeHtml(title)}</strong></p><table role="presentation"><tr>${cells.join('')}</tr></table><p>${escapeHtml(note)}</p>`;
}

/** As mail programs head a quotation, so that theirs and ours fold it away. */
function headOf({ name, at }: QuotedWords, { say, locale }: MailWords): string {
  const day = at.toLocaleString(locale, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
  const time = at.toLocaleString(locale, { hour: '2-digit', minute: '2-digit' });
  return say.ticket.wrote(day, time, name);
}
