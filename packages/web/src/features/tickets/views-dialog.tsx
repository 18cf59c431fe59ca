import ArrowDown from 'lucide-solid/icons/arrow-down';
import ArrowUp from 'lucide-solid/icons/arrow-up';
import { For } from 'solid-js';
import type { JSX } from 'solid-js';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { IconButton } from '#web/ui/icon-button/icon-button.tsx';
import { arrangeViews, type QueueView } from './views-source.ts';

const KINDS = { standard: '', shared: 'shared', own: 'yours' } as const;

/** Which views stand beside the title, in which order; for the reader alone. */
export function ViewsDialog(props: {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  views: readonly QueueView[];
}): JSX.Element {
  const move = (index: number, step: number): void => {
    const next = [...props.views];
    const [moved] = next.splice(index, 1);
    if (moved === undefined) return;
    next.splice(index + step, 0, moved);
    void arrangeViews(next);
  };
  const show = (key: string, isShown: boolean): void =>
    void arrangeViews(props.views.map((view) => (view.key === key ? { ...view, isHidden: !isShown } : view)));
  return (
    <Dialog
      isOpen={props.isOpen}
      onOpenChange={props.onOpenChange}
      title="Arrange views"
      description="Only you see them so. A hidden view is still found by its address."
      width="narrow"
      footer={
        <Button kind="primary" onClick={() => props.onOpenChange(false)}>
          Done
        </Button>
      }
    >
      <ul class="flex flex-col">
        <For each={props.views}>
          {(view, index) => (
            <li class="flex items-center gap-1">
              <span class="min-w-0 flex-1">
                <Checkbox
                  label={view.name}
                  isChecked={!view.isHidden}
                  onChange={(isShown) => show(view.key, isShown)}
                />
              </span>
              <span class="text-muted">{KINDS[view.kind]}</span>
              <IconButton
                icon={ArrowUp}
                label={`${view.name} further to the front`}
                isDisabled={index() === 0}
                onClick={() => move(index(), -1)}
              />
              <IconButton
                icon={ArrowDown}
                label={`${view.name} further back`}
                isDisabled={index() === props.views.length - 1}
                onClick={() => move(index(), 1)}
              />
            </li>
          )}
        </For>
      </ul>
    </Dialog>
  );
}
