import { For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import type { Cell } from '@bailiwick/sdk';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { StateMark } from '#web/ui/status-pill/status-pill.tsx';
import { toneState, type BlockOf } from './view-words.ts';

/** Rows from which a footer says how many there are. */
const COUNTED_FROM = 10;
/** Characters from which a cell is a sentence. */
const LONG_TEXT = 40;

interface BlockTableProps {
  readonly block: BlockOf<'table'>;
  readonly link: (entity: string, id: string, text: string) => JSX.Element;
}

/** A plugin's table. Long ones scroll in themselves, under their head. */
export function BlockTable(props: BlockTableProps): JSX.Element {
  const isEnd = (index: number): boolean =>
    props.block.columns[index]?.align === 'end' ||
    (props.block.columns[index]?.align === undefined &&
      props.block.rows.length > 0 &&
      props.block.rows.every((row) => typeof row[index] === 'number' || row[index] === null));
  return (
    <section aria-label={props.block.title} class="min-w-0">
      <Show when={props.block.title}>{(title) => <h4 class="pb-1.5 font-medium break-words">{title()}</h4>}</Show>
      <Show
        when={props.block.rows.length > 0}
        fallback={<p class="text-muted">{props.block.empty ?? 'Nothing to show.'}</p>}
      >
        <div
          class="max-h-120 overflow-auto rounded-card border border-line bg-surface"
          // What scrolls must be reached without a pointer.
          tabindex={0}
          role="region"
          aria-label={props.block.title ?? 'Table'}
        >
          <table class="w-full border-collapse">
            <thead class="sticky top-0 z-1 bg-surface text-muted">
              <tr>
                <For each={props.block.columns}>
                  {(column, index) => (
                    <th
                      scope="col"
                      class={`h-(--row) border-b border-line px-3 font-medium whitespace-nowrap ${isEnd(index()) ? 'text-right' : 'text-left'}`}
                    >
                      {column.label}
                    </th>
                  )}
                </For>
              </tr>
            </thead>
            <tbody>
              <For each={props.block.rows}>
                {(row) => (
                  <tr class="border-b border-line last:border-b-0">
                    <For each={row}>
                      {(cell, index) => (
                        <td
                          class={`h-(--row) px-3 align-middle ${isLong(cell) ? 'min-w-60 py-1.5 break-words' : 'whitespace-nowrap'} ${isEnd(index()) ? 'text-right tabular-nums' : ''}`}
                        >
                          <OneCell cell={cell} link={props.link} />
                        </td>
                      )}
                    </For>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </div>
        <Show when={props.block.rows.length >= COUNTED_FROM}>
          <p class="pt-1 text-small text-muted tabular-nums">{props.block.rows.length.toLocaleString()} rows</p>
        </Show>
      </Show>
    </section>
  );
}

/** Whether a cell may take several lines; a short one that breaks is harder to read than a table that scrolls. */
function isLong(cell: Cell): boolean {
  const text = typeof cell === 'object' && cell !== null && 'text' in cell ? cell.text : cell;
  return typeof text === 'string' && text.length > LONG_TEXT;
}

function OneCell(props: { cell: Cell; link: BlockTableProps['link'] }): JSX.Element {
  const part = <Key extends string>(key: Key): Extract<Cell, Readonly<Record<Key, unknown>>> | undefined =>
    typeof props.cell === 'object' && props.cell !== null && key in props.cell
      ? (props.cell as Extract<Cell, Readonly<Record<Key, unknown>>>)
      : undefined;
  return (
    <Switch>
      <Match when={props.cell === null}>
        <span class="text-faint">–</span>
      </Match>
      <Match when={typeof props.cell === 'number'}>{(props.cell as number).toLocaleString()}</Match>
      <Match when={typeof props.cell === 'string'}>{props.cell as string}</Match>
      <Match when={part('instant')}>{(cell) => <RelativeTime iso={cell().instant} class="text-muted" />}</Match>
      <Match when={part('entity')}>{(cell) => props.link(cell().entity, cell().id, cell().text)}</Match>
      <Match when={part('text')}>
        {(cell) => (
          <span class="inline-flex items-center gap-1.5">
            <Show
              when={'tone' in cell() ? (cell() as { tone?: 'good' | 'warning' | 'bad' | 'neutral' }).tone : undefined}
            >
              {(tone) => <StateMark state={toneState(tone())} />}
            </Show>
            {cell().text}
          </span>
        )}
      </Match>
    </Switch>
  );
}
