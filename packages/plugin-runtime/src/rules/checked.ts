import type * as z from 'zod';
import { CallFailed } from '../invocation.ts';

/** The value in the shape of the schema. @throws CallFailed PluginBug, naming the first three fields that are wrong */
export function checked<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.slice(0, 3).map(({ path, message }) => `${pathText(what, path)}: ${message}`);
  throw new CallFailed('PluginBug', problems.join('; ').slice(0, 1000));
}

function pathText(what: string, path: readonly PropertyKey[]): string {
  const parts = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part).slice(0, 60)}`));
  return `${what}${parts.join('')}`;
}
