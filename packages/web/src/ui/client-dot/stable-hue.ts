// Twelve hues, 30° apart, offset so that none is the red or amber that means a state.
const HUES = [277, 200, 50, 145, 310, 230, 100, 175, 340, 255, 120, 290];

/** A hue that the same text always gets (FNV-1a), for dots and avatars. */
export function stableHue(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return HUES[hash % HUES.length] ?? 277;
}
