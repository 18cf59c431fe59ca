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

class TextWriter {
  readonly #lines: string[] = [];
  #line = '';
  #quotes = 0;
  #verbatim = 0;
  readonly #links: { href: string; from: number; lines: number }[] = [];

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'br') this.#break();
    if (BLOCKS.has(name)) this.#block(name);
    if (name === 'blockquote') this.#quotes += 1;
    if (name === 'pre') this.#verbatim += 1;
    if (name === 'li') this.#line = '- ';
    if (name === 'hr') this.#line = '---';
    if (name === 'td' || name === 'th') this.#space();
    if (name === 'img' && (attributes['alt'] ?? '').trim() !== '') this.text(`[${attributes['alt']?.trim()}]`);
    if (name === 'a')
      this.#links.push({ href: attributes['href'] ?? '', from: this.#line.length, lines: this.#lines.length });
  }

  text(text: string): void {
    if (this.#verbatim > 0) {
      const [first = '', ...rest] = text.split('\n');
      this.#line += first;
      for (const line of rest) {
        this.#break();
        this.#line = line;
      }
      return;
    }
    const plain = text.replaceAll(/[ \t\r\n\f]+/g, ' ');
    this.#line += this.#line === '' || this.#line.endsWith(' ') ? plain.replace(/^ /, '') : plain;
  }

  close(name: string): void {
    if (name === 'a') this.#endLink();
    if (BLOCKS.has(name)) this.#block(name);
    if (name === 'blockquote' && this.#quotes > 0) this.#quotes -= 1;
    if (name === 'pre' && this.#verbatim > 0) this.#verbatim -= 1;
  }

  result(): string {
    this.#block('div');
    return this.#lines
      .join('\n')
      .replaceAll(/(?:\n>* ?){3,}(?=\n|$)/g, '\n')
      .trim();
  }

  #endLink(): void {
    const link = this.#links.pop();
    if (link === undefined) return;
    const words = this.#lines.length === link.lines ? this.#line.slice(link.from).trim() : null;
    const bare = link.href.replace(/^(?:mailto|tel):/i, '');
    if (bare === '' || words === bare || words === link.href || words === bare.replace(/\/$/, '')) return;
    this.text(`${words === '' ? '' : ' '}<${link.href}>`);
  }

  #space(): void {
    if (this.#line !== '' && !this.#line.endsWith(' ')) this.#line += ' ';
  }

  #block(name: string): void {
    if (this.#line.trim() !== '') this.#break();
    this.#line = '';
    if (APART.has(name) && (this.#lines.at(-1) ?? '').replace(/^>* ?/, '') !== '') this.#push('');
  }

  #break(): void {
    this.#push(this.#line.trimEnd());
    this.#line = '';
  }

  #push(line: string): void {
    // Deep quotation of hostile HTML must not multiply the text.
    const marks = '>'.repeat(Math.min(this.#quotes, 9));
    this.#lines.push(marks === '' ? line : `${marks} ${line}`.trimEnd());
  }
}
