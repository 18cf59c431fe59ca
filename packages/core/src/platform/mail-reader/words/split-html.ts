import { parseDocument } from 'htmlparser2';
import { foldLines, type Mark, type WordLine } from './fold-lines.ts';
import { MARK } from './html-marks.ts';
import type { SplitWords } from './split-text.ts';

type Node = ReturnType<typeof parseDocument>['children'][number];
interface Leaf {
  readonly node: Node;
  line: number;
}

const BLOCKS = new Set(
  'blockquote caption center dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre table tbody thead tfoot tr td th ul'.split(
    ' ',
  ),
);
const VOID = new Set(['br', 'hr', 'img', 'col']);
const MARKS: readonly string[] = ['quote', 'attribution', 'rest', 'signature'] satisfies Mark[];

/** Splits safe HTML that carries marks. Each text and image goes to one side, with the elements around it, so that both sides are whole HTML; the marks are gone. */
export function splitHtml(markedHtml: string, mail: { readonly isForward: boolean }): SplitWords {
  const root = parseDocument(markedHtml);
  const reader = new LineReader();
  reader.read(root.children, null, false);
  const isFolded = foldLines(reader.lines(), mail);
  const folds = new Map<Node, boolean>(reader.leaves.map(({ node, line }) => [node, isFolded[line] ?? false]));
  const pick = (folded: boolean): string => {
    const html = root.children.map((node) => render(node, (leaf) => folds.get(leaf) === folded)).join('');
    return html.replace(/^(?:\s|<br>)+/, '').replace(/(?:\s|<br>)+$/, '');
  };
  const folded = reader.leaves.some(({ node }) => folds.get(node) === true) ? pick(true) : '';
  return { visible: pick(false), folded: folded === '' ? null : folded };
}

/** Gathers texts and images into the lines that a reader sees. */
class LineReader {
  readonly leaves: Leaf[] = [];
  readonly #lines: { text: string; mark: Mark | null; isPicture: boolean }[] = [];
  #isOpen = false;
  /** A mark for all that follows is told once. */
  #restAt: Mark | null = null;

  read(nodes: readonly Node[], mark: Mark | null, isVerbatim: boolean): void {
    for (const node of nodes) {
      if (isText(node)) this.#text(node, node.data, mark, isVerbatim);
      else if ('attribs' in node) this.#element(node, mark, isVerbatim);
    }
  }

  lines(): WordLine[] {
    return this.#lines;
  }

  #element(node: Extract<Node, { attribs: unknown }>, around: Mark | null, isVerbatim: boolean): void {
    const own = node.attribs[MARK];
    const mark = own !== undefined && MARKS.includes(own) ? (own as Mark) : null;
    if (mark === 'rest') this.#restAt = 'rest';
    const isBlock = BLOCKS.has(node.name) || mark !== null;
    if (isBlock) this.#isOpen = false;
    if (VOID.has(node.name)) {
      this.#leaf(node, '', mark ?? around, node.name === 'img');
      if (node.name === 'br') this.#isOpen = false;
    } else
      this.read(node.children, mark === null || mark === 'rest' ? around : mark, isVerbatim || node.name === 'pre');
    if (isBlock) this.#isOpen = false;
  }

  #text(node: Node & { data: string }, text: string, mark: Mark | null, isVerbatim: boolean): void {
    if (isVerbatim && text.trim().includes('\n')) {
      // A text of many lines in one piece stays one piece; its first line says what it is.
      this.#isOpen = false;
      this.#leaf(node, text.trim().split('\n')[0] ?? '', mark, false);
      this.#isOpen = false;
      return;
    }
    this.#leaf(node, text.replaceAll(/\s+/g, ' '), mark, false);
  }

  #leaf(node: Node, text: string, mark: Mark | null, isPicture: boolean): void {
    if (!this.#isOpen) this.#lines.push({ text: '', mark: this.#restAt ?? mark, isPicture: false });
    this.#isOpen = true;
    const line = this.#lines.at(-1);
    if (line !== undefined) {
      line.text += text;
      line.isPicture ||= isPicture;
    }
    this.leaves.push({ node, line: this.#lines.length - 1 });
  }
}

/** Safe HTML has no comments and no directives, so that whatever has data is text. */
function isText(node: Node): node is Extract<Node, { data: string }> {
  return 'data' in node;
}

function render(node: Node, isKept: (leaf: Node) => boolean): string {
  if (isText(node)) return isKept(node) ? escaped(node.data) : '';
  if (!('attribs' in node)) return '';
  const start = `<${node.name}${attributesOf(node.attribs)}>`;
  if (VOID.has(node.name)) return isKept(node) ? start : '';
  const parts = node.children.map((child) => render(child, isKept));
  if (parts.every((part) => part === '')) return '';
  // A row keeps its empty cells, or what follows them would stand in another column.
  const inner = parts.map((part, at) => (part === '' && node.name === 'tr' ? emptyCell(node.children[at]) : part));
  return `${start}${inner.join('')}</${node.name}>`;
}

function emptyCell(node: Node | undefined): string {
  return node !== undefined && 'name' in node && /^t[dh]$/.test(node.name) ? `<${node.name}></${node.name}>` : '';
}

function attributesOf(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .filter(([name]) => name !== MARK)
    .map(([name, value]) => ` ${name}="${escaped(value).replaceAll('"', '&quot;')}"`)
    .join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
