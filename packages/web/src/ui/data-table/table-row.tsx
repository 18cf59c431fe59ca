import ChevronDown from 'lucide-solid/icons/chevron-down';
import ChevronRight from 'lucide-solid/icons/chevron-right';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { columnClass, type Column } from './columns.ts';

const LINE = 'absolute inset-x-0 top-0 grid min-w-full items-stretch border-b border-line';

interface Place {
  /** Its height and how far down it stands, in pixels. */
  readonly size: number;
  readonly start: number;
}

/** One row of a table. */
export function TableRow<Row>(props: {
  readonly row: Row;
  readonly label: string;
  readonly ariaIndex: number;
  readonly place: Place;
  readonly template: string;
  readonly columns: readonly Column<Row>[];
  readonly isOpen: boolean;
  readonly isActive: boolean;
  /** Undefined where rows cannot be chosen. */
  readonly isChosen: boolean | undefined;
  readonly onClick: () => void;
  readonly onChoose: (isRange: boolean) => void;
}): JSX.Element {
  let isShift = false;
  return (
    <div
      role="row"
      aria-rowindex={props.ariaIndex}
      aria-label={props.label}
      aria-selected={props.isOpen}
      class={`${LINE} cursor-default hover:bg-hover aria-selected:bg-selected aria-selected:shadow-[inset_2px_0_var(--accent)]`}
      classList={{ 'bg-hover shadow-[inset_2px_0_var(--line-control)]': props.isActive && !props.isOpen }}
      style={{
        'grid-template-columns': props.template,
        height: `${props.place.size}px`,
        transform: `translateY(${props.place.start}px)`,
      }}
      onClick={() => props.onClick()}
    >
      <Show when={props.isChosen !== undefined}>
        <span
          role="gridcell"
          class="flex items-center justify-center"
          onPointerDown={(event) => (isShift = event.shiftKey)}
          onKeyDown={() => (isShift = false)}
          onClick={(event) => event.stopPropagation()}
        >
          <Checkbox
            label={`Choose ${props.label}`}
            isLabelHidden
            isChecked={props.isChosen ?? false}
            onChange={() => props.onChoose(isShift)}
          />
        </span>
      </Show>
      <For each={props.columns}>
        {(column) => (
          <div
            role="gridcell"
            class={`flex min-w-0 items-center overflow-hidden px-2 whitespace-nowrap first:pl-4 ${columnClass(column)}`}
          >
            {column.cell(props.row)}
          </div>
        )}
      </For>
    </div>
  );
}

/** The head of a group: its name, how many it has, and a click that folds it away. */
export function GroupHead(props: {
  readonly label: string;
  readonly count: number;
  readonly isCollapsed: boolean;
  readonly onToggle: () => void;
}): JSX.Element {
  return (
    <button
      type="button"
      class="flex size-full items-center gap-1.5 border-b border-line bg-canvas px-3 text-left font-medium hover:bg-hover focus-visible:-outline-offset-2"
      aria-expanded={!props.isCollapsed}
      onClick={(event) => {
        event.stopPropagation();
        props.onToggle();
      }}
    >
      <Show when={props.isCollapsed} fallback={<ChevronDown size={14} class="shrink-0 text-muted" />}>
        <ChevronRight size={14} class="shrink-0 text-muted" />
      </Show>
      <span class="truncate-line">{props.label}</span>
      <span class="font-normal text-muted tabular-nums">{props.count.toLocaleString()}</span>
    </button>
  );
}
