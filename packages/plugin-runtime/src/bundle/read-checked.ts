import type { z } from 'zod';
import { BundleRefused } from './bundle-refused.ts';

/**
 * Checks a value against a strict schema.
 *
 * @throws BundleRefused `unknown-field` or `bad-field`, for the first that is wrong
 */
export function readChecked<T>(file: string, schema: z.ZodType<T>, value: unknown): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const issue = deepest(read.error.issues[0]);
  const path = [file, ...issue.path.map(String)].join('/');
  if (issue.code === 'unrecognized_keys') {
    throw new BundleRefused('unknown-field', `${path}/${String(issue.keys[0]).slice(0, 60)}`, 'is not a known field.');
  }
  throw new BundleRefused('bad-field', path, issue.message);
}

type Issue = z.core.$ZodIssue;

/** Of a union's issues, those of the branch that came furthest: they are what the author meant. */
function deepest(issue: Issue | undefined): Issue {
  if (issue === undefined) throw new Error('A refused value has an issue.');
  if (issue.code !== 'invalid_union') return issue;
  const branches = issue.errors.map((errors) => errors[0]).filter((first) => first !== undefined);
  const furthest = branches.toSorted((a, b) => depth(b) - depth(a))[0];
  if (furthest === undefined || depth(furthest) === 0) return issue;
  const inner = deepest(furthest);
  return { ...inner, path: [...issue.path, ...inner.path] };
}

/** An unknown key is deeper than a wrong value: the branch was the right one. */
function depth(issue: Issue): number {
  return issue.path.length + (issue.code === 'unrecognized_keys' ? 1 : 0);
}
