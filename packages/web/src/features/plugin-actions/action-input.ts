import type { Field } from '@bailiwick/sdk';
import type { inferRouterInputs } from '@trpc/server';
import type { AppRouter } from '#web/app/api/app-router.ts';

/** What an action is asked for with, by the names of its fields. */
export type ActionInput = inferRouterInputs<AppRouter>['plugin-actions']['planAction']['input'];

/** A field's label: its author's, or its name in words (`runAs` is "Run as"). */
export function labelOf(name: string, field: Pick<Field, 'label'>): string {
  if (field.label !== undefined) return field.label;
  const words = name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What the server refused of an input, by field: `input.hosts.2` stands at `hosts`. */
export function fieldErrors(refused: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(refused)
      .filter(([path]) => path.startsWith('input.'))
      .map(([path, message]) => [path.split('.')[1] ?? '', message]),
  );
}
