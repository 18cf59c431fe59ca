import MessageSquareText from 'lucide-solid/icons/message-square-text';
import Zap from 'lucide-solid/icons/zap';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { Menu } from '#web/ui/menu/menu.tsx';
import type { Macro, Template } from './writing-source.ts';

const BUTTON =
  'inline-flex size-(--control) items-center justify-center rounded-control text-muted hover:bg-hover hover:text-text';

/** The buttons for canned replies and macros: what `;` and the palette offer too. */
export function PickText(props: {
  templates: readonly Template[];
  macros: readonly Macro[];
  onTemplate: (id: string) => void;
  onMacro: (id: string) => void;
}): JSX.Element {
  const named = (item: { name: string; folder: string }): string =>
    item.folder === '' ? item.name : `${item.folder} · ${item.name}`;
  return (
    <>
      <Show when={props.templates.length > 0}>
        <Menu
          label="Canned reply"
          trigger={<MessageSquareText size={15} />}
          triggerClass={BUTTON}
          placement="top-start"
          parts={props.templates.map((item) => ({ label: named(item), run: () => props.onTemplate(item.id) }))}
        />
      </Show>
      <Show when={props.macros.length > 0}>
        <Menu
          label="Run a macro"
          trigger={<Zap size={15} />}
          triggerClass={BUTTON}
          placement="top-start"
          parts={props.macros.map((item) => ({ label: named(item), run: () => props.onMacro(item.id) }))}
        />
      </Show>
    </>
  );
}
