import { createSignal } from 'solid-js';

export interface Toast {
  readonly id: number;
  readonly kind: 'done' | 'problem';
  readonly text: string;
  readonly detail?: string | undefined;
  /** Shown as a button, for as long as the server waits with the effect. */
  readonly undo?: (() => void) | undefined;
  readonly shownMs: number;
}

/** How long the server waits before an effect that can be undone; the same figure as in the job. */
export const UNDO_MS = 10_000;

const PROBLEM_MS = 12_000;
const DONE_MS = 4000;

const [toasts, setToasts] = createSignal<readonly Toast[]>([]);
export { toasts };

let lastId = 0;

function add(toast: Omit<Toast, 'id'>): number {
  lastId += 1;
  const id = lastId;
  // Three at most: older ones have been read or do not matter any more.
  setToasts((current) => [...current.slice(-2), { ...toast, id }]);
  return id;
}

/** Takes a toast away; nothing happens when it has gone already. */
export function dismissToast(id: number): void {
  setToasts((current) => current.filter((toast) => toast.id !== id));
}

/** Says that something was done. With `undo` it stays for ten seconds and offers it. */
export function showDone(text: string, options: { undo?: () => void; detail?: string } = {}): number {
  return add({
    kind: 'done',
    text,
    detail: options.detail,
    undo: options.undo,
    shownMs: options.undo === undefined ? DONE_MS : UNDO_MS,
  });
}

/** Says that something was not done, and what that means. */
export function showProblem(text: string, detail?: string): number {
  return add({ kind: 'problem', text, detail, shownMs: PROBLEM_MS });
}
