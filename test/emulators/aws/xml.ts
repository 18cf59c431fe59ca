const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(value: string): string {
  return value.replaceAll(/[&<>"]/gu, (character) => escapes[character] ?? character);
}

/** An element with a text; nothing where there is no value. */
export function text(name: string, value: string | number | boolean | undefined): string {
  return value === undefined ? '' : `<${name}>${escaped(String(value))}</${name}>`;
}

/** An element around elements. */
export function element(name: string, ...children: readonly string[]): string {
  return `<${name}>${children.join('')}</${name}>`;
}

/** A list element whose entries have the name `item`. */
export function list(name: string, item: string, entries: readonly string[]): string {
  return element(name, ...entries.map((entry) => element(item, entry)));
}

/** A document whose root is in a namespace. */
export function document(root: string, namespace: string, ...children: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${namespace}">${children.join('')}</${root}>`;
}
