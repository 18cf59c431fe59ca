import { For } from 'solid-js';
import type { JSX } from 'solid-js';
import { actions } from '#web/app/actions/actions.ts';
import type { Action } from '#web/app/actions/actions.ts';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Kbd } from '#web/ui/kbd/kbd.tsx';

/** Every shortcut that works on this page, by group. */
export function ShortcutHelp(props: { isOpen: boolean; onOpenChange: (isOpen: boolean) => void }): JSX.Element {
  const groups = (): readonly (readonly [string, readonly Action[]])[] =>
    Object.entries(
      Object.groupBy(
        actions().filter((action) => action.shortcut !== undefined),
        (action) => action.group,
      ),
    ).map(([group, list]) => [group, list ?? []]);
  return (
    <Dialog
      isOpen={props.isOpen}
      onOpenChange={props.onOpenChange}
      title="Keyboard shortcuts"
      description="The ones that work on this page."
      width="wide"
    >
      <div class="columns-1 gap-8 sm:columns-2">
        <For each={groups()}>
          {([group, list]) => (
            <section class="mb-4 break-inside-avoid">
              <h3 class="mb-1 text-[0.75rem] font-medium text-faint">{group}</h3>
              <dl>
                <For each={list}>
                  {(action) => (
                    <div class="flex items-center justify-between gap-4 border-b border-line py-1.5">
                      <dt>{action.name}</dt>
                      <dd>
                        <Kbd keys={action.shortcut ?? ''} />
                        <span class="sr-only">{action.shortcut}</span>
                      </dd>
                    </div>
                  )}
                </For>
              </dl>
            </section>
          )}
        </For>
      </div>
    </Dialog>
  );
}
