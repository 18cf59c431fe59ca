import type { PluginManifest } from '@bailiwick/sdk';
import type { PluginDescription } from '../description.ts';
import { BundleRefused } from './bundle-refused.ts';

const effects = ['read', 'create', 'update', 'delete', 'execute'] as const;

const at = (list: string, index: number, field: string): string => `contributions.json/${list}/${index}/${field}`;

function beyond(field: string, capability: string, what: string): BundleRefused {
  return new BundleRefused(
    'beyond-capabilities',
    field,
    `${what} is not in capabilities.${capability} of plugin.json.`,
  );
}

/**
 * Holds the contributions against the capabilities: what an administrator did not read cannot be there.
 *
 * @throws BundleRefused `beyond-capabilities`
 */
export function checkWithinCapabilities({ capabilities }: PluginManifest, description: PluginDescription): void {
  const { records, actions, webhooks, events = [], views = [], frames = [] } = capabilities;
  description.streams.forEach(({ entity }, index) => {
    if (!records.includes(entity)) throw beyond(at('streams', index, 'entity'), 'records', entity);
  });
  const strongest = actions === undefined ? -1 : effects.indexOf(actions);
  description.actions.forEach(({ effect }, index) => {
    if (effects.indexOf(effect) > strongest) throw beyond(at('actions', index, 'effect'), 'actions', effect);
  });
  if (description.webhooks.length > 0 && webhooks !== true) {
    throw beyond('contributions.json/webhooks', 'webhooks', 'A webhook');
  }
  description.subscribers.forEach((subscriber, index) => {
    const other = subscriber.events.find((event) => !events.includes(event));
    if (other !== undefined) throw beyond(at('subscribers', index, 'events'), 'events', other);
  });
  description.views.forEach(({ slot }, index) => {
    if (!views.includes(slot)) throw beyond(at('views', index, 'slot'), 'views', slot);
  });
  description.frames.forEach(({ slot }, index) => {
    if (!frames.includes(slot)) throw beyond(at('frames', index, 'slot'), 'frames', slot);
  });
}

/**
 * Checks that every name that a contribution says is the name of something, and that no two are called the same.
 *
 * @throws BundleRefused `unknown-reference` or `bad-field`
 */
export function checkReferences(description: PluginDescription): void {
  const { connections, streams, actions, webhooks, subscribers, views, frames } = description;
  const lists = { connections, streams, actions, webhooks, subscribers, views, frames };
  for (const [list, members] of Object.entries(lists)) {
    const seen = new Set<string>();
    members.forEach((member, index) => {
      if (seen.has(member.name))
        throw new BundleRefused('bad-field', at(list, index, 'name'), 'is taken by another one.');
      seen.add(member.name);
      const isKnown = !('connection' in member) || connections.some(({ name }) => name === member.connection);
      if (!isKnown) throw unknown(at(list, index, 'connection'), 'connection type');
    });
  }
  frames.forEach((frame, index) => {
    const isKnown = views.some(({ name, connection }) => name === frame.view && connection === frame.connection);
    if (!isKnown) throw unknown(at('frames', index, 'view'), 'view of the same connection type');
  });
  actions.forEach((action, index) => {
    if (action.target !== undefined && action.input['target']?.kind !== 'entity') {
      throw unknown(at('actions', index, 'input/target'), 'field.entity, which an action with a target has');
    }
  });
  connections.forEach((connection, index) => {
    for (const [key, field] of Object.entries(connection.config)) {
      const isKnown = !('options' in field) || connection.options.includes(field.options ?? '');
      if (!isKnown) throw unknown(at('connections', index, `config/${key}/options`), 'options function');
    }
  });
}

function unknown(field: string, what: string): BundleRefused {
  return new BundleRefused('unknown-reference', field, `names no ${what}.`);
}
