import { Editor, mergeAttributes, Node, type Extensions } from '@tiptap/core';
import { Placeholder } from '@tiptap/extensions';
import { PluginKey } from '@tiptap/pm/state';
import { StarterKit } from '@tiptap/starter-kit';
import { Suggestion, type SuggestionProps } from '@tiptap/suggestion';

/** One line of the list that a letter opens. */
export interface EditorChoice {
  readonly id: string;
  readonly label: string;
  readonly detail?: string | undefined;
}

/** What a letter such as `@` offers while one writes. */
export interface EditorTrigger {
  readonly char: '@' | ';' | '/';
  readonly label: string;
  readonly choices: (query: string) => readonly EditorChoice[];
  /** Returns what takes the place of the letter and the query, or nothing where it comes later. */
  readonly choose: (choice: EditorChoice) => EditorInsert | undefined;
}

export type EditorInsert =
  | { readonly kind: 'mention'; readonly id: string; readonly label: string }
  | { readonly kind: 'html'; readonly html: string };

/** The open list, as the component draws it. */
export interface OpenList {
  readonly label: string;
  readonly choices: readonly EditorChoice[];
  readonly at: DOMRect | null;
  readonly pick: (choice: EditorChoice) => void;
}

export interface EditorOptions {
  readonly place: HTMLElement;
  readonly label: string;
  readonly placeholder: () => string;
  readonly html: string;
  readonly triggers: readonly EditorTrigger[];
  readonly fileHref: (fileId: string) => string;
  readonly onChange: (html: string) => void;
  readonly onSubmit: () => void;
  readonly onFiles: (files: readonly File[]) => void;
  readonly onList: (list: OpenList | null) => void;
  /** Takes a key before the text does; true where it was meant for the open list. */
  readonly onListKey: (event: KeyboardEvent) => boolean;
  readonly onSelection: () => void;
}

/** An image that is a stored file, or small data: what the server keeps. */
const StoredImage = (fileHref: (fileId: string) => string) =>
  Node.create({
    name: 'image',
    group: 'inline',
    inline: true,
    draggable: true,
    addAttributes: () => ({ src: { default: '' }, alt: { default: '' }, width: { default: null } }),
    parseHTML: () => [{ tag: 'img[src^="attachment:"]' }, { tag: 'img[src^="data:image/"]' }],
    renderHTML: ({ HTMLAttributes }) => ['img', mergeAttributes(HTMLAttributes)],
    addNodeView:
      () =>
      ({ node }) => {
        const dom = document.createElement('img');
        const source = String(node.attrs['src']);
        const fileId = /^attachment:([0-9a-f-]{36})$/.exec(source)?.[1];
        dom.src = fileId === undefined ? source : fileHref(fileId);
        dom.alt = String(node.attrs['alt'] ?? '');
        return { dom };
      },
  });

/** Somebody who is named; told to them when it is sent. */
const Mention = Node.create({
  name: 'mention',
  group: 'inline',
  inline: true,
  atom: true,
  selectable: false,
  addAttributes: () => ({ id: { default: '' }, label: { default: '' } }),
  parseHTML: () => [
    {
      tag: 'span[data-mention]',
      getAttrs: (element) => ({
        id: element.getAttribute('data-mention'),
        label: (element.textContent ?? '').replace(/^@/, ''),
      }),
    },
  ],
  renderHTML: ({ node }) => [
    'span',
    { 'data-mention': String(node.attrs['id']), class: 'mention' },
    `@${String(node.attrs['label'])}`,
  ],
  renderText: ({ node }) => `@${String(node.attrs['label'])}`,
});

/** Makes the editor. Its own module, so that it is loaded when somebody is about to write and not with the first page. */
export function makeEditor(options: EditorOptions): Editor {
  return new Editor({
    element: options.place,
    content: options.html,
    injectCSS: false,
    extensions: [
      StarterKit.configure({
        heading: { levels: [2, 3] },
        link: {
          openOnClick: false,
          autolink: true,
          defaultProtocol: 'https',
          protocols: ['http', 'https', 'mailto', 'tel'],
        },
      }),
      Placeholder.configure({ placeholder: options.placeholder }),
      StoredImage(options.fileHref),
      Mention,
      ...options.triggers.map((trigger) => suggestions(trigger, options)),
    ] satisfies Extensions,
    editorProps: {
      attributes: {
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': options.label,
        class: 'rich-text rich-editor',
      },
      handleKeyDown: (_, event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          options.onSubmit();
          return true;
        }
        return false;
      },
      handlePaste: (_, event) => takeFiles(event.clipboardData, options),
      handleDrop: (_, event) => takeFiles(event.dataTransfer, options),
    },
    onUpdate: ({ editor }) => options.onChange(editor.isEmpty ? '' : editor.getHTML()),
    onSelectionUpdate: () => options.onSelection(),
    onTransaction: () => options.onSelection(),
  });
}

/** Puts something at the cursor. */
export function insertInto(editor: Editor, insert: EditorInsert): void {
  if (insert.kind === 'html') editor.chain().focus().insertContent(insert.html).run();
  else
    editor
      .chain()
      .focus()
      .insertContent([
        { type: 'mention', attrs: { id: insert.id, label: insert.label } },
        { type: 'text', text: ' ' },
      ])
      .run();
}

function takeFiles(data: DataTransfer | null, options: EditorOptions): boolean {
  const files = [...(data?.files ?? [])];
  // A copied table of a spreadsheet comes as text with a picture of itself.
  if (files.length === 0 || data?.types.includes('text/html') === true) return false;
  options.onFiles(files);
  return true;
}

function suggestions(trigger: EditorTrigger, options: EditorOptions) {
  const show = (props: SuggestionProps<EditorChoice>): void =>
    options.onList({
      label: trigger.label,
      choices: props.items,
      at: props.clientRect?.() ?? null,
      pick: (choice) => props.command(choice),
    });
  return Node.create({
    name: `suggest-${trigger.char}`,
    addProseMirrorPlugins() {
      return [
        Suggestion<EditorChoice, EditorChoice>({
          editor: this.editor,
          char: trigger.char,
          pluginKey: new PluginKey(`suggest-${trigger.char}`),
          items: ({ query }) => [...trigger.choices(query)],
          command: ({ editor, range, props }) => {
            editor.chain().focus().deleteRange(range).run();
            const insert = trigger.choose(props);
            if (insert !== undefined) insertInto(editor, insert);
          },
          render: () => ({
            onStart: show,
            onUpdate: show,
            onExit: () => options.onList(null),
            onKeyDown: ({ event }) => options.onListKey(event),
          }),
        }),
      ];
    },
  });
}
