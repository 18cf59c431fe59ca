import { createSignal, getOwner, onCleanup } from 'solid-js';

/** Something that a person can do. One name for the button, the palette and the help. */
export interface Action {
  /** `module.verb-noun`; a screen that is mounted twice replaces, never doubles. */
  readonly id: string;
  /** As on the button: "New ticket". */
  readonly name: string;
  /** Where it stands in palette and help: "Tickets". */
  readonly group: string;
  /** `c`, `g t` (one after the other), `mod+enter` (Ctrl, or Command on a Mac), `?`. */
  readonly shortcut?: string | undefined;
  readonly run: () => void;
  /** Checked when pressed and when listed. */
  readonly isEnabled?: () => boolean;
  /** Words that find it besides its name. */
  readonly keywords?: string | undefined;
  /** Keys such as j and k that make no sense as a line in the palette. */
  readonly isHiddenInPalette?: boolean;
  /** Runs again while the key is held. */
  readonly isRepeatable?: boolean;
}

const [actions, setActions] = createSignal<readonly Action[]>([]);

/** All actions that can be done on this page now, the most local last. */
export { actions };

/** Offers actions for as long as the calling component is mounted. */
export function registerActions(...added: readonly Action[]): void {
  setActions((current) => [...current.filter((action) => !added.some(({ id }) => id === action.id)), ...added]);
  if (getOwner() !== null)
    onCleanup(() => setActions((current) => current.filter((action) => !added.includes(action))));
}

/** Offers one action; see `registerActions`. */
export function registerShortcut(action: Action): void {
  registerActions(action);
}
