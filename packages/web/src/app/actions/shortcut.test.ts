import { describe, expect, it } from 'vitest';
import { matchesStep, parseShortcut, shortcutLabels } from './shortcut.ts';

const press = { key: 'k', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

describe('parseShortcut', () => {
  it('reads sequences, modifiers and the plus key', () => {
    expect(parseShortcut('g t').map(({ key }) => key)).toEqual(['g', 't']);
    expect(parseShortcut('mod+shift+K')).toEqual([{ key: 'k', isMod: true, isShift: true }]);
    expect(parseShortcut('mod++')).toEqual([{ key: '+', isMod: true, isShift: false }]);
  });
});

describe('matchesStep', () => {
  const [modK] = parseShortcut('mod+k');
  const [question] = parseShortcut('?');
  const [letter] = parseShortcut('k');
  it('takes Control or Command for mod, and neither for a bare letter', () => {
    if (modK === undefined || letter === undefined) return expect.fail('not parsed');
    expect(matchesStep({ ...press, ctrlKey: true }, modK)).toBe(true);
    expect(matchesStep({ ...press, metaKey: true }, modK)).toBe(true);
    expect(matchesStep(press, modK)).toBe(false);
    expect(matchesStep({ ...press, ctrlKey: true }, letter)).toBe(false);
    expect(matchesStep({ ...press, altKey: true }, letter)).toBe(false);
  });
  it('ignores Shift for signs, which some layouts need it for, and not for letters', () => {
    if (question === undefined || letter === undefined) return expect.fail('not parsed');
    expect(matchesStep({ ...press, key: '?', shiftKey: true }, question)).toBe(true);
    expect(matchesStep({ ...press, key: '?' }, question)).toBe(true);
    expect(matchesStep({ ...press, key: 'K', shiftKey: true }, letter)).toBe(false);
  });
});

describe('shortcutLabels', () => {
  it('writes keycaps for the keyboard at hand', () => {
    expect(shortcutLabels('mod+enter', false)).toEqual(['Ctrl', '↵']);
    expect(shortcutLabels('mod+k', true)).toEqual(['⌘', 'K']);
    expect(shortcutLabels('g t', false)).toEqual(['g', 't']);
  });
});
