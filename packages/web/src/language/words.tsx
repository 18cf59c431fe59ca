import { For } from 'solid-js';
import type { JSX } from 'solid-js';
import { messageText, type TextKey } from './language.ts';

/** A message with elements in it, wherever the language puts them: `<Words of="home.silent" with={{ when: <RelativeTime … /> }} />`. */
export function Words(props: { of: TextKey; with: Readonly<Record<string, JSX.Element>> }): JSX.Element {
  // Odd parts are the names between the braces.
  const parts = () => messageText(props.of).split(/\{\{\s*(\w+)\s*\}\}/);
  return <For each={parts()}>{(part, index) => (index() % 2 === 0 ? part : props.with[part])}</For>;
}
