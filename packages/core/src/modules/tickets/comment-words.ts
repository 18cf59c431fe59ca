import { InvalidInputError } from '#kernel/errors';
import type { TenantScope } from '#kernel/tenant-scope';
import { text } from '#kernel/text';
import { assertWritten, makeRichText, richHtmlSchema } from '#platform/rich-text/rich-text';

/** The most letters that a person may write at once. */
const MAX_LETTERS = 50_000;

export const bodySchema = text({ max: MAX_LETTERS });

/** What somebody writes: formatted as `html`, or plain as `body`; given both, `body` is made from `html`. */
export const wordsInput = {
  body: bodySchema.optional(),
  /** Formatted text; stored as a safe subset. An image is `<img src="attachment:<file id>">`. */
  html: richHtmlSchema.optional(),
};

/** What a mail holds besides what its sender wrote now: quotes and signature, kept and shown on a click. */
export interface FoldedWords {
  readonly foldedHtml?: string | undefined;
  readonly foldedText?: string | undefined;
}

export interface CommentWords {
  readonly body: string;
  readonly html: string | null;
  readonly foldedHtml: string | null;
  readonly foldedText: string | null;
}

/**
 * The words as they are stored, all of them safe. What comes from a mail and is longer than a person may write is kept whole as HTML; its plain text is
 * cut. Throws `tickets.empty-comment` where nothing is written, or more than there may be.
 */
export function wordsOf(
  scope: TenantScope,
  input: { body?: string | undefined; html?: string | undefined } & FoldedWords,
): CommentWords {
  const foldedHtml = safeHtml(input.foldedHtml);
  const folded = {
    foldedHtml: foldedHtml?.html ?? null,
    foldedText: input.foldedText ?? foldedHtml?.text ?? null,
  };
  const rich = safeHtml(input.html);
  if (rich !== null) {
    const isWrittenHere = scope.audience !== 'system';
    if (isWrittenHere) assertWritten(rich, 'tickets.empty-comment', MAX_LETTERS);
    const body = rich.text.slice(0, MAX_LETTERS).toWellFormed();
    return { body: body === '' ? '[image]' : body, html: rich.html, ...folded };
  }
  if (input.body === undefined)
    throw new InvalidInputError('tickets.empty-comment', 'Something must be written.', {
      fields: [{ path: ['body'], message: 'must not be empty' }],
    });
  return { body: input.body, html: null, ...folded };
}

function safeHtml(html: string | undefined) {
  return html === undefined || html.trim() === '' ? null : makeRichText(html);
}
