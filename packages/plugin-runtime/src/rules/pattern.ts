/**
 * The longest value that is matched, by the number of open repetitions in the pattern: without nesting, backtracking takes at worst the length to
 * that power, so each of these stays under some ten million steps.
 */
const MAX_MATCHED = [2000, 2000, 2000, 300, 100];

/** A repeated group that itself holds a repetition or a choice, or a back reference: what makes backtracking explode. */
const RISKY = /\\[1-9k]|\((?:[^()\\]|\\.)*(?:[*+{|]|\((?:[^()\\]|\\.)*\))(?:[^()\\]|\\.)*\)[*+{]/;

/** Whether a field may carry the pattern: it compiles, is short, and cannot make matching take for ever. Null, or what is wrong with it. */
export function patternProblem(pattern: string): string | null {
  if (pattern.length > 300) return 'is longer than 300 characters';
  if (RISKY.test(pattern)) return 'repeats a group that itself repeats or chooses, or refers back';
  if (openRepetitions(pattern) >= MAX_MATCHED.length) return 'has more than four open repetitions';
  try {
    return compiled(pattern) instanceof RegExp ? null : 'is not a regular expression';
  } catch {
    return 'is not a regular expression';
  }
}

/** Null where the whole value matches, or what to tell the person. */
export function checkPattern(pattern: string, value: string): string | null {
  if (patternProblem(pattern) !== null) return 'cannot be checked: its pattern is not allowed';
  const max = MAX_MATCHED[openRepetitions(pattern)] ?? 0;
  if (value.length > max) return `must have at most ${max} characters`;
  return compiled(pattern).test(value) ? null : `must match ${pattern}`;
}

function openRepetitions(pattern: string): number {
  return pattern.match(/[*+]|\{\d*,\}/g)?.length ?? 0;
}

function compiled(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`, 'u');
}
