import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { createDraftMarks } from './writing-source.ts';

/** Says in a list that the reader has begun to write there. */
export function DraftMark(props: { ticketId: string }): JSX.Element {
  const marks = createDraftMarks();
  return (
    <Show when={marks().has(props.ticketId)}>
      <span class="shrink-0 rounded-tag bg-sunken px-1.5 text-[0.9375em] text-muted">Draft</span>
    </Show>
  );
}
