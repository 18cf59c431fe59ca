import { textOfHtml } from '../../packages/core/src/platform/mail-reader/body/html-text.ts';
import { readMailContent } from '../../packages/core/src/platform/mail-reader/mail-content.ts';
import { readMail } from '../../packages/core/src/platform/mail-reader/read-mail.ts';
import { corpus, NOW, rawOf } from './mail-corpus.ts';

const KEYS =
  'attachments,bounce,cc,date,from,html,isAutoReply,isBounce,messageId,replyTo,subject,text,threadKeys,to,warnings,why';
/** A tag as safe HTML has it: each attribute in quotes. */
const TAG = /<(\/?)([a-z][a-z0-9]*)((?: [a-z-]+(?:="[^"]*")?)*) ?\/?>/g;
const TAGS = new Set(
  'a abbr b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt em font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var'.split(
    ' ',
  ),
);
const ATTRIBUTE =
  / (?:(?:dir|lang|title|rel|target|alt|width|height|color|start|type|colspan|rowspan|align|valign)(?:="[^"]*")?|style="[a-z0-9#:;(),.% -]*"|href="\s*(?:https?|mailto|tel):[^"]*"|src="(?:cid:|data:image\/(?:png|gif|jpe?g|webp);base64,)[^"]*")/gi;
/** What MIME is made of, put where it does not belong. */
const PIECES = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  '--b1',
  '--b1--',
  '\r\n--b1\r\n',
  '\r\n\r\n',
  'Content-Type: multipart/mixed; boundary=b1\r\n',
  'Content-Type: text/html\r\n',
  'Content-Transfer-Encoding: base64\r\n',
  'Content-Transfer-Encoding: quoted-printable\r\n',
  '; charset=utf-16',
  '; charset=utf-7',
  '; charset=iso-2022-jp',
  '; format=flowed',
  '=?utf-8?B?',
  '=?',
  '?=',
  '"',
  '<',
  '>',
  '(',
  '\\',
  'begin 644 a\n',
  '\nend\n',
  '\xff',
  '\xc3',
  '=',
  '<script>',
  '<a href="javascript:1">',
  '<svg><style>',
  '&#',
  '<!--',
  'Message/RFC822',
  '[#1]',
  // What quotations and signatures are known by.
  '\r\n> > quoted\r\n',
  '\r\nOn 2 Mar 2026, A <a@b.c> wrote:\r\n',
  '\r\n-----Original Message-----\r\n',
  '\r\n-- \r\n',
  '<blockquote type="cite">',
  '<div class="gmail_quote">',
  '<div id="appendonsend">',
  '</blockquote>',
];
const SLOW_MS = 3000;
/** Splitting reads the mail once more, so it is tried on each third. */
const SPLIT_EVERY = 3;

/** Breaks mails of the corpus in the same order for the same seed, and reads them. */
export class MailMutator {
  readonly failures: string[] = [];
  slowestMs = 0;
  #tries = 0;
  readonly #mails = corpus.flatMap(({ mails }) => mails.map(rawOf));
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  tryOne(): void {
    const before = this.#state;
    const raw = this.#mutated();
    const startMs = performance.now();
    try {
      const reading = readMail(raw, NOW);
      if (Object.keys(reading).toSorted().join(',') !== KEYS) this.#fail(before, raw, 'another shape');
      if (!JSON.stringify(reading).isWellFormed()) this.#fail(before, raw, 'text that is not well-formed');
      if (reading.text.includes('\0')) this.#fail(before, raw, 'NUL in the text');
      if (!isSafe(reading.html ?? '')) this.#fail(before, raw, `unsafe HTML: ${reading.html}`);
      this.#tries += 1;
      if (this.#tries % SPLIT_EVERY === 0) this.#split(before, raw, reading);
    } catch (error) {
      this.#fail(before, raw, error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    const ms = performance.now() - startMs;
    this.slowestMs = Math.max(this.slowestMs, ms);
    if (ms > SLOW_MS) this.#fail(before, raw, `${Math.round(ms)} ms`);
  }

  /** What is shown and what is folded: both safe, and no letter in neither. */
  #split(state: number, raw: Buffer, { text, html }: { text: string; html: string | null }): void {
    const content = readMailContent(raw, NOW);
    for (const part of [content.html ?? '', content.foldedHtml ?? ''])
      if (!isSafe(part) || part.includes('data-mark')) this.#fail(state, raw, `unsafe part: ${part}`);
    const whole = html === null ? text : textOfHtml(html);
    const shown = `${content.body}\n${content.foldedText ?? ''}`;
    if (!shown.isWellFormed()) this.#fail(state, raw, 'split text that is not well-formed');
    const rest = lettersOf(shown);
    for (const [letter, count] of lettersOf(whole))
      if ((rest.get(letter) ?? 0) < count) this.#fail(state, raw, `lost ${letter} of: ${whole}\nkept: ${shown}`);
    for (const file of content.files) file.open();
  }

  #fail(state: number, raw: Buffer, what: string): void {
    if (this.failures.length < 5)
      this.failures.push(`state ${state}: ${what}\n${raw.toString('latin1').slice(0, 1000)}`);
  }

  #mutated(): Buffer {
    let raw = this.#any(this.#mails);
    for (let count = 1 + this.#below(6); count > 0; count -= 1) raw = this.#mutate(raw);
    return raw;
  }

  #mutate(raw: Buffer): Buffer {
    const at = this.#below(raw.length + 1);
    const to = Math.min(raw.length, at + this.#below(200));
    switch (this.#below(8)) {
      case 0: {
        const copy = Buffer.from(raw);
        if (copy.length > 0) copy[at % copy.length] = this.#below(256);
        return copy;
      }
      case 1:
        return raw.subarray(0, at);
      case 2:
        return Buffer.concat([raw.subarray(0, at), raw.subarray(to)]);
      case 3:
        return Buffer.concat([raw.subarray(0, to), raw.subarray(at)]);
      case 4:
        return Buffer.concat([raw.subarray(0, at), Buffer.from(this.#any(PIECES), 'latin1'), raw.subarray(at)]);
      case 5: {
        const other = this.#any(this.#mails);
        return Buffer.concat([raw.subarray(0, at), other.subarray(this.#below(other.length + 1))]);
      }
      case 6: {
        const lines = raw.toString('latin1').split('\r\n');
        const line = this.#below(lines.length);
        return Buffer.from(lines.toSpliced(this.#below(lines.length), 0, lines[line] ?? '').join('\r\n'), 'latin1');
      }
      default:
        return Buffer.from(
          raw
            .toString('latin1')
            .replaceAll(
              this.#any(['utf-8', 'b1', 'base64', 'plain']),
              this.#any(['koi8-r', 'b1b1', '', 'html', '8bit', '%']),
            ),
          'latin1',
        );
    }
  }

  #any<T>(list: readonly T[]): T {
    return list[this.#below(list.length)]!;
  }

  /** A linear congruential generator (Numerical Recipes): good enough to choose, the same everywhere. */
  #below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }
}

/** True if there is no less-than sign but of tags that are known, with attributes that are known. */
function isSafe(html: string): boolean {
  const tags = html.matchAll(TAG).toArray();
  if (html.replaceAll(TAG, '').includes('<')) return false;
  return tags.every(
    ([, , name = '', attributes = '']) => TAGS.has(name) && attributes.replaceAll(ATTRIBUTE, '') === '',
  );
}

function lettersOf(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [letter] of text.matchAll(/\p{L}/gu)) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  return counts;
}
