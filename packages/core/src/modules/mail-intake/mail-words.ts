import { withImages, type MailContent, type MailFile } from '#platform/mail-reader/mail-content';

/** As much as a comment of a person has. */
const MAX_BODY = 50_000;
const MAX_FOLDED = 200_000;
const MAX_FILES = 40;
const MAX_SUBJECT = 200;

/** The words of a mail as a comment has them. */
export interface CommentWordsOfMail {
  readonly body: string;
  readonly html?: string;
  readonly foldedText?: string;
  readonly foldedHtml?: string;
}

/** The files of a mail that become files of the comment, and what is said of those that do not. The raw mail keeps all of them. */
export function filesOf(content: MailContent): { files: readonly MailFile[]; warnings: readonly string[] } {
  const full = content.files.filter((file) => file.sizeBytes > 0);
  const warnings: string[] = [];
  if (full.length < content.files.length) warnings.push('Empty files are left out.');
  if (full.length > MAX_FILES)
    warnings.push(
      `The mail has ${full.length} files; the first ${MAX_FILES} are attached, the rest is in the raw mail.`,
    );
  return { files: full.slice(0, MAX_FILES), warnings };
}

/** A name for every file, by its type where the mail gives none. */
export function nameOfFile(file: MailFile, place: number): string {
  if (file.name !== null) return file.name;
  const ending = /^(?:image|text|audio|video)\/([a-z0-9]{2,5})$/.exec(file.type)?.[1];
  if (file.type === 'text/calendar') return 'invite.ics';
  return `attachment-${place + 1}${ending === undefined ? '' : `.${ending === 'plain' ? 'txt' : ending}`}`;
}

/** The words, with images of the mail as `attachment:<file id>`. What is longer than a comment may be goes on in the folded part, up to a limit. */
export function wordsOfMail(content: MailContent, fileIdOf: (contentId: string) => string | null): CommentWordsOfMail {
  const addressOf = (contentId: string): string | null => {
    const id = fileIdOf(contentId);
    return id === null ? null : `attachment:${id}`;
  };
  const { body, html, foldedText, foldedHtml } = content;
  if (body.length > MAX_BODY) {
    const rest = [body.slice(MAX_BODY), foldedText ?? ''].join('\n\n').slice(0, MAX_FOLDED).toWellFormed();
    return { body: body.slice(0, MAX_BODY).toWellFormed(), foldedText: rest };
  }
  const hasHtml = html !== null && html !== '';
  return {
    body: body.trim() === '' && !hasHtml ? '(no text)' : body,
    ...(hasHtml ? { html: withImages(html, addressOf) } : {}),
    ...(foldedText === null ? {} : { foldedText: foldedText.slice(0, MAX_FOLDED).toWellFormed() }),
    ...(foldedHtml === null ? {} : { foldedHtml: withImages(foldedHtml, addressOf) }),
  };
}

/** A ticket's subject: on one line, without the tag of another ticket, of a length that a list can show. */
export function ticketSubjectOf(subject: string | null): string {
  const plain = (subject ?? '')
    .replaceAll(/\[\s*T-\d{1,12}\s*\]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  if (plain === '') return '(no subject)';
  return plain.length <= MAX_SUBJECT ? plain : `${plain.slice(0, MAX_SUBJECT - 1).toWellFormed()}…`;
}
