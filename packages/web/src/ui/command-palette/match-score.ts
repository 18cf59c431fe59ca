/**
 * How well a typed text fits a name: 0 when it does not. Every typed word must begin a word of the name (best), or lie
 * inside of it; so "new ti" finds "New ticket", and "ticket new" too.
 */
export function matchScore(typed: string, name: string): number {
  const words = typed.toLocaleLowerCase().split(/\s+/u).filter(Boolean);
  const target = name.toLocaleLowerCase();
  const targetWords = target.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  if (words.length === 0) return 1;
  let score = 0;
  for (const word of words) {
    const place = targetWords.findIndex((targetWord) => targetWord.startsWith(word));
    if (place >= 0) score += 10 - Math.min(place, 6);
    else if (target.includes(word)) score += 2;
    else return 0;
  }
  return score + (target.startsWith(words[0] ?? '') ? 5 : 0);
}
