import { createVirtualizer } from '@tanstack/solid-virtual';
import { For, Show, createEffect, createMemo, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { registerActions } from '#web/app/actions/actions.ts';
import { appearance } from '#web/app/appearance/appearance.ts';
import type { ListQuery } from '#web/app/query/create-list-query.ts';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { Skeleton } from '#web/ui/skeleton/skeleton.tsx';
import { createColumnWidths } from './column-widths.ts';
import { columnClass } from './columns.ts';
import type { Column } from './columns.ts';
import { createRoom } from './room.ts';
import { TableFooter } from './table-footer.tsx';

export interface DataTableProps<Row> {
  /** What the rows are, in the plural: "tickets". */
  readonly noun: string;
  readonly list: ListQuery<Row>;
  readonly columns: readonly Column<Row>[];
  readonly rowId: (row: Row) => string;
  /** What a screen reader calls a row: "T-4812 Payroll share unreachable". */
  readonly rowLabel: (row: Row) => string;
  /** The id of the row in the panel. */
  readonly openId?: string | undefined;
  /** Enter or a click. */
  readonly onOpen?: ((row: Row) => void) | undefined;
  /** The `e` key. */
  readonly onEdit?: ((row: Row) => void) | undefined;
  /** With both, rows can be chosen (`x`). */
  readonly selectedIds?: ReadonlySet<string> | undefined;
  readonly onSelect?: ((ids: ReadonlySet<string>) => void) | undefined;
  /** Stands there when nothing is. */
  readonly empty: JSX.Element;
}

/** A list of any length: virtual rows of one height, keyset pages, `j` `k` to move, Enter to open, `e` to edit, `x` to choose. */
export function DataTable<Row>(props: DataTableProps<Row>): JSX.Element {
  let scroller: HTMLDivElement | undefined;
  const [activeIndex, setActiveIndex] = createSignal(-1);
  const { widths, setWidth, keep } = createColumnWidths(props.noun);
  const hasRoomFor = createRoom();
  // Left out and not hidden by a class: a hidden cell would leave its track behind, empty.
  const columns = createMemo(() =>
    props.columns.filter((column) => column.from === undefined || hasRoomFor(column.from)),
  );
  const isSelectable = (): boolean => props.onSelect !== undefined;

  const rowPx = createMemo(() => {
    void appearance();
    return Math.round(
      Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--row')) *
        Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
    );
  });
  const template = createMemo(() =>
    [
      ...(isSelectable() ? ['32px'] : []),
      ...columns().map((column) => {
        const chosen = widths()[column.key];
        if (chosen !== undefined) return `${chosen}px`;
        if (column.widthPx === undefined) return 'minmax(8rem,1fr)';
        // Beside an open panel words give way; a number whose first digits are cut off is another number.
        const least = column.isNumeric === true ? column.widthPx : Math.min(column.widthPx, 64);
        return `minmax(${least}px,${column.widthPx}px)`;
      }),
    ].join(' '),
  );
  const virtual = createVirtualizer({
    get count() {
      return props.list.items().length;
    },
    getScrollElement: () => scroller ?? null,
    estimateSize: () => rowPx(),
    overscan: 12,
  });
  createEffect(() => {
    rowPx();
    virtual.measure();
  });
  createEffect(() => {
    const last = virtual.getVirtualItems().at(-1);
    if (last !== undefined && last.index >= props.list.items().length - 15) props.list.loadMore();
  });
  // The keyboard goes on from the open row, also after a reload.
  createEffect(() => {
    const index = props.list.items().findIndex((row) => props.rowId(row) === props.openId);
    if (index >= 0) setActiveIndex(index);
  });

  const active = (): Row | undefined => props.list.items()[activeIndex()];
  const move = (step: number): void => {
    const next = Math.min(Math.max(activeIndex() + step, 0), props.list.items().length - 1);
    setActiveIndex(next);
    virtual.scrollToIndex(next, { align: 'auto' });
    const row = active();
    // With a panel open the panel follows.
    if (props.openId !== undefined && row !== undefined) props.onOpen?.(row);
  };
  const toggle = (row: Row | undefined): void => {
    if (row === undefined) return;
    const ids = new Set(props.selectedIds);
    if (!ids.delete(props.rowId(row))) ids.add(props.rowId(row));
    props.onSelect?.(ids);
  };
  const withActive = (run: ((row: Row) => void) | undefined) => (): void => {
    const row = active();
    if (row !== undefined) run?.(row);
  };
  registerActions(
    {
      id: 'list.next',
      name: 'Next row',
      group: 'List',
      shortcut: 'j',
      isHiddenInPalette: true,
      isRepeatable: true,
      run: () => move(1),
    },
    {
      id: 'list.previous',
      name: 'Previous row',
      group: 'List',
      shortcut: 'k',
      isHiddenInPalette: true,
      isRepeatable: true,
      run: () => move(-1),
    },
    {
      id: 'list.open',
      name: 'Open the row',
      group: 'List',
      shortcut: 'enter',
      isHiddenInPalette: true,
      isEnabled: () =>
        active() !== undefined &&
        (document.activeElement === document.body || scroller?.contains(document.activeElement) === true),
      run: () => withActive(props.onOpen)(),
    },
    {
      id: 'list.edit',
      name: 'Edit the row',
      group: 'List',
      shortcut: 'e',
      isHiddenInPalette: true,
      isEnabled: () => props.onEdit !== undefined && active() !== undefined,
      run: () => withActive(props.onEdit)(),
    },
    {
      id: 'list.choose',
      name: 'Choose the row',
      group: 'List',
      shortcut: 'x',
      isHiddenInPalette: true,
      isEnabled: isSelectable,
      run: () => toggle(active()),
    },
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    move(step);
  };
  const startResize = (column: Column<Row>, event: PointerEvent & { currentTarget: HTMLElement }): void => {
    const start = event.currentTarget.parentElement?.getBoundingClientRect().width ?? 0;
    const handle = event.currentTarget;
    handle.setPointerCapture(event.pointerId);
    handle.onpointermove = (moved) => setWidth(column.key, start + moved.clientX - event.clientX);
    handle.onpointerup = () => {
      handle.onpointermove = null;
      keep();
    };
  };
  const line = 'grid min-w-full items-stretch';

  return (
    <div class="flex min-h-0 min-w-0 flex-1 flex-col">
      <div
        ref={scroller}
        class="min-h-0 flex-1 overflow-auto focus-visible:-outline-offset-2"
        role="grid"
        aria-label={props.noun}
        aria-rowcount={props.list.total() ?? -1}
        tabindex="0"
        onKeyDown={onKeyDown}
      >
        <div
          role="row"
          class={`${line} sticky top-0 z-10 h-8 border-b border-line bg-surface text-muted`}
          style={{ 'grid-template-columns': template() }}
        >
          <Show when={isSelectable()}>
            <span role="columnheader" aria-label="Chosen" />
          </Show>
          <For each={columns()}>
            {(column) => (
              <div
                role="columnheader"
                class={`relative flex min-w-0 items-center px-2 first:pl-4 ${columnClass(column)}`}
              >
                <span class={column.isHeadingHidden ? 'sr-only' : 'truncate-line'}>{column.heading}</span>
                <span
                  class="absolute inset-y-1.5 right-0 w-1.5 cursor-col-resize touch-none border-r border-transparent hover:border-line-control"
                  aria-hidden="true"
                  onPointerDown={(event) => startResize(column, event)}
                />
              </div>
            )}
          </For>
        </div>
        <div role="rowgroup" class="relative" style={{ height: `${virtual.getTotalSize()}px` }}>
          <For each={virtual.getVirtualItems()}>
            {(item) => (
              <Show when={props.list.items()[item.index]}>
                {(row) => (
                  <div
                    role="row"
                    aria-rowindex={item.index + 2}
                    aria-label={props.rowLabel(row())}
                    aria-selected={props.rowId(row()) === props.openId}
                    class={`${line} absolute inset-x-0 top-0 cursor-default border-b border-line hover:bg-hover aria-selected:bg-selected aria-selected:shadow-[inset_2px_0_var(--accent)]`}
                    classList={{
                      'bg-hover shadow-[inset_2px_0_var(--line-control)]':
                        item.index === activeIndex() && props.rowId(row()) !== props.openId,
                    }}
                    style={{
                      'grid-template-columns': template(),
                      height: `${item.size}px`,
                      transform: `translateY(${item.start}px)`,
                    }}
                    onClick={() => {
                      setActiveIndex(item.index);
                      props.onOpen?.(row());
                    }}
                  >
                    <Show when={isSelectable()}>
                      <span
                        role="gridcell"
                        class="flex items-center justify-center"
                        onClick={(event) => event.stopPropagation()}
                      >
                        <Checkbox
                          label={`Choose ${props.rowLabel(row())}`}
                          isLabelHidden
                          isChecked={props.selectedIds?.has(props.rowId(row())) ?? false}
                          onChange={() => toggle(row())}
                        />
                      </span>
                    </Show>
                    <For each={columns()}>
                      {(column) => (
                        <div
                          role="gridcell"
                          class={`flex min-w-0 items-center overflow-hidden px-2 whitespace-nowrap first:pl-4 ${columnClass(column)}`}
                        >
                          {column.cell(row())}
                        </div>
                      )}
                    </For>
                  </div>
                )}
              </Show>
            )}
          </For>
        </div>
        <Show when={props.list.isLoading()}>
          <For each={Array.from({ length: 12 })}>
            {() => (
              <div class="flex items-center gap-6 border-b border-line px-4" style={{ height: `${rowPx()}px` }}>
                <Skeleton class="h-3 w-16" />
                <Skeleton class="h-3 w-full max-w-90" />
                <Skeleton class="h-3 w-24" />
              </div>
            )}
          </For>
        </Show>
        <Show when={props.list.items().length === 0 && !props.list.isLoading()}>
          {/* A grid holds rows of cells and nothing else. */}
          <div role="row">
            <div role="gridcell">
              <Show when={props.list.problem()} fallback={props.empty}>
                {(problem) => (
                  <ErrorState
                    title={`The ${props.noun} could not be loaded`}
                    problem={problem()}
                    onRetry={props.list.retry}
                  />
                )}
              </Show>
            </div>
          </div>
        </Show>
      </div>
      <TableFooter list={props.list} noun={props.noun} chosen={props.selectedIds?.size ?? 0} />
    </div>
  );
}
