import { Dialog } from '@kobalte/core/dialog';
import CornerDownLeft from 'lucide-solid/icons/corner-down-left';
import Search from 'lucide-solid/icons/search';
import { For, Show, createEffect, createMemo, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import type { Feature } from '#web/app/routing/feature.ts';
import { Kbd } from '#web/ui/kbd/kbd.tsx';
import { createPaletteEntries } from './palette-entries.ts';
import type { PaletteEntry } from './palette-entries.ts';

export interface CommandPaletteProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly go: (href: string) => void;
  readonly features: readonly Feature[];
}

function Entry(props: {
  entry: PaletteEntry;
  isActive: boolean;
  index: number;
  choose: () => void;
  point: () => void;
}): JSX.Element {
  let line: HTMLLIElement | undefined;
  createEffect(() => props.isActive && line?.scrollIntoView({ block: 'nearest' }));
  return (
    <li
      ref={line}
      id={`palette-${props.index}`}
      role="option"
      aria-selected={props.isActive}
      class="flex h-9 cursor-default items-center gap-3 rounded-control px-3 aria-selected:bg-selected"
      onPointerMove={() => props.point()}
      onClick={() => props.choose()}
    >
      <span class="truncate-line">{props.entry.label}</span>
      <Show when={props.entry.detail}>{(detail) => <span class="truncate-line text-faint">{detail()}</span>}</Show>
      <span class="ml-auto">
        <Show
          when={props.entry.shortcut}
          fallback={
            <Show when={props.isActive}>
              <CornerDownLeft size={13} class="text-faint" />
            </Show>
          }
        >
          {(keys) => <Kbd keys={keys()} />}
        </Show>
      </span>
    </li>
  );
}

/** Go to anything, do anything, by name. */
export function CommandPalette(props: CommandPaletteProps): JSX.Element {
  const [text, setText] = createSignal('');
  const [active, setActive] = createSignal(0);
  const { groups, isSearching } = createPaletteEntries(text, () => props.features);
  const flat = createMemo(() => groups().flatMap((group) => group.entries));
  createEffect(() => {
    if (props.isOpen) setText('');
  });
  createEffect(() => {
    text();
    setActive(0);
  });

  const choose = (entry: PaletteEntry | undefined): void => {
    if (entry === undefined) return;
    props.onOpenChange(false);
    // After the dialog has given the focus back, so that what the action focuses keeps it.
    queueMicrotask(() => (entry.href === undefined ? entry.run?.() : props.go(entry.href)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && flat().length > 0) {
      event.preventDefault();
      setActive((index) => (index + step + flat().length) % flat().length);
    } else if (event.key === 'Enter' && !event.isComposing) {
      event.preventDefault();
      choose(flat()[active()]);
    }
  };

  return (
    <Dialog open={props.isOpen} onOpenChange={props.onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay class="fixed inset-0 z-50 appear bg-overlay" />
        <div class="fixed inset-0 z-50 flex items-start justify-center p-4 pt-[12vh]">
          <Dialog.Content
            data-modal=""
            class="flex max-h-[70vh] w-full max-w-150 appear flex-col overflow-hidden rounded-card bg-raised shadow-dialog outline-none"
            aria-label="Search or do anything"
          >
            <div class="flex items-center gap-3 border-b border-line px-4">
              <Search size={16} class="shrink-0 text-faint" />
              <input
                class="h-12 flex-1 bg-transparent text-large outline-none"
                placeholder="Search or do anything"
                aria-label="Search or do anything"
                role="combobox"
                aria-expanded="true"
                aria-controls="palette-list"
                aria-activedescendant={flat().length === 0 ? undefined : `palette-${active()}`}
                autocomplete="off"
                spellcheck={false}
                value={text()}
                onInput={(event) => setText(event.currentTarget.value)}
                onKeyDown={onKeyDown}
              />
            </div>
            <div id="palette-list" role="listbox" aria-label="Results" class="min-h-0 overflow-y-auto p-2">
              <For each={groups()}>
                {(group) => (
                  <ul role="group" aria-label={group.heading} class="mb-1">
                    <li role="presentation" class="px-3 pt-2 pb-1 text-[0.75rem] text-faint">
                      {group.heading}
                    </li>
                    <For each={group.entries}>
                      {(entry) => {
                        const index = (): number => flat().indexOf(entry);
                        return (
                          <Entry
                            entry={entry}
                            index={index()}
                            isActive={index() === active()}
                            choose={() => choose(entry)}
                            point={() => setActive(index())}
                          />
                        );
                      }}
                    </For>
                  </ul>
                )}
              </For>
              <Show when={flat().length === 0}>
                <p class="px-3 py-6 text-center text-muted" role="status">
                  {isSearching() ? 'Searching…' : `Nothing is called “${text()}”.`}
                </p>
              </Show>
            </div>
          </Dialog.Content>
        </div>
      </Dialog.Portal>
    </Dialog>
  );
}
