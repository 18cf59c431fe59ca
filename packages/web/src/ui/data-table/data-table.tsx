import { createVirtualizer } from '@tanstack/solid-virtual';
import { For, Match, Show, Switch, createEffect, createMemo, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { appearance } from '#web/app/appearance/appearance.ts';
import type { ListQuery } from '#web/app/query/create-list-query.ts';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { Skeleton } from '#web/ui/skeleton/skeleton.tsx';
import { createColumnWidths } from './column-widths.ts';
import type { Column } from './columns.ts';
import { linesOf, rangeOf, rowsOf, type Grouping, type Line } from './lines.ts';
import { createRoom } from './room.ts';
import { registerTableActions } from './table-actions.ts';
import { TableFooter } from './table-footer.tsx';
import { TableHead } from './table-head.tsx';
import { GroupHead, TableRow } from './table-row.tsx';

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
  /** The row that the keyboard stands on, whenever it is another one. */
  readonly onActive?: ((row: Row | undefined) => void) | undefined;
  /** With both, rows can be chosen (`x`, and `shift+x` or a click with Shift for all in between). */
  readonly selectedIds?: ReadonlySet<string> | undefined;
  readonly onSelect?: ((ids: ReadonlySet<string>) => void) | undefined;
  /** Divides the rows, which must come group by group. */
  readonly grouping?: Grouping<Row> | undefined;
  /** Puts a column before another one. */
  readonly onMoveColumn?: ((key: string, before: string) => void) | undefined;
  /** Widths that somebody keeps elsewhere than in this browser. */
  readonly widths?: Readonly<Record<string, number>> | undefined;
  readonly onWidth?: ((key: string, widthPx: number) => void) | undefined;
  /** Stands there when nothing is. */
  readonly empty: JSX.Element;
}

/** A list of any length: virtual lines of one height, keyset pages, `j` `k` to move, Enter to open, `e` to edit, `x` to choose. */
export function DataTable<Row>(props: DataTableProps<Row>): JSX.Element {
  let scroller: HTMLDivElement | undefined;
  let anchor: string | undefined;
  const [activeIndex, setActiveIndex] = createSignal(-1);
  const { widths, setWidth, keep } = createColumnWidths(props.noun);
  const hasRoomFor = createRoom();
  // Left out and not hidden by a class: a hidden cell would leave its track behind, empty.
  const columns = createMemo(() =>
    props.columns.filter((column) => column.from === undefined || hasRoomFor(column.from)),
  );
  const isSelectable = (): boolean => props.onSelect !== undefined;
  const lines = createMemo(() => linesOf(props.list.items(), props.grouping, props.list.hasMore()));
  const rows = createMemo(() => rowsOf(lines()));

  const rowPx = createMemo(() => {
    void appearance();
    return Math.round(
      Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--row')) *
        Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
    );
  });
  const widthOf = (key: string): number | undefined => props.widths?.[key] ?? widths()[key];
  const template = createMemo(() =>
    [...(isSelectable() ? ['32px'] : []), ...columns().map((column) => trackOf(column, widthOf(column.key)))].join(' '),
  );
  const virtual = createVirtualizer({
    get count() {
      return lines().length;
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
    const isShort = last === undefined && props.list.hasMore() && !props.list.isLoading();
    if (isShort || (last !== undefined && last.index >= lines().length - 15)) props.list.loadMore();
  });
  // The keyboard goes on from the open row, also after a reload.
  createEffect(() => {
    const index = rows().findIndex((row) => props.rowId(row) === props.openId);
    if (index >= 0) setActiveIndex(index);
  });

  const active = (): Row | undefined => rows()[activeIndex()];
  createEffect(() => props.onActive?.(active()));
  const move = (step: number): void => {
    const next = Math.min(Math.max(activeIndex() + step, 0), rows().length - 1);
    setActiveIndex(next);
    virtual.scrollToIndex(
      lines().findIndex((line) => line.kind === 'row' && line.index === next),
      { align: 'auto' },
    );
    const row = active();
    // With a panel open the panel follows.
    if (props.openId !== undefined && row !== undefined) props.onOpen?.(row);
  };
  const choose = (row: Row | undefined, isRange: boolean): void => {
    if (row === undefined) return;
    const ids = new Set(props.selectedIds);
    const id = props.rowId(row);
    if (isRange) for (const inside of rangeOf(rows().map(props.rowId), anchor, id)) ids.add(inside);
    else if (!ids.delete(id)) ids.add(id);
    anchor = id;
    props.onSelect?.(ids);
  };
  const withActive = (run: ((row: Row) => void) | undefined) => (): void => {
    const row = active();
    if (row !== undefined) run?.(row);
  };
  registerTableActions({
    move,
    open: () => withActive(props.onOpen)(),
    mayOpen: () =>
      active() !== undefined &&
      (document.activeElement === document.body || scroller?.contains(document.activeElement) === true),
    edit: () => withActive(props.onEdit)(),
    mayEdit: () => props.onEdit !== undefined && active() !== undefined,
    choose: (isRange) => choose(active(), isRange),
    mayChoose: isSelectable,
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    move(step);
  };
  /** The group whose rows are at the top: its head stays in sight. */
  const topGroup = createMemo((): GroupLine<Row> | undefined => {
    if (props.grouping === undefined) return undefined;
    const first = Math.floor((virtual.scrollOffset ?? 0) / rowPx());
    const head = lines().findLast((line, index): line is GroupLine<Row> => line.kind === 'group' && index <= first);
    return first === 0 ? undefined : head;
  });

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
        <TableHead
          columns={columns()}
          isSelectable={isSelectable()}
          template={template()}
          onResize={(key, widthPx) => (props.onWidth ?? setWidth)(key, widthPx)}
          onResized={keep}
          onMove={props.onMoveColumn}
        />
        <Show when={topGroup()}>
          {(group) => (
            // The same button stands in the list; this one is for the eye and the mouse.
            <div class="sticky top-8 z-10 h-0" aria-hidden="true" inert>
              <div style={{ height: `${rowPx()}px` }}>
                <GroupHead {...group()} onToggle={() => {}} />
              </div>
            </div>
          )}
        </Show>
        <div role="rowgroup" class="relative" style={{ height: `${virtual.getTotalSize()}px` }}>
          <For each={virtual.getVirtualItems()}>
            {(item) => (
              <Switch>
                <Match when={rowLine(lines()[item.index])}>
                  {(line) => (
                    <TableRow
                      row={line().row}
                      label={props.rowLabel(line().row)}
                      ariaIndex={item.index + 2}
                      place={item}
                      template={template()}
                      columns={columns()}
                      isOpen={props.rowId(line().row) === props.openId}
                      isActive={line().index === activeIndex()}
                      isChosen={isSelectable() ? (props.selectedIds?.has(props.rowId(line().row)) ?? false) : undefined}
                      onClick={() => {
                        setActiveIndex(line().index);
                        props.onOpen?.(line().row);
                      }}
                      onChoose={(isRange) => choose(line().row, isRange)}
                    />
                  )}
                </Match>
                <Match when={groupLine(lines()[item.index])}>
                  {(line) => (
                    <div
                      role="row"
                      aria-rowindex={item.index + 2}
                      class="absolute inset-x-0 top-0"
                      style={{ height: `${item.size}px`, transform: `translateY(${item.start}px)` }}
                    >
                      <div role="gridcell" class="size-full">
                        <GroupHead {...line()} onToggle={() => props.grouping?.onToggle(line().key)} />
                      </div>
                    </div>
                  )}
                </Match>
              </Switch>
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
        <Show when={lines().length === 0 && !props.list.isLoading()}>
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

type GroupLine<Row> = Extract<Line<Row>, { kind: 'group' }>;

function rowLine<Row>(line: Line<Row> | undefined) {
  return line?.kind === 'row' ? line : undefined;
}

function groupLine<Row>(line: Line<Row> | undefined) {
  return line?.kind === 'group' ? line : undefined;
}

function trackOf<Row>(column: Column<Row>, chosenPx: number | undefined): string {
  if (chosenPx !== undefined) return `${chosenPx}px`;
  if (column.widthPx === undefined) return 'minmax(8rem,1fr)';
  // Beside an open panel words give way; a number whose first digits are cut off is another number.
  const least = column.isNumeric === true ? column.widthPx : Math.min(column.widthPx, 64);
  return `minmax(${least}px,${column.widthPx}px)`;
}
