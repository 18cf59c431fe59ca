import sanitize from 'sanitize-html';
import { MAIL_LIMITS } from '../mail-limits.ts';
import { MARK, markOf } from '../words/html-marks.ts';
import type { ReadingNotes } from '../reading-notes.ts';

const COLOUR = /^(?:#[0-9a-f]{3,8}|[a-z]{3,20}|rgba?\([\d\s,.%]{1,40}\))$/i;
const RASTER = /^data:image\/(?:png|gif|jpe?g|webp);base64,[a-z0-9+/=\s]+$/i;
/** Elements that their next one or their parent ends; all others stay open until somebody closes them. */
const SELF_ENDING =
  /^(?:p|li|tr|td|th|dt|dd|option|optgroup|tbody|thead|tfoot|colgroup|col|br|hr|img|input|meta|link|base|area|wbr|source|track|embed|param)$/;

/** A mail's HTML as it may be put into our page, and the content ids of the images that it shows. */
export interface SafeHtml {
  readonly html: string;
  readonly contentIds: ReadonlySet<string>;
}

/** Nothing in it runs, loads, posts or covers what is around it. */
export const SAFE_HTML: sanitize.IOptions = {
  allowedTags: (
    'a abbr b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt em font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp ' +
    'small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var'
  ).split(' '),
  // Their text is not for reading.
  nonTextTags: [
    'script',
    'style',
    'textarea',
    'option',
    'noscript',
    'title',
    'xmp',
    'iframe',
    'noembed',
    'noframes',
    'template',
  ],
  allowedAttributes: {
    '*': ['style', 'dir', 'lang', 'title'],
    a: ['href', 'rel', 'target'],
    img: ['src', 'alt', 'width', 'height'],
    font: ['color'],
    ol: ['start', 'type'],
    td: ['colspan', 'rowspan', 'align', 'valign'],
    th: ['colspan', 'rowspan', 'align', 'valign'],
    // By which a reply is told from what it quotes.
    blockquote: ['type'],
  },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['cid', 'data'] },
  allowedSchemesAppliedToAttributes: ['href', 'src'],
  allowProtocolRelative: false,
  allowedStyles: {
    '*': {
      color: [COLOUR],
      'background-color': [COLOUR],
      'font-weight': [/^(?:bold|normal|[1-9]00)$/],
      'font-style': [/^(?:italic|normal)$/],
      'text-align': [/^(?:left|right|center|justify)$/],
      'text-decoration': [/^(?:underline|line-through|none)$/],
    },
  },
  enforceHtmlBoundary: false,
};

/** A safe subset: text, tables, links and images of the mail itself. With `withMarks` it also carries what the mail's program said of quotations and signatures, for the splitting. */
export function makeSafeHtml(source: string, notes: ReadingNotes, withMarks = false): SafeHtml {
  const contentIds = new Set<string>();
  const remote = { count: 0, hosts: new Set<string>() };
  const html = sanitize(withinLimits(source, notes), {
    ...SAFE_HTML,
    ...(withMarks ? MARKED : {}),
    transformTags: {
      ...(withMarks ? { '*': marked } : {}),
      // Without a scheme it would lead to a page of ours.
      a: (tagName, { href = '', title, style }) => ({
        tagName,
        attribs: {
          ...(/^\s*(?:https?|mailto|tel):/i.test(href) ? { href } : {}),
          ...(title === undefined ? {} : { title }),
          ...(style === undefined ? {} : { style }),
          rel: 'noopener noreferrer nofollow',
          target: '_blank',
        },
      }),
      img: (tagName, { src, ...attribs }) => {
        const kept = imageSource(src ?? '', contentIds, remote);
        return { tagName, attribs: kept === null ? attribs : { ...attribs, src: kept } };
      },
    },
  });
  if (remote.count > 0)
    notes.warn(`Remote images are not loaded: ${remote.count}, from ${[...remote.hosts].slice(0, 5).join(', ')}.`);
  return { html: html.trim(), contentIds };
}

const MARKED: sanitize.IOptions = {
  allowedAttributes: {
    ...SAFE_HTML.allowedAttributes,
    '*': ['style', 'dir', 'lang', 'title', MARK],
  },
};

/** What a sender wrote in its place counts for nothing. */
function marked(tagName: string, attribs: sanitize.Attributes): sanitize.Tag {
  return { tagName, attribs: { ...attribs, [MARK]: markOf(tagName, attribs) ?? '' } };
}

function imageSource(
  source: string,
  contentIds: Set<string>,
  remote: { count: number; hosts: Set<string> },
): string | null {
  const plain = source.trim();
  if (/^cid:/i.test(plain)) {
    const id = decoded(plain.slice(4)).replaceAll(/^<|>$/g, '');
    contentIds.add(id);
    return `cid:${encodeURI(id)}`;
  }
  if (RASTER.test(plain)) return plain;
  const url = URL.parse(plain.startsWith('//') ? `https:${plain}` : plain);
  if (url !== null && /^(?:https?|ftp):$/.test(url.protocol)) {
    remote.count += 1;
    remote.hosts.add(url.host);
  }
  return null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Cuts HTML where it becomes longer, fuller or deeper than any mail is: the parser's time grows with the square of the elements that are open. */
export function withinLimits(source: string, notes: ReadingNotes): string {
  const depths = new Map<string, number>();
  let depth = 0;
  let tags = 0;
  let marks = 0;
  for (const match of source.matchAll(/<(\/?)([a-z][a-z0-9:-]{0,30})|[<&]/gi)) {
    const name = (match[2] ?? '').toLowerCase();
    marks += 1;
    if (name !== '') tags += 1;
    if (name !== '' && !SELF_ENDING.test(name)) {
      const before = depths.get(name) ?? 0;
      const after = match[1] === '/' ? Math.max(0, before - 1) : before + 1;
      depths.set(name, after);
      depth += after - before;
    }
    const isWithin = depth <= MAIL_LIMITS.htmlDepth && tags <= MAIL_LIMITS.htmlTags && marks <= MAIL_LIMITS.htmlMarks;
    if (isWithin && match.index <= MAIL_LIMITS.htmlCharacters) continue;
    notes.warn('The HTML is too long or too deep; only its beginning is shown.');
    return source.slice(0, match.index);
  }
  if (source.length <= MAIL_LIMITS.htmlCharacters) return source;
  notes.warn('The HTML is too long or too deep; only its beginning is shown.');
  return source.slice(0, MAIL_LIMITS.htmlCharacters);
}
