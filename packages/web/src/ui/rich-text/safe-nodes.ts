/** Elements that may be shown, each with the attributes that it may carry. What is not here is left out; its words stay, except of those that are not for reading. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  a: ['href'],
  img: ['alt', 'width', 'height'],
  ol: ['start'],
  td: ['colspan', 'rowspan'],
  th: ['colspan', 'rowspan'],
};
const PLAIN = new Set(
  (
    'abbr b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt em font h1 h2 h3 h4 h5 h6 hr i ins kbd li mark p pre q s samp small ' +
    'span strike strong sub sup table tbody tfoot thead tr tt u ul var'
  ).split(' '),
);
const UNREADABLE = new Set(
  'script style textarea option noscript title xmp iframe noembed noframes template svg math object'.split(' '),
);
const STYLES = ['color', 'background-color', 'font-weight', 'font-style', 'text-align', 'text-decoration'];
const ATTACHMENT = /^attachment:([0-9a-f-]{36})$/;
const RASTER = /^data:image\/(?:png|gif|jpe?g|webp);base64,[a-z0-9+/=\s]+$/i;
/** Elements within elements; no text that a person writes is so deep. */
const MAX_DEPTH = 200;

/**
 * Nodes of formatted text. The server made it safe before it was stored; here each node is built anew from a list of what is allowed, so that nothing reaches the page through
 * what one parser reads otherwise than another. `fileHref` says where a stored image is served.
 */
export function safeNodes(html: string, fileHref: (fileId: string) => string): DocumentFragment {
  // A document of its own, in which nothing runs or loads.
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  const target = document.createDocumentFragment();
  copyInto(parsed.body, target, fileHref, 0);
  return target;
}

function copyInto(source: Node, target: Node, fileHref: (fileId: string) => string, depth: number): void {
  for (const node of source.childNodes) {
    if (node instanceof Text || node.nodeType === Node.TEXT_NODE) {
      target.appendChild(document.createTextNode(node.textContent ?? ''));
      continue;
    }
    if (node.nodeType !== Node.ELEMENT_NODE || depth > MAX_DEPTH) continue;
    const element = node as Element;
    const name = element.localName;
    if (UNREADABLE.has(name)) continue;
    const copy = PLAIN.has(name) || name in KEPT ? copyOf(element, name, fileHref) : null;
    if (copy !== null) target.appendChild(copy);
    copyInto(element, copy ?? target, fileHref, depth + 1);
  }
}

function copyOf(element: Element, name: string, fileHref: (fileId: string) => string): HTMLElement | null {
  const copy = document.createElement(name);
  for (const attribute of [...(KEPT[name] ?? []), 'dir', 'lang', 'title']) {
    const value = element.getAttribute(attribute);
    if (value !== null) copy.setAttribute(attribute, value);
  }
  if (element.hasAttribute('style')) copyStyle(element.getAttribute('style') ?? '', copy);
  if (element.hasAttribute('data-mention')) copy.className = 'mention';
  if (copy instanceof HTMLAnchorElement) {
    if (!/^(?:https?|mailto|tel):/i.test(copy.getAttribute('href') ?? '')) copy.removeAttribute('href');
    copy.rel = 'noopener noreferrer nofollow';
    copy.target = '_blank';
  }
  if (copy instanceof HTMLImageElement) {
    const source = element.getAttribute('src') ?? '';
    const fileId = ATTACHMENT.exec(source)?.[1];
    if (fileId === undefined && !RASTER.test(source)) return null;
    copy.src = fileId === undefined ? source : fileHref(fileId);
    copy.loading = 'lazy';
    if (!copy.hasAttribute('alt')) copy.alt = '';
  }
  return copy;
}

function copyStyle(css: string, copy: HTMLElement): void {
  const read = document.createElement('span');
  read.style.cssText = css;
  for (const property of STYLES) {
    const value = read.style.getPropertyValue(property);
    if (value !== '' && !/url|var|\\/i.test(value)) copy.style.setProperty(property, value);
  }
}
