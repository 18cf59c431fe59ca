import { MAIL_LIMITS } from '../mail-limits.ts';

/** Ids of messages in fields such as `References`, with angle brackets, each once, in their order; also without brackets, folded in the middle, among comments. */
export function readMessageIds(values: readonly string[]): string[] {
  const ids = new Set<string>();
  for (const value of values) {
    const text = withoutComments(value);
    const bracketed = [...text.matchAll(/<([^<>]{1,998})>/g)].map((match) => (match[1] ?? '').replaceAll(/\s+/g, ''));
    const found = bracketed.length > 0 ? bracketed : text.split(/[\s,;<>]+/).filter((word) => word.includes('@'));
    for (const id of found) if (isId(id)) ids.add(`<${id}>`);
  }
  return [...ids];
}

/** The first and the newest: those name the thread and the mail that is answered. */
export function withinLimit(ids: readonly string[]): string[] {
  if (ids.length <= MAIL_LIMITS.references) return [...ids];
  return [...ids.slice(0, 1), ...ids.slice(1 - MAIL_LIMITS.references)];
}

function isId(id: string): boolean {
  return id.length <= 998 && !/\p{Cc}/u.test(id) && id.isWellFormed() && /[^@]/.test(id);
}

function withoutComments(text: string): string {
  if (!text.includes('(')) return text;
  let result = '';
  let depth = 0;
  let isAngle = false;
  for (const letter of text) {
    if (depth === 0 && (letter === '<' || letter === '>')) isAngle = letter === '<';
    if (letter === '(' && !isAngle) depth += 1;
    else if (letter === ')' && !isAngle && depth > 0) depth -= 1;
    else if (depth === 0) result += letter;
  }
  return result;
}
