import type { EditorInsert } from './make-editor.ts';

/** What others do with an editor from outside. */
export interface RichEditorApi {
  readonly focus: () => void;
  /** Replaces all that is written. */
  readonly setHtml: (html: string) => void;
  /** Puts something at the cursor. */
  readonly insert: (insert: EditorInsert) => void;
}
