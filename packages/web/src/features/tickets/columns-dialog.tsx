import ArrowDown from 'lucide-solid/icons/arrow-down';
import ArrowUp from 'lucide-solid/icons/arrow-up';
import { For } from 'solid-js';
import type { JSX } from 'solid-js';
import { Button } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { IconButton } from '#web/ui/icon-button/icon-button.tsx';
import { COLUMNS } from './ticket-columns.tsx';
import type { ColumnKey } from './views-source.ts';

/** Which columns the queue has, in which order. The subject stays: without it a line says nothing. */
export function ColumnsDialog(props: {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  columns: readonly ColumnKey[];
  onChange: (columns: readonly ColumnKey[]) => void;
  onReset: () => void;
}): JSX.Element {
  const others = (): ColumnKey[] => (Object.keys(COLUMNS) as ColumnKey[]).filter((key) => !props.columns.includes(key));
  const move = (index: number, step: number): void => {
    const next = [...props.columns];
    const [moved] = next.splice(index, 1);
    if (moved === undefined) return;
    next.splice(index + step, 0, moved);
    props.onChange(next);
  };
  return (
    <Dialog
      isOpen={props.isOpen}
      onOpenChange={props.onOpenChange}
      title="Columns"
      description="A heading can also be dragged to its place, and its edge to its width."
      width="narrow"
      footer={
        <>
          <Button kind="quiet" onClick={() => props.onReset()}>
            As in the view
          </Button>
          <Button kind="primary" onClick={() => props.onOpenChange(false)}>
            Done
          </Button>
        </>
      }
    >
      <ul class="flex flex-col">
        <For each={props.columns}>
          {(key, index) => (
            <li class="flex items-center gap-1">
              <span class="flex-1">
                <Checkbox
                  label={COLUMNS[key].heading}
                  isChecked
                  isDisabled={key === 'subject'}
                  onChange={() => props.onChange(props.columns.filter((one) => one !== key))}
                />
              </span>
              <IconButton
                icon={ArrowUp}
                label={`${COLUMNS[key].heading} further to the left`}
                isDisabled={index() === 0}
                onClick={() => move(index(), -1)}
              />
              <IconButton
                icon={ArrowDown}
                label={`${COLUMNS[key].heading} further to the right`}
                isDisabled={index() === props.columns.length - 1}
                onClick={() => move(index(), 1)}
              />
            </li>
          )}
        </For>
        <For each={others()}>
          {(key) => (
            <li class="flex min-h-(--control) items-center text-muted">
              <Checkbox
                label={COLUMNS[key].heading}
                isChecked={false}
                onChange={() => props.onChange([...props.columns, key])}
              />
            </li>
          )}
        </For>
      </ul>
    </Dialog>
  );
}
