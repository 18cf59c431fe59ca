import type { Editor } from '@tiptap/core';
import Bold from 'lucide-solid/icons/bold';
import Code from 'lucide-solid/icons/code';
import Heading from 'lucide-solid/icons/heading';
import Italic from 'lucide-solid/icons/italic';
import Link from 'lucide-solid/icons/link';
import List from 'lucide-solid/icons/list';
import ListOrdered from 'lucide-solid/icons/list-ordered';
import Quote from 'lucide-solid/icons/quote';
import { For, Show, createSignal } from 'solid-js';
import type { Component, JSX } from 'solid-js';
import { Button } from '#web/ui/button/button.tsx';
import { IconButton } from '#web/ui/icon-button/icon-button.tsx';
import { Input } from '#web/ui/input/input.tsx';

interface Tool {
  readonly label: string;
  readonly icon: Component<{ class?: string; size?: number }>;
  readonly shortcut?: string;
  readonly isOn: (editor: Editor) => boolean;
  readonly run: (editor: Editor) => void;
}

const TOOLS: readonly Tool[] = [
  {
    label: 'Bold',
    icon: Bold,
    shortcut: 'mod+b',
    isOn: (editor) => editor.isActive('bold'),
    run: (editor) => editor.chain().focus().toggleBold().run(),
  },
  {
    label: 'Italic',
    icon: Italic,
    shortcut: 'mod+i',
    isOn: (editor) => editor.isActive('italic'),
    run: (editor) => editor.chain().focus().toggleItalic().run(),
  },
  {
    label: 'Heading',
    icon: Heading,
    isOn: (editor) => editor.isActive('heading'),
    run: (editor) => editor.chain().focus().toggleHeading({ level: 2 }).run(),
  },
  {
    label: 'List',
    icon: List,
    isOn: (editor) => editor.isActive('bulletList'),
    run: (editor) => editor.chain().focus().toggleBulletList().run(),
  },
  {
    label: 'Numbered list',
    icon: ListOrdered,
    isOn: (editor) => editor.isActive('orderedList'),
    run: (editor) => editor.chain().focus().toggleOrderedList().run(),
  },
  {
    label: 'Quote',
    icon: Quote,
    isOn: (editor) => editor.isActive('blockquote'),
    run: (editor) => editor.chain().focus().toggleBlockquote().run(),
  },
  {
    label: 'Code',
    icon: Code,
    isOn: (editor) => editor.isActive('codeBlock') || editor.isActive('code'),
    run: (editor) =>
      editor.state.selection.empty
        ? editor.chain().focus().toggleCodeBlock().run()
        : editor.chain().focus().toggleCode().run(),
  },
];

/** How words are set, as buttons; the editor’s own keys do the same. */
export function Toolbar(props: {
  editor: Editor;
  /** Changes with each move in the text. */ moves: number;
  children?: JSX.Element;
}): JSX.Element {
  const [href, setHref] = createSignal<string>();
  const link = (): void => {
    const value = (href() ?? '').trim();
    const chain = props.editor.chain().focus().extendMarkRange('link');
    if (value === '') chain.unsetLink().run();
    else chain.setLink({ href: /^[a-z]+:/i.test(value) ? value : `https://${value}` }).run();
    setHref(undefined);
  };
  return (
    <div role="toolbar" aria-label="Formatting" class="flex flex-wrap items-center gap-0.5">
      <For each={TOOLS}>
        {(tool) => (
          <IconButton
            icon={tool.icon}
            label={tool.label}
            shortcut={tool.shortcut}
            isPressed={props.moves >= 0 && tool.isOn(props.editor)}
            onClick={() => tool.run(props.editor)}
          />
        )}
      </For>
      <IconButton
        icon={Link}
        label="Link"
        isPressed={props.moves >= 0 && props.editor.isActive('link')}
        isExpanded={href() !== undefined}
        onClick={() =>
          setHref(href() === undefined ? String(props.editor.getAttributes('link')['href'] ?? '') : undefined)
        }
      />
      {props.children}
      <Show when={href() !== undefined}>
        <div class="flex w-full items-center gap-1 py-1">
          <Input
            ref={(input) => requestAnimationFrame(() => input.focus())}
            aria-label="Address of the link"
            placeholder="https://…"
            value={href() ?? ''}
            onInput={(event) => setHref(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' && event.key !== 'Escape') return;
              event.preventDefault();
              event.stopPropagation();
              if (event.key === 'Enter') link();
              else setHref(undefined);
            }}
          />
          <Button size="small" onClick={link}>
            Set link
          </Button>
        </div>
      </Show>
    </div>
  );
}
