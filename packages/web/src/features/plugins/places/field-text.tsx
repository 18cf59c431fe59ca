import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';

/** The text of a record's field; an instant as the reader says times. */
export function FieldText(props: { text: string }): JSX.Element {
  return (
    <Show when={isInstant(props.text)} fallback={<span class="break-words">{props.text}</span>}>
      <RelativeTime iso={props.text} />
    </Show>
  );
}

/** Vendors write what they like: a text that only looks like an instant stays a text. */
function isInstant(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)) return false;
  try {
    Temporal.Instant.from(text);
    return true;
  } catch {
    return false;
  }
}
