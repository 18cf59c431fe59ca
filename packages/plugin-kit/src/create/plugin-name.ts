import { basename, resolve } from 'node:path';

/** The name of a plugin in a folder: kebab case, and something wherever the folder's name has nothing to give. */
export function pluginNameOf(folder: string): string {
  const words = basename(resolve(folder))
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '');
  if (words === '') return 'my-plugin';
  return /^[a-z]/.test(words) ? words : `plugin-${words}`;
}

/** The name as a person reads it: `acme-rmm` is `Acme rmm`. */
export function pluginTitle(name: string): string {
  const text = name.replaceAll('-', ' ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
