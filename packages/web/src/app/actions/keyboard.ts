import { onCleanup, onMount } from 'solid-js';
import { actions } from './actions.ts';
import type { Action } from './actions.ts';
import { matchesStep, parseShortcut } from './shortcut.ts';
import type { KeyPress } from './shortcut.ts';

// How long the first key of `g t` waits for the second.
const SEQUENCE_MS = 900;

const NAMES_BY_PLATFORM = /mac|iphone|ipad/i;

/** Whether `mod` is Command here. */
export const isMac = NAMES_BY_PLATFORM.test(navigator.platform);

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  // A dialog that fades away still has the focus for a moment, and nobody writes in it any more.
  if (target.closest('[data-closed]') !== null) return false;
  // A box that is ticked takes no letters: after choosing rows by mouse their shortcuts must still work.
  if (target instanceof HTMLInputElement) return !/^(checkbox|radio|button)$/.test(target.type);
  return target.isContentEditable || /^(textarea|select)$/i.test(target.tagName);
}

// A modal dialog or an open menu owns the keyboard: "e" in it must not edit the ticket behind. One that is on its way out does not: the key after it is the page's.
function isBehindModal(): boolean {
  return (
    document.querySelector(
      ['[role="dialog"][data-modal]', '[role="alertdialog"]', '[role="menu"]', '[role="listbox"]']
        .map((kind) => `${kind}:not([data-closed])`)
        .join(),
    ) !== null
  );
}

/** Listens to the keyboard for all registered actions. Once for each door. */
export function createKeyboard(): void {
  let pressed: KeyPress[] = [];
  let pressedAt = 0;

  function candidate(action: Action): 'done' | 'begun' | 'no' {
    if (action.shortcut === undefined || action.isEnabled?.() === false) return 'no';
    const steps = parseShortcut(action.shortcut);
    const isOnTheWay = pressed.every((press, index) => {
      const step = steps[index];
      return step !== undefined && matchesStep(press, step);
    });
    if (!isOnTheWay) return 'no';
    return pressed.length === steps.length ? 'done' : 'begun';
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return;
    const hasMod = event.ctrlKey || event.metaKey;
    if (!hasMod && (isTyping(event.target) || isBehindModal())) return;
    if (event.timeStamp - pressedAt > SEQUENCE_MS) pressed = [];
    pressedAt = event.timeStamp;
    pressed = [...pressed, event];
    // The most local action is registered last and wins.
    const found = actions().findLast((action) => candidate(action) === 'done');
    if (found !== undefined) {
      pressed = [];
      event.preventDefault();
      if (!event.repeat || found.isRepeatable === true) found.run();
      return;
    }
    if (!actions().some((action) => candidate(action) === 'begun')) pressed = [];
  }

  onMount(() => {
    document.addEventListener('keydown', onKeyDown);
    onCleanup(() => document.removeEventListener('keydown', onKeyDown));
  });
}
