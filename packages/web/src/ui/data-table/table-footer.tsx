import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import type { ListQuery } from '#web/app/query/create-list-query.ts';

/** Says how many: of all where the server counted, "more below" where it did not. */
export function TableFooter<Row>(props: { list: ListQuery<Row>; noun: string; chosen: number }): JSX.Element {
  const text = (): string => {
    const loaded = props.list.items().length;
    const total = props.list.total();
    if (total !== undefined)
      return `${loaded.toLocaleString()} of ${total.toLocaleString()} ${total === 1 ? one(props.noun) : props.noun}`;
    if (props.list.hasMore()) return `${loaded.toLocaleString()} ${props.noun}, more below`;
    if (loaded === 0) return `No ${props.noun}`;
    return loaded === 1 ? `1 ${one(props.noun)}, the only one` : `${loaded.toLocaleString()} ${props.noun}, all`;
  };
  return (
    <div
      class="flex h-8 shrink-0 items-center gap-3 border-t border-line px-4 text-[0.9375em] text-muted"
      role="status"
    >
      <Show when={!props.list.isLoading()}>{text()}</Show>
      <Show when={props.list.isLoadingMore()}>loading more…</Show>
      <Show when={props.chosen > 0}>
        <span class="font-medium text-text">{props.chosen.toLocaleString()} chosen</span>
      </Show>
      <Show when={props.list.items().length > 0 && props.list.problem()}>
        {(problem) => <span class="text-warning-text">Not refreshed: {problem().message}</span>}
      </Show>
    </div>
  );
}

/** "deliveries" as "delivery": tables are named by regular plurals. */
function one(nouns: string): string {
  return nouns.endsWith('ies') ? `${nouns.slice(0, -3)}y` : nouns.slice(0, -1);
}
