import { createSignal } from 'solid-js';
import { toProblem } from '#web/app/problem/problem.ts';
import { dismissToast, showDone, showProblem, UNDO_MS } from '#web/ui/toast/toast-store.ts';

interface Held {
  readonly key: string;
  readonly send: () => Promise<void>;
  readonly giveBack: () => void;
  readonly toast: number;
  readonly timer: number;
}

const [held, setHeld] = createSignal<readonly Held[]>([]);

/** Whether something waits to be sent under a key. */
export function isHeld(key: string): boolean {
  return held().some((item) => item.key === key);
}

/**
 * Sends ten seconds from now, unless somebody takes it back: then `giveBack` puts the words where they were. What waits is a draft on the server until it is sent, so that a browser that
 * dies loses none of it; one that is closed is asked to wait.
 */
export function holdSend(key: string, text: string, send: () => Promise<void>, giveBack: () => void): void {
  sendNow(key);
  const toast = showDone(text, { undo: () => takeBack(key) });
  const timer = window.setTimeout(() => sendNow(key), UNDO_MS);
  if (held().length === 0) window.addEventListener('beforeunload', askToStay);
  setHeld((items) => [...items, { key, send, giveBack, toast, timer }]);
}

/** Sends what waits under a key at once. */
export function sendNow(key: string): void {
  const item = take(key);
  if (item === undefined) return;
  dismissToast(item.toast);
  item.send().catch((error: unknown) => {
    item.giveBack();
    showProblem('The reply was not sent; it is a draft again', toProblem(error).message);
  });
}

function takeBack(key: string): void {
  take(key)?.giveBack();
}

function take(key: string): Held | undefined {
  const item = held().find((candidate) => candidate.key === key);
  if (item === undefined) return undefined;
  clearTimeout(item.timer);
  setHeld((items) => items.filter((candidate) => candidate !== item));
  if (held().length === 0) window.removeEventListener('beforeunload', askToStay);
  return item;
}

function askToStay(event: BeforeUnloadEvent): void {
  for (const { key } of held()) sendNow(key);
  event.preventDefault();
}
