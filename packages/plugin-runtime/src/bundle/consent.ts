import type { ActionEffect, CoreEventName, PluginManifest, Slot } from '@bailiwick/sdk';
import type { PluginDescription } from '../description.ts';
import { egressField } from './egress-pattern.ts';

/** One thing that a plugin asks for, as the consent screen says it. */
export interface CapabilitySentence {
  /** Stable: the same key is the same permission in another version. */
  readonly key: string;
  readonly text: string;
  /** It can change or run something at the vendor, or reaches what an administrator has to approve. */
  readonly isStrong: boolean;
}

/** What a version asks for, compared with the one before. */
export interface CapabilityDiff {
  readonly added: readonly CapabilitySentence[];
  readonly removed: readonly CapabilitySentence[];
}

type Asked = Pick<{ manifest: PluginManifest; description: PluginDescription }, 'manifest' | 'description'>;

const effectWords: Readonly<Record<ActionEffect, string>> = {
  read: 'Runs queries at the vendor when it is asked to',
  create: 'Creates things at the vendor',
  update: 'Changes things at the vendor',
  delete: 'Deletes things at the vendor',
  execute: 'Runs commands on what the vendor manages',
};
const furthestWords: Readonly<Record<ActionEffect, string>> = {
  read: 'running queries',
  create: 'creating things',
  update: 'changing things',
  delete: 'deleting things',
  execute: 'running commands',
};
const effects = ['read', 'create', 'update', 'delete', 'execute'] as const;

const eventWords: Readonly<Record<CoreEventName, string>> = {
  'alert.raised': 'an alert is raised',
  'alert.acknowledged': 'an alert is acknowledged',
  'alert.recovered': 'an alert recovers',
  'ticket.opened': 'a ticket is opened',
  'ticket.changed': 'a ticket changes',
  'invoice.approved': 'an invoice is approved',
};

const slotWords: Readonly<Record<Slot, string>> = {
  'client.tab/v1': "a client's page",
  'asset.tab/v1': "an asset's page",
  'connection.tab/v1': "a connection's page",
  'dashboard.widget/v1': 'the dashboard',
};

const recordWords: Readonly<Record<string, string>> = {
  backupJob: 'backup jobs',
  backupRun: 'backup runs',
  cloudResource: 'cloud resources',
  cost: 'costs',
  finding: 'security findings',
  mailbox: 'mailboxes',
  networkInterface: 'network interfaces',
  patch: 'patches',
  protectedItem: 'protected items',
  restoreTest: 'restore tests',
  software: 'installed software',
};

const words = (type: string): string =>
  recordWords[type] ?? (type.startsWith('x:') ? `${type.slice(2)} of its own` : `${type}s`);
const list = new Intl.ListFormat('en-GB', { type: 'conjunction' });
const either = new Intl.ListFormat('en-GB', { type: 'disjunction' });

/** Says in sentences what a plugin may do, the strongest first: the consent screen shows these, and nothing is granted beyond them. */
export function capabilitiesInWords(
  manifest: PluginManifest,
  description: PluginDescription,
): readonly CapabilitySentence[] {
  const sentences = [
    ...actionSentences(manifest, description),
    ...hostSentences(manifest, description),
    ...recordSentences(manifest),
    ...secretSentences(description),
    ...otherSentences(manifest),
  ];
  return sentences.toSorted((a, b) => Number(b.isStrong) - Number(a.isStrong));
}

/** Compares what two versions ask for. An update with something in `added` needs consent again. */
export function capabilityDiff(before: Asked, after: Asked): CapabilityDiff {
  const old = capabilitiesInWords(before.manifest, before.description);
  const now = capabilitiesInWords(after.manifest, after.description);
  const missing = (from: readonly CapabilitySentence[], other: readonly CapabilitySentence[]) =>
    from.filter(({ key }) => !other.some((sentence) => sentence.key === key));
  return { added: missing(now, old), removed: missing(old, now) };
}

/** What the actions of this version do, and how far the grant goes; an effect that none of them has yet is another permission, so the version that begins to asks for it. */
function actionSentences({ capabilities }: PluginManifest, { actions }: PluginDescription): CapabilitySentence[] {
  const furthest = capabilities.actions;
  if (furthest === undefined) return [];
  const granted = effects.slice(0, effects.indexOf(furthest) + 1);
  const isUsed = (effect: ActionEffect): boolean => actions.some((action) => action.effect === effect);
  const used = granted.filter(isUsed).map((effect) => {
    const labels = actions.filter((action) => action.effect === effect).map(({ label }) => label);
    return {
      key: `actions:${effect}`,
      text: `${effectWords[effect]} (${list.format(labels)}).`,
      isStrong: effect !== 'read',
    };
  });
  const unused = granted.filter((effect) => !isUsed(effect)).map((effect) => furthestWords[effect]);
  const later = unused.length === 0 ? '' : ` A version that begins ${either.format(unused)} asks again.`;
  const text = `Its actions go no further than ${furthestWords[furthest]} at the vendor.${later}`;
  return [...used, { key: `actions-up-to:${furthest}`, text, isStrong: false }];
}

function hostSentences({ egress }: PluginManifest, { connections }: PluginDescription): CapabilitySentence[] {
  return egress.map((pattern) => {
    const key = `host:${pattern}`;
    const field = egressField(pattern);
    if (field !== undefined) {
      const label = connections.map(({ config }) => config[field]?.label).find((text) => text !== undefined) ?? field;
      const text = `Reaches the host that you enter as “${label}”, once an administrator has approved it for the connection.`;
      return { key, text, isStrong: true };
    }
    const text = pattern.startsWith('*.')
      ? `Reaches any host directly under ${pattern.slice(2)} on the internet.`
      : `Reaches ${pattern} on the internet.`;
    return { key, text, isStrong: pattern.startsWith('*.') };
  });
}

function recordSentences({ capabilities }: PluginManifest): CapabilitySentence[] {
  return capabilities.records.map((type) => ({
    key: `records:${type}`,
    text: `Brings ${words(type)} into Bailiwick.`,
    isStrong: false,
  }));
}

function secretSentences({ connections }: PluginDescription): CapabilitySentence[] {
  return connections.flatMap((connection) =>
    Object.entries(connection.config)
      .filter(([, field]) => field.kind === 'secret')
      .map(([key, field]) => ({
        key: `secret:${connection.name}/${key}`,
        text: `Has Bailiwick sign in for it with “${field.label ?? key}” of a ${connection.label}; the plugin itself never sees it.`,
        isStrong: false,
      })),
  );
}

function otherSentences({ capabilities }: PluginManifest): CapabilitySentence[] {
  const { webhooks, events = [], state, views = [], frames = [] } = capabilities;
  const weak = (key: string, text: string): CapabilitySentence => ({ key, text, isStrong: false });
  return [
    ...(webhooks === true
      ? [weak('webhooks', 'Takes messages that the vendor sends to an address of this Bailiwick.')]
      : []),
    ...events.map((event) =>
      weak(`events:${event}`, `Is told when ${eventWords[event]}, for clients for which it is on.`),
    ),
    ...(state === true ? [weak('state', 'Keeps notes of its own for each connection.')] : []),
    ...views.map((slot) => weak(`views:${slot}`, `Shows views on ${slotWords[slot]}.`)),
    ...frames.map((slot) => weak(`frames:${slot}`, `Shows a page of its own, without network, on ${slotWords[slot]}.`)),
  ];
}
