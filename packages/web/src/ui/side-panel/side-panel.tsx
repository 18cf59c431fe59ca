import X from 'lucide-solid/icons/x';
import { Show, children } from 'solid-js';
import type { JSX } from 'solid-js';
import { registerShortcut } from '#web/app/actions/actions.ts';
import { IconButton } from '#web/ui/icon-button/icon-button.tsx';

export interface SidePanelProps {
  /** What is open, for screen readers: "Ticket T-4812". */
  readonly label: string;
  /** The line on top: number, kind, "2 of 14", buttons. */
  readonly head: JSX.Element;
  readonly children: JSX.Element;
  /** Stays at the foot while the rest scrolls, such as the reply. */
  readonly foot?: JSX.Element | undefined;
  readonly onClose: () => void;
}

/** A record beside its list; over it on narrow screens. Escape closes. The list keeps the keyboard. */
export function SidePanel(props: SidePanelProps): JSX.Element {
  // Made once: asked for twice it would be there twice, once out of sight, and answer to the keyboard from there.
  const foot = children(() => props.foot);
  const hasFoot = (): boolean => foot.toArray().some((part) => part !== null && part !== undefined && part !== false);
  registerShortcut({
    id: 'ui.close-panel',
    name: 'Close the panel',
    group: 'List',
    shortcut: 'escape',
    isHiddenInPalette: true,
    run: () => props.onClose(),
  });
  return (
    <aside
      aria-label={props.label}
      class="flex min-h-0 w-(--panel-width) shrink-0 flex-col border-l border-line bg-surface max-lg:fixed max-lg:inset-y-0 max-lg:right-0 max-lg:z-30 max-lg:w-[min(var(--panel-width),100vw)] max-lg:slide-in max-lg:shadow-dialog"
    >
      <div class="flex min-h-11 items-center gap-2 pr-2 pl-4 text-muted">
        <div class="flex min-w-0 flex-1 items-center gap-2">{props.head}</div>
        <IconButton icon={X} label="Close" shortcut="escape" onClick={() => props.onClose()} />
      </div>
      <div class="min-h-0 flex-1 overflow-y-auto">{props.children}</div>
      <Show when={hasFoot()}>
        <div class="border-t border-line p-4">{foot()}</div>
      </Show>
    </aside>
  );
}

/** A part of a panel, with a line under it. */
export function PanelSection(props: { children: JSX.Element }): JSX.Element {
  return <section class="border-b border-line px-4 py-3.5">{props.children}</section>;
}
