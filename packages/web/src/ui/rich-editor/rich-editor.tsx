import type { Editor } from '@tiptap/core';
import { Show, createSignal, onCleanup, onMount } from 'solid-js';
import type { JSX } from 'solid-js';
import { Textarea } from '#web/ui/textarea/textarea.tsx';
import { ChoiceList } from './choice-list.tsx';
import type { RichEditorApi } from './editor-api.ts';
import type { EditorTrigger, insertInto, OpenList } from './make-editor.ts';
import { Toolbar } from './toolbar.tsx';
import '#web/ui/rich-text/rich-text.css';
import './rich-editor.css';

/**
 * Formatted text, written. The editor itself comes when it is needed; what somebody types before it is there is taken over. Ctrl+Enter submits, Escape leaves it.
 */
export function RichEditor(props: {
  label: string;
  placeholder: string;
  html: string;
  onChange: (html: string) => void;
  onSubmit?: () => void;
  /** Files that are pasted or dropped; where they are images, they are put in by `insert` when they are there. */
  onFiles?: (files: readonly File[]) => void;
  triggers?: readonly EditorTrigger[];
  api?: (api: RichEditorApi) => void;
  fileHref?: (fileId: string) => string;
  class?: string;
  tools?: JSX.Element;
  isTall?: boolean;
}): JSX.Element {
  const [editor, setEditor] = createSignal<Editor>();
  const [moves, setMoves] = createSignal(0);
  const [list, setList] = createSignal<OpenList | null>(null);
  let place: HTMLDivElement | undefined;
  let area: HTMLTextAreaElement | undefined;
  let onListKey: ((event: KeyboardEvent) => boolean) | null = null;
  let insert: typeof insertInto | undefined;
  let html = props.html;
  let isGone = false;
  const waiting: ((ready: Editor) => void)[] = [];
  // Whoever holds the api may outlive what is shown, and the editor knows no commands once it is gone.
  const soon = (act: (ready: Editor) => void): void => {
    const ready = editor();
    if (isGone) return;
    if (ready === undefined) waiting.push(act);
    else act(ready);
  };
  props.api?.({
    focus: () => (editor() === undefined ? area?.focus() : soon(focusEnd)),
    setHtml: (next) => {
      html = next;
      if (area !== undefined) area.value = '';
      soon((ready) => ready.commands.setContent(next, { emitUpdate: false }));
    },
    insert: (given) => soon((ready) => insert?.(ready, given)),
  });
  const load = async (): Promise<void> => {
    const { makeEditor, insertInto: put } = await import('./make-editor.ts');
    if (isGone || place === undefined) return;
    const typed = area?.value ?? '';
    const hadFocus = area !== undefined && document.activeElement === area;
    insert = put;
    const made = makeEditor({
      place,
      label: props.label,
      placeholder: () => props.placeholder,
      html: typed === '' ? html : `${html}${htmlOf(typed)}`,
      triggers: props.triggers ?? [],
      fileHref: (id) => props.fileHref?.(id) ?? `/api/v1/files/${id}/content`,
      onChange: (next) => props.onChange(next),
      onSubmit: () => props.onSubmit?.(),
      onFiles: (files) => props.onFiles?.(files),
      onList: setList,
      onListKey: (event) => onListKey?.(event) ?? false,
      onSelection: () => setMoves((count) => count + 1),
    });
    setEditor(made);
    if (hadFocus) focusEnd(made);
    for (const act of waiting.splice(0)) act(made);
  };
  onMount(() => void load());
  onCleanup(() => {
    isGone = true;
    editor()?.destroy();
  });
  return (
    <div
      class={`flex flex-col rounded-control border border-line-control bg-raised focus-within:border-accent ${props.class ?? ''}`}
    >
      <Show
        when={editor()}
        fallback={
          <>
            {/* As high as the tools that come here: nothing may move under the reader. */}
            <div class="h-[calc(var(--control)+0.25rem+1px)] border-b border-line" />
            <Textarea
              ref={area}
              class={`border-0 ${props.isTall === true ? 'min-h-72' : 'min-h-18'}`}
              aria-label={props.label}
              placeholder={props.placeholder}
              onInput={(event) => props.onChange(`${html}${htmlOf(event.currentTarget.value)}`)}
            />
          </>
        }
      >
        {(ready) => (
          <div class="border-b border-line px-1 py-0.5">
            <Toolbar editor={ready()} moves={moves()}>
              {props.tools}
            </Toolbar>
          </div>
        )}
      </Show>
      <div
        ref={place}
        class="min-w-0"
        classList={{ hidden: editor() === undefined, 'is-tall': props.isTall === true }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || list() !== null) return;
          event.stopPropagation();
          editor()?.commands.blur();
        }}
      />
      <Show when={list()}>
        {(open) => (
          <ChoiceList
            list={open()}
            owner={editor()?.view.dom}
            onKeys={(handle) => {
              onListKey = handle;
            }}
          />
        )}
      </Show>
    </div>
  );
}

/** At once: the editor's own command waits for the next frame, and what is typed until then would be taken for shortcuts. */
function focusEnd(editor: Editor): void {
  if (editor.isFocused) return;
  editor.commands.setTextSelection(editor.state.doc.content.size);
  editor.view.focus();
}

function htmlOf(text: string): string {
  const line = document.createElement('p');
  return text
    .split('\n')
    .map((words) => {
      line.textContent = words;
      return line.outerHTML;
    })
    .join('');
}
