/** One step of a shortcut, as `KeyboardEvent` would say it. */
interface Step {
  readonly key: string;
  readonly isMod: boolean;
  readonly isShift: boolean;
}

/** The parts of a keyboard event that decide whether it is a step. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Reads `g t` or `mod+shift+k` into steps. */
export function parseShortcut(text: string): readonly Step[] {
  return text.split(' ').map((part) => {
    const names = part.toLowerCase().split('+');
    // "+" itself splits into two empty names.
    const key = names.at(-1) === '' ? '+' : (names.at(-1) ?? '');
    return { key, isMod: names.includes('mod'), isShift: names.includes('shift') };
  });
}

/** Whether a key press is this step. Shift counts for letters and named keys only: `?` needs it on some layouts and not on others. */
export function matchesStep(press: KeyPress, step: Step): boolean {
  if (press.altKey || (press.ctrlKey || press.metaKey) !== step.isMod) return false;
  const key = press.key.toLowerCase();
  if (key !== step.key) return false;
  return step.key.length > 1 || /[a-z]/.test(step.key) ? press.shiftKey === step.isShift : true;
}

const KEY_LABELS: Readonly<Record<string, string>> = {
  enter: '↵',
  escape: 'Esc',
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  shift: '⇧',
  ' ': 'Space',
};

/** A shortcut as keycaps: `mod+enter` → `['Ctrl', '↵']`. */
export function shortcutLabels(text: string, isMac: boolean): readonly string[] {
  return text.split(' ').flatMap((part) =>
    part.split('+').map((name) => {
      if (name === 'mod') return isMac ? '⌘' : 'Ctrl';
      return (
        KEY_LABELS[name.toLowerCase()] ??
        (name.length === 1
          ? part.includes('mod+')
            ? name.toUpperCase()
            : name
          : name[0]?.toUpperCase() + name.slice(1))
      );
    }),
  );
}
