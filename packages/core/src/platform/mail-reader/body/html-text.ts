import { Parser } from 'htmlparser2';

const BLOCKS = new Set(
  'address blockquote caption center dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre table tr ul'.split(' '),
);
const APART = new Set(['p', 'ul', 'ol', 'dl', 'table', 'pre', 'blockquote', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6']);

/** The text of safe HTML, as a person would type it: paragraphs apart, lists with dashes, quotations with `>`, a link's address behind its words. */
export function textOfHtml(safeHtml: string): string {
  const writer = new TextWriter();
  const parser = new Parser({
    onopentag: (name, attributes) => writer.open(name, attributes),
    ontext: (text) => writer.text(text),
    onclosetag: (name) => writer.close(name),
  });
  parser.end(safeHtml);
  return writer.result();
}

/** More lines than a person reads; a million line breaks are not worth their time. */
const MAX_LINES = 50_000;

class TextWriter {
  readonly #lines: string[] = [];
  /** The line that is being written, in pieces: to look at the end of a long string that was just added to takes as long as the string. */
  #pieces: string[] = [];
  #quotes = 0;
  #verbatim = 0;
  readonly #links: { href: string; from: number; lines: number }[] = [];

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'br') this.#break();
    if (BLOCKS.has(name)) this.#block(name);
    if (name === 'blockquote') this.#quotes += 1;
    if (name === 'pre') this.#verbatim += 1;
    if (name === 'li') this.#pieces = ['- '];
    if (name === 'hr') this.#pieces = ['---'];
    if ((name === 'td' || name === 'th') && !this.#endsInSpace()) this.#pieces.push(' ');
    if (name === 'img' && (attributes['alt'] ?? '').trim() !== '') this.text(`[${attributes['alt']?.trim()}]`);
    if (name === 'a')
      this.#links.push({ href: attributes['href'] ?? '', from: this.#pieces.length, lines: this.#lines.length });
  }

  text(text: string): void {
    if (this.#verbatim > 0) {
      const [first = '', ...rest] = text.split('\n');
      this.#pieces.push(first);
      for (const line of rest) {
        this.#break();
        this.#pieces = [line];
      }
      return;
    }
    const plain = text.replaceAll(/[ \t\r\n\f]+/g, ' ');
    const added = this.#endsInSpace() ? plain.replace(/^ /, '') : plain;
    if (added !== '') this.#pieces.push(added);
  }

  close(name: string): void {
    if (name === 'a') this.#endLink();
    if (BLOCKS.has(name)) this.#endLine();
    // The empty line after a quotation is not quoted.
    if (name === 'blockquote' && this.#quotes > 0) this.#quotes -= 1;
    if (BLOCKS.has(name)) this.#block(name);
    if (name === 'pre' && this.#verbatim > 0) this.#verbatim -= 1;
  }

  result(): string {
    this.#block('div');
    return this.#lines
      .filter((line, index, all) => !isBlank(line) || !isBlank(all[index - 1] ?? ''))
      .join('\n')
      .trim();
  }

  #endLink(): void {
    const link = this.#links.pop();
    if (link === undefined) return;
    const words = this.#lines.length === link.lines ? this.#pieces.slice(link.from).join('').trim() : null;
    const bare = link.href.replace(/^(?:mailto|tel):/i, '');
    if (bare === '' || words === bare || words === link.href || words === bare.replace(/\/$/, '')) return;
    this.text(`${words === '' ? '' : ' '}<${link.href}>`);
  }

  /** True at the start of a line too. */
  #endsInSpace(): boolean {
    return this.#pieces.at(-1)?.endsWith(' ') ?? true;
  }

  #block(name: string): void {
    this.#endLine();
    if (APART.has(name) && !isBlank(this.#lines.at(-1) ?? '')) this.#push('');
  }

  #endLine(): void {
    if (this.#pieces.some((piece) => piece.trim() !== '')) this.#break();
    this.#pieces = [];
  }

  #break(): void {
    this.#push(this.#pieces.join('').trimEnd());
    this.#pieces = [];
  }

  #push(line: string): void {
    if (this.#lines.length >= MAX_LINES) return;
    // Deep quotation of hostile HTML must not multiply the text.
    const marks = '>'.repeat(Math.min(this.#quotes, 9));
    this.#lines.push(marks === '' ? line : `${marks} ${line}`.trimEnd());
  }
}

function isBlank(line: string): boolean {
  return /^>* ?$/.test(line);
}
