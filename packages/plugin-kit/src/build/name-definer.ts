import type { BundleRefused } from '@bailiwick/plugin-runtime';
import { KitError } from '../kit-error.ts';

/** What an author writes for a member of each list of `contributions.json`, a file that only a packed plugin has. */
const definers: Readonly<Record<string, string>> = {
  connections: 'defineConnection',
  streams: 'defineStream',
  actions: 'defineAction',
  webhooks: 'defineWebhook',
  subscribers: 'defineSubscriber',
  views: 'defineView',
  frames: 'defineFrame',
};

/**
 * A refusal of what a plugin contributes, by the place in its source: `defineConnection('account'): auth is missing.`
 *
 * @param said what the plugin says of itself, unchecked
 * @returns the refusal itself where it is about another file
 */
export function nameDefiner(refused: BundleRefused, said: unknown): BundleRefused | KitError {
  const [file, list = '', index, ...rest] = refused.field.split('/');
  if (file !== 'contributions.json') return refused;
  const why = refused.message.slice(`${refused.field}: `.length);
  const definer = definers[list];
  if (definer === undefined || index === undefined) {
    const field = [list, ...(index === undefined ? [] : [index, ...rest])].join('/');
    return new KitError(`definePlugin: ${field}: ${why}`, { cause: refused });
  }
  const name = at(said, [list, index, 'name']);
  const place = typeof name === 'string' ? `('${name}')` : ` number ${Number(index) + 1}`;
  const field = rest.join('/');
  const isMissing = refused.code === 'bad-field' && at(said, [list, index, ...rest]) === undefined;
  const told = isMissing ? `${field} is missing.` : [...(field === '' ? [] : [field]), why].join(': ');
  return new KitError(`${definer}${place}: ${told}`, { cause: refused });
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, key)) return undefined;
    return (inner as Readonly<Record<string, unknown>>)[key];
  }, value);
}
