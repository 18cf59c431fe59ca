import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { toProblem } from '#web/app/problem/problem.ts';
import { useSession } from '#web/app/session/session.tsx';
import type { EditorChoice, EditorTrigger } from '#web/ui/rich-editor/make-editor.ts';
import type { RichEditorApi } from '#web/ui/rich-editor/editor-api.ts';
import { showProblem } from '#web/ui/toast/toast-store.ts';

export type Template = Awaited<ReturnType<typeof api.replies.listTemplates.query>>['items'][number];
export type Macro = Awaited<ReturnType<typeof api.replies.listMacros.query>>['items'][number];

const MOST = 8;

/** Canned replies that the reader may use. */
export function createTemplates() {
  const { can } = useSession();
  return createRecordQuery({
    key: () => ['reply-template', 'list'],
    fetch: (signal) => api.replies.listTemplates.query({}, { signal }),
    isEnabled: () => can('replies.use-texts'),
  });
}

/** Macros that the reader may run. */
export function createMacros() {
  const { can } = useSession();
  return createRecordQuery({
    key: () => ['reply-macro', 'list'],
    fetch: (signal) => api.replies.listMacros.query({}, { signal }),
    isEnabled: () => can('replies.use-texts'),
  });
}

/** On which tickets the reader has begun to write. */
export function createDraftMarks(): () => ReadonlySet<string> {
  const { can } = useSession();
  const marks = createRecordQuery({
    key: () => ['reply-draft', 'list', 'mine'],
    fetch: (signal) => api.replies.listMyDrafts.query({}, { signal }),
    isEnabled: () => can('tickets.work-tickets'),
  });
  return () => new Set(marks.value()?.items.map((draft) => draft.ticketId as string) ?? []);
}

/** Puts a canned reply in at the cursor, with the ticket’s values; says which are missing. */
export async function insertTemplate(
  editor: RichEditorApi | undefined,
  templateId: string,
  ticketId: string,
): Promise<void> {
  try {
    const { html } = await api.replies.fillTemplate.query({
      templateId: templateId as never,
      ticketId: ticketId as never,
    });
    editor?.insert({ kind: 'html', html });
  } catch (error) {
    showProblem('The canned reply could not be put in', toProblem(error).message);
  }
}

/** The placeholders that a text still holds: they must be written over before it goes out. */
export function openPlaceholders(html: string): string[] {
  return [...new Set([...html.matchAll(/\{\{\s*([\w.]{1,60})\s*\}\}/g)].map((match) => match[1] ?? ''))];
}

/** `@` names a colleague, `;` and `/` put in a canned reply. */
export function triggersOf(needs: {
  readonly people: () => readonly { readonly id: string; readonly name: string }[];
  readonly templates: () => readonly Template[];
  readonly onTemplate: (templateId: string) => void;
}): EditorTrigger[] {
  const canned = (char: ';' | '/'): EditorTrigger => ({
    char,
    label: 'Canned replies',
    choices: (query) =>
      matching(needs.templates(), query, ({ id, name, folder }) => ({ id, label: name, detail: folder })),
    choose: ({ id }) => {
      needs.onTemplate(id);
      return undefined;
    },
  });
  return [
    {
      char: '@',
      label: 'Colleagues',
      choices: (query) => matching(needs.people(), query, ({ id, name }) => ({ id, label: name })),
      choose: ({ id, label }) => ({ kind: 'mention', id, label }),
    },
    canned(';'),
    canned('/'),
  ];
}

function matching<Item>(items: readonly Item[], query: string, toChoice: (item: Item) => EditorChoice): EditorChoice[] {
  const words = query.toLowerCase();
  const choices = items.map(toChoice).filter((choice) => choice.label.toLowerCase().includes(words));
  return choices
    .toSorted(
      (a, b) => Number(b.label.toLowerCase().startsWith(words)) - Number(a.label.toLowerCase().startsWith(words)),
    )
    .slice(0, MOST);
}
