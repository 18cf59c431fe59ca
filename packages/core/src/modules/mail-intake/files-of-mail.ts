import type { FileQueries } from '#modules/files';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { MailAttachment } from '#platform/mail/mail';
import { contentIdOf, fileIdsShownIn, isShownInMail, makeMailHtml } from '#platform/mail/mail-html';
import type { PublicWords } from './ticket-mail-facts.ts';

/** Base64 adds a third, and many servers stop at 10 MB. */
const MAX_FILES_BYTES = 7 * 1024 * 1024;

/** Words as a mail carries them: their HTML, and the files that travel within it and beside it. */
export interface MailedWords {
  readonly html: string | null;
  readonly attachments: readonly MailAttachment[];
  /** Names of files that are too large to travel along. */
  readonly leftOut: readonly string[];
}

/** Takes the files of what was written into its mail, up to what servers pass on. */
export class FilesOfMail {
  readonly #files: FileQueries;

  constructor(deps: { files: FileQueries }) {
    this.#files = deps.files;
  }

  /** Images that the words show go first: without them the words may make no sense. */
  async of(tx: AnyTransaction, words: PublicWords | null): Promise<MailedWords> {
    const attachments: MailAttachment[] = [];
    const leftOut: string[] = [];
    const shown = new Set(fileIdsShownIn(words?.html ?? ''));
    const carried = new Set<string>();
    let left = MAX_FILES_BYTES;
    const files = (words?.files ?? []).toSorted((a, b) => Number(shown.has(b.fileId)) - Number(shown.has(a.fileId)));
    for (const file of files) {
      if (file.sizeBytes > left) {
        leftOut.push(file.name);
        continue;
      }
      left -= file.sizeBytes;
      const { fileName, contentType, body } = await this.#files.open(tx.scope, file.fileId);
      const content = new Uint8Array(await new Response(body).arrayBuffer());
      const isWithin = shown.has(file.fileId) && isShownInMail(contentType);
      if (isWithin) carried.add(file.fileId);
      attachments.push({
        fileName,
        contentType,
        content,
        ...(isWithin ? { contentId: contentIdOf(file.fileId) } : {}),
      });
    }
    if (words === null || words.html === null) return { html: null, attachments, leftOut };
    const { html, embedded } = makeMailHtml(words.html, { carried, maxBytes: left });
    const isWithin = (one: MailAttachment): boolean => one.contentId !== undefined;
    return {
      html,
      attachments: [...attachments.filter(isWithin), ...embedded, ...attachments.filter((one) => !isWithin(one))],
      leftOut,
    };
  }
}
