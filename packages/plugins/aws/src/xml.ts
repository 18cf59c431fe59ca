import { VendorBug } from '@bailiwick/sdk';

/** An element, without its attributes and its namespace. */
export interface Xml {
  readonly name: string;
  readonly text: string;
  readonly children: readonly Xml[];
}

interface Open {
  readonly name: string;
  text: string;
  readonly children: Xml[];
}

// Opening tags with attributes, closing tags, text; what AWS does not send (DOCTYPE, CDATA, instructions) is no token.
const token = /<\/([\w:.-]+)\s*>|<([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/gy;
const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const maxDepth = 40;

/**
 * Reads the XML that AWS answers. It is strict: what is not well formed, or goes beyond elements and text, is refused.
 *
 * @throws VendorBug
 */
export function parseXml(source: string): Xml {
  const text = source.replace(/^\uFEFF?\s*<\?xml[^?<>]*\?>/u, '').trim();
  const root: Open = { name: '', text: '', children: [] };
  const path: Open[] = [root];
  const pattern = new RegExp(token);
  while (pattern.lastIndex < text.length) {
    const found = pattern.exec(text);
    const parent = path.at(-1);
    if (found === null || parent === undefined) throw malformed();
    const [, closing, opening, , isEmpty, words] = found;
    if (words !== undefined) parent.text += decode(words);
    else if (closing !== undefined) {
      if (path.length < 2 || parent.name !== closing) throw malformed();
      path.pop();
    } else {
      const element: Open = { name: opening ?? '', text: '', children: [] };
      parent.children.push(element);
      if (isEmpty === '') path.push(element);
      if (path.length > maxDepth) throw malformed();
    }
  }
  const [document, another] = root.children;
  if (document === undefined || another !== undefined || path.length !== 1 || root.text !== '') throw malformed();
  return document;
}

/** The first element at the end of this path of names. */
export function find(element: Xml | undefined, ...names: readonly string[]): Xml | undefined {
  return names.reduce<Xml | undefined>((at, name) => at?.children.find((child) => child.name === name), element);
}

/** All elements of the last name, in the first element that the names before lead to. */
export function list(element: Xml | undefined, ...names: readonly string[]): readonly Xml[] {
  const parent = find(element, ...names.slice(0, -1));
  return parent?.children.filter((child) => child.name === names.at(-1)) ?? [];
}

/** The text at the end of the path; undefined where there is none. */
export function textOf(element: Xml | undefined, ...names: readonly string[]): string | undefined {
  return find(element, ...names)?.text.trim() || undefined;
}

function decode(words: string): string {
  return words.replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));|&/giu, (whole, decimal, hex, name) => {
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    const named = typeof name === 'string' && Object.hasOwn(entities, name) ? entities[name] : undefined;
    if (named !== undefined) return named;
    if (whole === '&' || name !== undefined || !(code <= 0x10ffff)) throw malformed();
    return String.fromCodePoint(code);
  });
}

function malformed(): VendorBug {
  return new VendorBug('AWS answered XML that is not well formed.');
}
