import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { columnClass, type Column } from './columns.ts';

/** The headings: a drag on one's edge makes it wider, a drag on the heading itself puts it elsewhere. */
export function TableHead<Row>(props: {
  readonly columns: readonly Column<Row>[];
  readonly isSelectable: boolean;
  readonly template: string;
  readonly onResize: (key: string, widthPx: number) => void;
  readonly onResized: () => void;
  /** Puts a column before another one; absent where the order stands. */
  readonly onMove?: ((key: string, before: string) => void) | undefined;
}): JSX.Element {
  const [over, setOver] = createSignal<string>();
  let dragged: string | undefined;
  const startResize = (column: Column<Row>, event: PointerEvent & { currentTarget: HTMLElement }): void => {
    const start = event.currentTarget.parentElement?.getBoundingClientRect().width ?? 0;
    const handle = event.currentTarget;
    handle.setPointerCapture(event.pointerId);
    handle.onpointermove = (moved) => props.onResize(column.key, start + moved.clientX - event.clientX);
    handle.onpointerup = () => {
      handle.onpointermove = null;
      props.onResized();
    };
  };
  return (
    <div
      role="row"
      class="sticky top-0 z-10 grid h-8 min-w-full items-stretch border-b border-line bg-surface text-muted"
      style={{ 'grid-template-columns': props.template }}
    >
      <Show when={props.isSelectable}>
        <span role="columnheader" aria-label="Chosen" />
      </Show>
      <For each={props.columns}>
        {(column) => (
          <div
            role="columnheader"
            class={`relative flex min-w-0 items-center px-2 first:pl-4 ${columnClass(column)}`}
            classList={{ 'shadow-[inset_2px_0_var(--accent)]': over() === column.key }}
            onDragOver={(event) => {
              if (dragged === undefined || dragged === column.key) return;
              event.preventDefault();
              setOver(column.key);
            }}
            onDragLeave={() => setOver(undefined)}
            onDrop={(event) => {
              event.preventDefault();
              setOver(undefined);
              if (dragged !== undefined) props.onMove?.(dragged, column.key);
            }}
          >
            <span
              class={column.isHeadingHidden ? 'sr-only' : 'truncate-line'}
              draggable={props.onMove !== undefined}
              onDragStart={() => (dragged = column.key)}
              onDragEnd={() => {
                dragged = undefined;
                setOver(undefined);
              }}
            >
              {column.heading}
            </span>
            <span
              class="absolute inset-y-1.5 right-0 w-1.5 cursor-col-resize touch-none border-r border-transparent hover:border-line-control"
              aria-hidden="true"
              onPointerDown={(event) => startResize(column, event)}
            />
          </div>
        )}
      </For>
    </div>
  );
}
